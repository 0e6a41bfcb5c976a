"""Delivering what is paid on delivery: the merchant captures what was set aside."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock
from paytm.account import submission
from paytm.errors import Conflict
from paytm.ledger import holds
from paytm.ledger.posting import Outcome, Posting
from paytm.order import closing, reading, shares, writing
from paytm.order.models import PAID
from paytm.order.posting import KIND
from paytm.payment import records
from paytm.payment.terms import HOLD
from paytm.user import sessions
from paytm.user.tokens import Caller

Document = Mapping[str, Any]


def capture(caller: Caller, order_id: ObjectId, *, amount: int | None, account: ObjectId | None) -> Outcome:
    """Get what was set aside for one's share of an order, or a part of it, and let the rest go.

    :param amount: paise; None for all of it.
    :param account: of the merchant; may be None where only one of the order's is.
    :returns: the transaction; the same one for a repetition.
    :raises NotFound: the caller has no share in such an order.
    :raises Conflict: it is not paid on delivery, was cancelled, expired, or captured with another amount.
    :raises CaptureTooLarge: less was set aside.
    :raises Unavailable: the outcome is unknown.
    """
    closing.expire_if_due(order_id, clock.now())
    _, share = reading.share_of(caller.user_id, order_id, account)
    if "hold" not in share:
        raise Conflict
    hold = holds.one(share["hold"])
    payment = holds.payment(hold, hold["amount"] if amount is None else amount, kind=KIND, details={"order": order_id})
    posting = submission.complete(payment, None)

    def body(session: ClientSession, _: int) -> Outcome:
        # The ledger confirms the payer's sessions alone, and this one is somebody else's.
        sessions.confirm(caller.session_id, session=session)
        outcome = holds.capture(posting, session=session)
        if outcome.is_new:
            _count(order_id, share["account"], posting, session=session)
        return outcome

    return submission.enter(caller, body)


def _count(order_id: ObjectId, account: ObjectId, posting: Posting, *, session: ClientSession) -> None:
    """Count a share as delivered, and with the last of them the order as paid."""
    order = writing.find(order_id, session=session)
    captured = {"left": Int64(posting.amount), "transaction": posting.id}
    changes: dict[str, Any] = {"shares": shares.changed(order["shares"], account, captured)}
    if all(map(shares.is_delivered, changes["shares"])):
        changes["status"] = PAID
        records.settle(order["payment"], method=HOLD, session=session)
    writing.change(order, changes, session=session)
