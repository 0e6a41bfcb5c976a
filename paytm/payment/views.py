"""The payment routes: add money by card, see how a payment stands, and hear from Stripe."""

from typing import Any

from bson import ObjectId
from flask import current_app, g, request

from paytm.api import PREFIX, Blueprint, replayed, required_idempotency_key
from paytm.payment import gateway, inbox, schemas, standing, topups
from paytm.ratelimit import rate
from paytm.user.auth import public

blp = Blueprint("payment", __name__, url_prefix=f"{PREFIX}/payment", description="Payments by card")


@blp.post("/topup")
@blp.arguments(schemas.TopUp)
@blp.response(201, schemas.Started)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def top_up(arguments: dict[str, Any]) -> Any:
    """Add money to an account of yours by card, on the page that the answer leads to."""
    key = required_idempotency_key(arguments.pop("key"))
    payment_id, url, is_replay = topups.start(g.caller, key=key, **arguments)
    return {"paymentId": payment_id, **({"paymentUrl": url} if url else {})}, replayed(is_replay)


@blp.get("/<id:payment_id>/status")
@blp.response(200, schemas.Status)
@rate("RATELIMIT_READ")
def show(payment_id: ObjectId) -> Any:
    """How a payment of yours stands."""
    return standing.show(g.caller.user_id, payment_id)


@blp.post("/webhook")
@blp.response(200, schemas.Received)
@public
def hear() -> Any:
    """What Stripe tells, signed by it; not rated, because each event that is dropped is money that waits."""
    signature, secret = request.headers.get("Stripe-Signature"), current_app.config["STRIPE_WEBHOOK_SECRET"]
    inbox.take(gateway.event(request.get_data(), signature, secret=secret))
    return {"received": True}
