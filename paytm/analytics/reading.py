"""Reports as people get them: never older than the last thing that moved before they asked, however they are made."""

import hashlib
from collections.abc import Mapping
from typing import Any

import pymongo
from bson import ObjectId
from flask import current_app

from paytm import db
from paytm.account import counterparties, positions
from paytm.analytics import book, report, schemas, wallet
from paytm.analytics.movements import CASHBOOK, WALLET, Movements
from paytm.analytics.period import Period
from paytm.analytics.shelf import Shelf
from paytm.cashbook import turnover, versions

Row = dict[str, Any]

# Raised whenever reports look different, so that none is taken for one that a new version has made.
_FORM = 1
# The first report of a million entries makes their summaries. Nobody is to wait for longer.
_LONGEST_SECONDS = 30.0

_schema = schemas.Report()


def of(user_id: ObjectId, source: str, period: Period) -> tuple[dict[str, Any], bool]:
    """Return a report as JSON has it, and whether it was made before.

    :param source: one of ``SOURCES``.
    :raises Unavailable: too many others are made, or the database has just failed over.
    """
    shelf: Shelf = current_app.extensions["shelf"]
    # Causally consistent: whichever server answers what follows knows what the versions were read from.
    with db.database().client.start_session(causal_consistency=True) as session, session.bind():
        # Before anything else. Whatever moves moves one of them in the same transaction.
        seqs = positions.of(user_id) if source != CASHBOOK else {}
        version = versions.current(user_id) if source != WALLET else 0

        def make() -> Mapping[str, Any]:
            with pymongo.timeout(_LONGEST_SECONDS):
                in_wallet = wallet.movements(seqs, period) if source != CASHBOOK else Movements()
                in_book = book.movements(user_id, period, version=version) if source != WALLET else Movements()
            return _kept(in_wallet + in_book, period, source)

        key = f"{_FORM}:{user_id}:{source}:{period.start}:{period.end}:{period.zone.key}"
        kept, was_kept = shelf.report(key, _digest(seqs, version), make)
        return _named(user_id, kept), was_kept


def _digest(seqs: Mapping[ObjectId, int], version: int) -> str:
    state = ",".join(f"{account}:{seqs[account]}" for account in sorted(seqs))
    return hashlib.sha256(f"{state};{version}".encode()).hexdigest()


def _kept(moved: Movements, period: Period, source: str) -> dict[str, Any]:
    """Return what is kept of a report: everything but names, which change without anything having moved."""
    shown = _schema.dump(report.of(moved, period, source))
    who = {part: [row["who"] and str(row["who"]) for row in getattr(moved, part)] for part in ("people", "biggest")}
    return {"shown": shown, "who": who}


def _named(user_id: ObjectId, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return a report with the names of this moment."""
    shown, who = kept["shown"], kept["who"]
    people, biggest = (list(zip(shown[part], who[part], strict=True)) for part in ("people", "biggest"))
    rows = [(row["source"], ObjectId(id_)) for row, id_ in (*people, *biggest) if id_]
    # None of these accounts is an own one, which would be called by its own name.
    names = counterparties.people({user_id, *(id_ for source, id_ in rows if source == WALLET)})
    names |= turnover.names(user_id, {id_ for source, id_ in rows if source == CASHBOOK})
    by_text = {str(id_): name for id_, name in names.items()}
    return {
        **shown,
        "fullName": names.get(user_id, ""),
        "people": [row | {"name": by_text.get(id_)} for row, id_ in people],
        "biggest": [row | {"counterparty": _called(row["counterparty"], by_text.get(id_))} for row, id_ in biggest],
    }


def _called(counterparty: Row, name: str | None) -> Row:
    return counterparty | {"name": name or counterparty["name"]}
