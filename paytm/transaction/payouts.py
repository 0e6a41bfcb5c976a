"""Paying many at once: one posting, all or nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bson import ObjectId
from bson.int64 import Int64
from flask import g
from pymongo.client_session import ClientSession

from paytm.account import ownership, submission, transfers
from paytm.account.limits import defaults
from paytm.ledger import store
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import Leg, Outcome, Posting
from paytm.user.tokens import Caller

KIND = "payout"


class Line(NamedTuple):
    """One payee's part, in paise."""

    destination: ObjectId
    amount: int
    note: str | None


def pay(
    caller: Caller, *, source: ObjectId, lines: Sequence[Line], note: str | None, key: str, is_dry_run: bool
) -> Outcome:
    """Move money from one of the caller's accounts to many others.

    :param is_dry_run: tell what would become of it, and write nothing.
    :raises NotFound: the source is not an account of the caller.
    :raises ApiError: refused, and no money moved; ``errors`` names the account that is the reason, where one is.
    :raises Unavailable: the outcome is unknown.
    """
    ownership.check(caller.user_id, source)
    for line in lines:
        transfers.check(source, line.destination, line.amount)
    posting = Posting(
        kind=KIND,
        owner=caller.user_id,
        source=source,
        destination=None,
        amount=sum(line.amount for line in lines),
        legs=_legs(source, lines),
        key=key,
        fingerprint=fingerprint((KIND, source, tuple(lines), note)),
        note=note,
        limits=defaults(),
        details={"lines": [_detail(line) for line in lines]},
        request_id=g.request_id,
    )
    if not is_dry_run:
        return submission.submit(caller, posting)

    def body(session: ClientSession, _: int) -> Outcome:
        return store.preview(posting, session=session)

    return submission.enter(caller, body)


def _legs(source: ObjectId, lines: Sequence[Line]) -> tuple[Leg, ...]:
    paid: Counter[ObjectId] = Counter()
    for line in lines:
        # Somebody may stand in several lines, and has one leg.
        paid[line.destination] += line.amount
    return Leg(source, -paid.total()), *(Leg(account, amount) for account, amount in paid.items())


def _detail(line: Line) -> Mapping[str, Any]:
    return {"to": line.destination, "amount": Int64(line.amount)} | ({"note": line.note} if line.note else {})
