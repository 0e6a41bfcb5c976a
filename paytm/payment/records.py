"""The records of payments: made with what they pay for, and brought to one end, once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import Conflict, NotFound
from paytm.payment.terms import PENDING, SUCCEEDED

Document = Mapping[str, Any]


def new(
    kind: str,
    user: ObjectId,
    amount: int,
    *,
    method: str | None,
    expires_at: datetime,
    id: ObjectId | None = None,
    **subject: Any,
) -> dict[str, Any]:
    """Return a pending payment, made before the transaction that inserts it.

    :param user: who pays.
    :param amount: paise.
    :param id: chosen before, where the amount is known in the transaction only.
    :param method: None while it is not chosen.
    :param subject: what it is for, as ``order``, and what else is kept of it.
    """
    payment = {
        "_id": id or ObjectId(),
        "kind": kind,
        "user": user,
        "amount": Int64(amount),
        "status": PENDING,
        "createdAt": clock.now(),
        "expiresAt": expires_at,
        **subject,
    }
    return payment if method is None else {**payment, "method": method}


def insert(payment: Document, *, session: ClientSession) -> None:
    """Insert a payment inside the given transaction."""
    db.write({"insert": "payments", "documents": [payment]}, session=session)


def one(user_id: ObjectId, payment_id: ObjectId) -> Document:
    """Return a payment of a user's.

    :raises NotFound: there is none, or it is somebody else's.
    """
    payment = db.database()["payments"].find_one({"_id": payment_id, "user": user_id})
    if payment is None:
        raise NotFound
    return payment


def choose(payment_id: ObjectId, method: str, *, session: ClientSession, **facts: Any) -> None:
    """Set how a pending payment is going to be made, and what else changes with it.

    :raises Conflict: it came to an end.
    """
    _change(payment_id, {"method": method, **facts}, session=session)


def settle(payment_id: ObjectId, *, method: str, session: ClientSession, **facts: Any) -> None:
    """Record that a pending payment was made, inside the transaction that moves the money.

    :param facts: what else is kept, as the ``transaction`` in the ledger.
    :raises Conflict: it came to an end before.
    """
    _change(payment_id, {"status": SUCCEEDED, "method": method, **facts}, session=session)


def close(payment_id: ObjectId, status: str, *, session: ClientSession) -> None:
    """Record that a pending payment will not be made any more.

    :raises Conflict: it came to an end before.
    """
    _change(payment_id, {"status": status}, session=session)


def _change(payment_id: ObjectId, facts: Mapping[str, Any], *, session: ClientSession) -> None:
    is_open = {"_id": payment_id, "status": PENDING}
    if not db.database()["payments"].update_one(is_open, {"$set": dict(facts)}, session=session).matched_count:
        raise Conflict
