"""Summaries of entries, so that a report reads few of them however many there are.

Entries are numbered without a gap and never change. So what a run of them sums up to never changes either: whoever
makes its summary makes the same one, however many do at once, and one that is there is right for ever. A period is made
of long runs, of short ones beside them, and at its ends of entries.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from time import monotonic
from typing import Any, NamedTuple

from bson import ObjectId
from bson.int64 import Int64
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from paytm import db
from paytm.account import ownership, positions
from paytm.analytics import lines, sums
from paytm.analytics.lines import Stages, Stretch, Tally
from paytm.analytics.sums import Sum

# How many entries a run has, as measured (docs/adr/0022): of short runs there would be many to add up, and beside long
# ones many entries. A summary has at most as many people and quarters, and of the longest it fits into a document.
SIZES = (65_536, 4_096)

NAME = "summaries"

# All offsets of time zones are multiples of it, so that the days of each are made of whole ones.
_QUARTER = {"$dateTrunc": {"date": "$createdAt", "unit": "minute", "binSize": 15}}
_POLL_SECONDS = 30.0
# To look for work takes a hundredth of the time at most, however many accounts there are.
_REST = 100


class Runs(NamedTuple):
    """Full runs of ``size`` entries of an account, by their numbers from 0 on."""

    account: ObjectId
    size: int
    numbers: range


def split(stretch: Stretch, sizes: Sequence[int] | None = None) -> tuple[list[Runs], list[Stretch]]:
    """Return the full runs within a stretch, the longest ones that there are, and what of it is outside of these.

    :param sizes: by default ``SIZES``.
    """
    sizes = SIZES if sizes is None else sizes
    if not sizes or not stretch.size:
        return [], [stretch] if stretch.size else []
    size, *shorter = sizes
    account, after, last = stretch
    first, end = -(-after // size), last // size
    if first >= end:
        return split(stretch, shorter)
    runs, rest = [Runs(account, size, range(first, end))], []
    for edge in (Stretch(account, after, first * size), Stretch(account, end * size, last)):
        within, outside = split(edge, shorter)
        runs += within
        rest += outside
    return runs, rest


def complete(runs: Runs, mine: Sequence[ObjectId]) -> None:
    """Make the summaries of runs that nobody has made yet.

    :param mine: all accounts of the owner.
    """
    known = {row["number"] for row in _summaries().find(_of([runs]), {"_id": False, "number": True})}
    for number in runs.numbers:
        if number not in known:
            # Somebody else may make it meanwhile.
            with contextlib.suppress(DuplicateKeyError):
                _summaries().insert_one(summary(runs.account, runs.size, number, mine))


def summary(account: ObjectId, size: int, number: int, mine: Sequence[ObjectId]) -> dict[str, Any]:
    """Return the summary of a run, from its entries."""
    run = [Stretch(account, number * size, (number + 1) * size)]
    found = lines.tally(run, mine, _QUARTER)
    return {
        "account": account,
        "size": Int64(size),
        "number": Int64(number),
        "times": [{"at": at, **_row(found.times[at])} for at in sorted(found.times)],
        "kinds": [{"kind": kind, **_row(row)} for kind, row in sorted(found.kinds.items())],
        "people": lines.aggregate([*lines.people(run, mine), {"$sort": {"other": 1}}]),
        "biggest": lines.biggest(run, mine),
        "own": Int64(found.own),
    }


def tally(runs: Sequence[Runs], day: Any) -> Tally:
    """Return what the summaries of runs sum up to.

    :param day: the expression of the number of a day, of ``$times.at``; None where days are not told apart.
    """
    if not runs:
        return Tally()
    found = list(_summaries().find(_of(runs), {"kinds": True, "own": True}))
    by_day = {"$group": {"_id": day, **{name: {"$sum": f"$times.{name}"} for name in sums.NAMES}}}
    days: Stages = [{"$match": _of(runs)}, {"$project": {"times": True}}, {"$unwind": "$times"}, by_day]
    return Tally(
        {} if day is None else {row["_id"]: sums.read(row) for row in _summaries().aggregate(days)},
        sums.added((row["kind"], sums.read(row)) for kept in found for row in kept["kinds"]),
        sum(int(kept["own"]) for kept in found),
    )


def biggest(runs: Sequence[Runs]) -> list[Mapping[str, Any]]:
    """Return the biggest entries of each run."""
    if not runs:
        return []
    return [entry for kept in _summaries().find(_of(runs), {"biggest": True}) for entry in kept["biggest"]]


def people(runs: Sequence[Runs]) -> Stages:
    """Return the stages that lead from summaries to the people of each run, as :func:`paytm.analytics.lines.people`."""
    return [{"$match": _of(runs)}, {"$project": {"people": True}}, {"$unwind": "$people"}, {"$replaceWith": "$people"}]


def sweep() -> float:
    """Make the summaries of one account that has full runs without, and return the seconds to rest."""
    begun = monotonic()
    for account, owner, seq in positions.beyond(min(SIZES)):
        every = [Runs(account, size, range(seq // size)) for size in SIZES]
        if _summaries().count_documents({"account": account}) < sum(len(runs.numbers) for runs in every):
            for runs in every:
                complete(runs, ownership.ids(owner))
            return 0.0
    return max(_POLL_SECONDS, _REST * (monotonic() - begun))


def _summaries() -> Collection[dict[str, Any]]:
    return db.database()[NAME]


def _of(runs: Iterable[Runs]) -> dict[str, Any]:
    return {
        "$or": [
            {"account": account, "size": size, "number": {"$gte": numbers.start, "$lt": numbers.stop}}
            for account, size, numbers in runs
        ]
    }


def _row(row: Sum) -> dict[str, int]:
    return {"transactions": row.transactions, "credit": Int64(row.credit), "debit": Int64(row.debit)}
