"""What people see of their payments."""

from typing import Any

from bson import ObjectId

from paytm.payment import card_refunds, checkout, records
from paytm.payment.terms import CARD, EXPIRED, PENDING


def show(user_id: ObjectId, payment_id: ObjectId) -> dict[str, Any]:
    """Return a payment of a user's as it counts now: a pending one ends by itself.

    :raises NotFound: there is none, or it is somebody else's.
    """
    payment = dict(records.one(user_id, payment_id))
    refunded = card_refunds.total(payment_id)
    if refunded:
        payment["refunded"] = refunded
    if payment["status"] == PENDING and not checkout.is_open(payment):
        payment["status"] = EXPIRED
    url = payment.get("card", {}).get("url")
    if payment["status"] == PENDING and payment.get("method") == CARD and url:
        payment["paymentUrl"] = url
    return payment
