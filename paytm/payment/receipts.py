"""Money that has arrived by card: it pays what it was meant for, or it goes back, once for each intent."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import NotFound
from paytm.payment import card_refunds, gateway, topups
from paytm.payment.models import RETURNED, SETTLED
from paytm.payment.terms import ORDER, PENDING, TOPUP

Document = Mapping[str, Any]
# Runs in a transaction, and says whether the payment could still be made.
Settlement = Callable[[ClientSession], bool]


def _order_by_card(payment: Document, intent: str) -> Settlement:
    # Orders know payments, and so are known here only when there is one.
    from paytm.order import settlement

    settled: Settlement = settlement.by_card(payment, intent)
    return settled


# What money does, by the kind of its payment.
SETTLEMENTS: dict[str, Callable[[Document, str], Settlement]] = {TOPUP: topups.by_card, ORDER: _order_by_card}


def find(payment_id: ObjectId | None, intent: str | None) -> Document:
    """Return the payment that something of Stripe's belongs to, by the metadata or else by the intent.

    :raises NotFound: it is not known, or not yet.
    """
    payments = db.database()["payments"]
    found = payments.find_one({"_id": payment_id}) if payment_id else None
    if found is None and intent is not None:
        found = payments.find_one({"card.intents": intent})
    if found is None:
        raise NotFound
    return found


def enter(
    payment: Document, *, intent: str, amount: int, currency: str, at: datetime | None = None
) -> Callable[[ClientSession], None]:
    """Return what makes money count, to be run in a transaction, as often as one likes.

    :param intent: what was paid with.
    :param amount: paise.
    """
    receipt = {
        "_id": intent,
        "payment": payment["_id"],
        "amount": Int64(amount),
        "currency": currency,
        "createdAt": at or clock.now(),
    }
    settle = SETTLEMENTS[payment["kind"]](payment, intent)
    give_back = card_refunds.new(payment=payment["_id"], intent=intent, amount=amount, reason="")

    def body(session: ClientSession) -> None:
        found = db.database()["receipts"].find_one({"_id": intent}, {"_id": 1}, session=session)
        if found is not None:
            return
        reason = _objection(payment, amount, currency, settle, session=session)
        standing = {"status": RETURNED, "reason": reason} if reason else {"status": SETTLED}
        db.write({"insert": "receipts", "documents": [receipt | standing]}, session=session)
        paid_by = {} if reason else {"$set": {"card.paidBy": intent}}
        known = {"$addToSet": {"card.intents": intent}, **paid_by}
        db.database()["payments"].update_one({"_id": payment["_id"]}, known, session=session)
        if reason:
            card_refunds.insert({**give_back, "reason": reason}, session=session)

    return body


def _objection(
    payment: Document, amount: int, currency: str, settle: Settlement, *, session: ClientSession
) -> str | None:
    """Let the money pay, and return None, or return why it cannot."""
    if amount != payment["amount"]:
        return "amount_differs"
    if currency != gateway.CURRENCY:
        return "currency_differs"
    now = db.database()["payments"].find_one({"_id": payment["_id"]}, {"status": 1}, session=session)
    if settle(session):
        return None
    status: str = now["status"] if now else PENDING
    return "declined" if status == PENDING else f"payment_{status}"
