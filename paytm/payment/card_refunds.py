"""Money that goes back to the card it came from: noted down in a transaction, made by the worker until it is done."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import CardPaymentsNotConfigured, CardPaymentsRefused, CardPaymentsUnavailable
from paytm.notify import outbox
from paytm.notify.deliveries import Delivery, Failure
from paytm.payment import gateway
from paytm.payment.gateway import Gateway, Refund
from paytm.payment.models import REFUND_DUE, REFUND_MADE

Document = Mapping[str, Any]

EVENT = "card.refund_due"


def new(*, payment: ObjectId, intent: str, amount: int, reason: str) -> dict[str, Any]:
    """Return a refund that is due, made before the transaction that inserts it.

    :param intent: what was paid with.
    :param amount: paise.
    :param reason: for operators.
    """
    return {
        "_id": ObjectId(),
        "payment": payment,
        "intent": intent,
        "amount": Int64(amount),
        "reason": reason,
        "status": REFUND_DUE,
        "attempt": 1,
        "createdAt": clock.now(),
    }


def insert(row: Document, *, session: ClientSession) -> None:
    """Insert a refund inside the given transaction, with the event that has it made."""
    event = {"_id": row["_id"], "kind": EVENT, "createdAt": row["createdAt"], "refund": row["_id"]}
    db.write({"insert": "card_refunds", "documents": [row]}, session=session)
    outbox.insert(event, session=session)


def total(payment_id: ObjectId) -> int:
    """Return how much of a payment goes or went back to its card, in paise."""
    rows = db.database()["card_refunds"].find({"payment": payment_id}, {"amount": 1})
    paise: int = sum(row["amount"] for row in rows)
    return paise


def confirm(intent: str, amount: int, *, session: ClientSession) -> int:
    """Record what Stripe says was given back of a payment, inside the given transaction.

    :param amount: paise, all of it together.
    :returns: how much of that nobody here asked for, in paise.
    """
    rows = list(db.database()["card_refunds"].find({"intent": intent}, session=session))
    asked: int = sum(row["amount"] for row in rows)
    if amount >= asked:
        made = {"$set": {"status": REFUND_MADE, "madeAt": clock.now()}}
        due = {"intent": intent, "status": REFUND_DUE}
        db.database()["card_refunds"].update_many(due, made, session=session)
    return max(amount - asked, 0)


class Channel:
    """The worker's way to Stripe, for refunds: each delivery is one.

    :param api: the gateway.
    """

    def __init__(self, api: Gateway) -> None:
        self._api = api

    def deliver(self, delivery: Delivery) -> None:
        """Have a refund made, unless it is.

        :raises Failure: Stripe did not make it.
        """
        row = db.database()["card_refunds"].find_one({"_id": delivery["recipient"]})
        if row is None:
            raise Failure("there is no such refund", final=True)
        if "refund" in row:
            return
        try:
            refund = self._made(row, is_first=delivery["attempts"] == 1)
        except CardPaymentsRefused as error:
            raise Failure(error.reason, final=error.reason == "charge_already_refunded") from error
        except (CardPaymentsUnavailable, CardPaymentsNotConfigured) as error:
            raise Failure(error.code) from error
        if refund.status in ("failed", "canceled"):
            raise Failure(f"the refund is {refund.status}", final=True)
        made = {"status": REFUND_MADE, "refund": refund.id, "madeAt": clock.now()}
        db.database()["card_refunds"].update_one({"_id": row["_id"]}, {"$set": made})

    def _made(self, row: Document, *, is_first: bool) -> Refund:
        # Stripe forgets a key after a day, and an operator may repeat what is older.
        earlier = None if is_first and row["status"] == REFUND_DUE else self._earlier(row)
        if earlier is not None:
            return earlier
        try:
            return self._api.refund(
                intent=row["intent"],
                amount=row["amount"],
                key=f"{row['_id']}-{row['attempt']}",
                metadata={"refundId": str(row["_id"]), "paymentId": str(row["payment"])},
            )
        except CardPaymentsRefused:
            earlier = self._earlier(row)
            if earlier is None:
                raise
            return earlier
        except CardPaymentsUnavailable as error:
            if gateway.is_kept(error):
                # Another key the next time, after a look whether it was made all the same.
                this = {"_id": row["_id"], "attempt": row["attempt"]}
                db.database()["card_refunds"].update_one(this, {"$inc": {"attempt": 1}})
            raise

    def _earlier(self, row: Document) -> Refund | None:
        made = self._api.refunds_of(row["intent"])
        return next((refund for refund in made if refund.metadata.get("refundId") == str(row["_id"])), None)


def channel(config: Mapping[str, Any]) -> Channel:
    """Return the channel that the settings describe."""
    return Channel(gateway.of(config))
