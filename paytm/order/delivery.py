"""Delivering what is paid on delivery: the merchant captures what was set aside."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import submission
from paytm.errors import Conflict
from paytm.ledger import holds
from paytm.ledger.posting import Outcome
from paytm.order import closing, reading, shares
from paytm.order.models import AUTHORISED, PAID
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
    orders = db.database()["orders"]

    def body(session: ClientSession, _: int) -> Outcome:
        # The ledger confirms the payer's sessions alone, and this one is somebody else's.
        sessions.confirm(caller.session_id, session=session)
        outcome = holds.capture(posting, session=session)
        if outcome.is_new:
            mine = {"_id": order_id, "status": AUTHORISED, "shares.account": share["account"]}
            captured = {"$set": {"shares.$.left": Int64(posting.amount), "shares.$.transaction": posting.id}}
            orders.update_one(mine, captured, session=session)
            _finish(order_id, session=session)
        return outcome

    return submission.enter(caller, body)


def _finish(order_id: ObjectId, *, session: ClientSession) -> None:
    order = db.database()["orders"].find_one({"_id": order_id}, session=session)
    if order is not None and all(map(shares.is_delivered, order["shares"])):
        db.database()["orders"].update_one({"_id": order_id}, {"$set": {"status": PAID}}, session=session)
        records.settle(order["payment"], method=HOLD, session=session)
