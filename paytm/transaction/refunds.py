"""Giving money back: wholly or in parts, never more than was paid.

The original stays as it is. How much of it was given back is counted beside it, by the transaction that gives.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from flask import g
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import ownership, submission, transfers
from paytm.errors import Conflict, Forbidden, InvalidAmount, NotFound, RefundTooLarge
from paytm.ledger import store
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import COMPLETED, Outcome, Posting, movement
from paytm.transaction import history
from paytm.user import roles
from paytm.user.tokens import Caller

_KIND = "refund"
# Issued money has nobody to go back to, and a refund or a payout is corrected by a transfer.
_REFUNDABLE = (transfers.KIND,)


def refund(caller: Caller, original_id: ObjectId, *, amount: int | None, key: str) -> Outcome:
    """Move money of a transaction back from who got it to who paid it.

    :param amount: paise; None for all that is left.
    :raises NotFound: there is no such transaction, or the caller has no part in it.
    :raises Forbidden: the caller paid it, and did not get it.
    :raises Conflict: it is of a kind that is not refunded, or was declined.
    :raises RefundTooLarge: less than that is left of it.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    if amount == 0:
        raise InvalidAmount
    original = _refundable(caller, original_id)
    # Chosen once, so that a transaction that starts again writes the same records.
    refund_id, at, request_id = ObjectId(), clock.now(), g.request_id
    mark = fingerprint((_KIND, original_id, amount))

    def body(session: ClientSession, revocations: int) -> Outcome:
        earlier = store.earlier(caller.user_id, key, mark, session=session)
        paid = earlier.transaction["amount"] if earlier else _share(original, amount, session=session)
        posting = Posting(
            id=refund_id,
            at=at,
            kind=_KIND,
            owner=caller.user_id,
            source=original["to"],
            destination=original["from"],
            amount=paid,
            legs=movement(original["to"], original["from"], paid),
            key=key,
            fingerprint=mark,
            details={"original": original_id},
            request_id=request_id,
        )
        outcome = store.enter_one(submission.complete(posting, revocations), session=session)
        if outcome.is_new:
            _count(original_id, paid, session=session)
        return outcome

    return submission.enter(caller, body)


def _refundable(caller: Caller, original_id: ObjectId) -> Mapping[str, Any]:
    original = db.database()["transactions"].find_one({"_id": original_id})
    if original is None:
        raise NotFound
    is_payee = "to" in original and ownership.is_of(caller.user_id, original["to"])
    if not is_payee and not roles.has_any(caller.user_id, roles.OPERATOR):
        raise Forbidden if history.has_part(caller.user_id, original) else NotFound
    if original["status"] != COMPLETED or original["kind"] not in _REFUNDABLE:
        raise Conflict
    return original


def _share(original: Mapping[str, Any], amount: int | None, *, session: ClientSession) -> int:
    """Return what is to be given back now, in paise."""
    counted = db.database()["refunds"].find_one({"_id": original["_id"]}, session=session)
    left: int = original["amount"] - (counted["amount"] if counted else 0)
    if left == 0 or (amount or 0) > left:
        raise RefundTooLarge
    return amount or left


def _count(original_id: ObjectId, amount: int, *, session: ClientSession) -> None:
    db.database()["refunds"].update_one(
        {"_id": original_id}, {"$inc": {"amount": Int64(amount)}}, upsert=True, session=session
    )
