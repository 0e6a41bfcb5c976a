"""Money that enters through the bank: from the system account to somebody's."""

from bson import ObjectId
from flask import g

from paytm.account import submission, transfers
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import SYSTEM_ACCOUNT, Outcome, Posting, Record, movement
from paytm.ops import trail
from paytm.user.tokens import Caller

_KIND = "funding"


def issue(caller: Caller, *, destination: ObjectId, amount: int, note: str | None, key: str) -> Outcome:
    """Post money from the system account, on an operator's word.

    :param amount: paise.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    transfers.check(SYSTEM_ACCOUNT, destination, amount)
    event = trail.event("funds.issued", who=caller.user_id, subject={"account": destination}, amount=amount)
    return submission.submit(
        caller,
        Posting(
            kind=_KIND,
            owner=caller.user_id,
            source=SYSTEM_ACCOUNT,
            destination=destination,
            amount=amount,
            legs=movement(SYSTEM_ACCOUNT, destination, amount),
            key=key,
            fingerprint=fingerprint((_KIND, destination, amount, note)),
            note=note,
            records=(Record(trail.NAME, event),),
            request_id=g.request_id,
        ),
    )
