"""The order routes: buyers order, pay and cancel; merchants deliver and refund."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.api import PREFIX, Blueprint, replayed, required_idempotency_key
from paytm.order import closing, delivery, paying, placing, reading, refunds, schemas
from paytm.payment import checkout
from paytm.payment.terms import CARD
from paytm.ratelimit import rate

blp = Blueprint("order", __name__, url_prefix=f"{PREFIX}/order", description="Orders, and paying for them")


@blp.post("")
@blp.arguments(schemas.NewOrder)
@blp.response(201, schemas.Placed)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def place(arguments: dict[str, Any]) -> Any:
    """Order products, and pay from the wallet, on delivery or by card."""
    key = required_idempotency_key(arguments.pop("key"))
    order, is_replay = placing.place(g.caller, **arguments, key=key)
    return _with_page(order), replayed(is_replay)


@blp.post("/pay-later")
@blp.arguments(schemas.LaterOrder)
@blp.response(201, schemas.PlacedForLater)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def place_for_later(arguments: dict[str, Any]) -> Any:
    """Order products, and pay within the time that the answer tells."""
    key = required_idempotency_key(arguments.pop("key"))
    order, is_replay = placing.place(g.caller, **arguments, method=None, account=None, key=key)
    return order, replayed(is_replay)


@blp.post("/<id:order_id>/pay")
@blp.arguments(schemas.Paying)
@blp.response(200, schemas.Placed)
@rate("RATELIMIT_TRANSFER")
def pay(arguments: dict[str, Any], order_id: ObjectId) -> Any:
    """Pay for an order of yours that is not paid yet; a repetition pays nothing more."""
    order, is_replay = paying.pay(g.caller, order_id, **arguments)
    return _with_page(order), replayed(is_replay)


@blp.post("/<id:order_id>/cancel")
@blp.response(200, schemas.OneOrder)
@rate("RATELIMIT_TRANSFER")
def cancel(order_id: ObjectId) -> Any:
    """Cancel an order of yours that is neither paid nor delivered."""
    return {"order": closing.cancel(g.caller, order_id)}


@blp.post("/<id:order_id>/capture")
@blp.arguments(schemas.Capture)
@blp.response(200, schemas.Moved)
@rate("RATELIMIT_TRANSFER")
def capture(arguments: dict[str, Any], order_id: ObjectId) -> Any:
    """Get the money that was set aside for your share of an order, at delivery; the rest of it is released."""
    outcome = delivery.capture(g.caller, order_id, **arguments)
    return {"transaction": outcome.transaction}, replayed(outcome.replayed)


@blp.post("/<id:order_id>/refund")
@blp.arguments(schemas.ShareRefund)
@blp.response(201, schemas.Moved)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def refund(arguments: dict[str, Any], order_id: ObjectId) -> Any:
    """Give money of your share of an order back, to the wallet or the card that it came from."""
    key = required_idempotency_key(arguments.pop("key"))
    outcome = refunds.refund(g.caller, order_id, **arguments, key=key)
    return {"transaction": outcome.transaction}, replayed(outcome.replayed)


@blp.get("")
@blp.arguments(schemas.OrdersSought, location="query")
@blp.response(200, schemas.Orders)
@rate("RATELIMIT_READ")
def orders(arguments: dict[str, Any]) -> Any:
    """Your orders, or with as=merchant those that you sell, newest first."""
    found, cursor = reading.page(
        g.caller.user_id, role=arguments["role"], before=arguments["cursor"], limit=arguments["limit"]
    )
    return {"orders": found, "nextCursor": cursor}


@blp.get("/<id:order_id>")
@blp.response(200, schemas.OneOrder)
@rate("RATELIMIT_READ")
def order(order_id: ObjectId) -> Any:
    """An order that you made, or have a share in."""
    return {"order": reading.one(g.caller.user_id, order_id)}


def _with_page(order: Any) -> Any:
    """Return an order with the page to pay it by card on, where it is to be paid so."""
    if order.get("method") == CARD and order["status"] == "pending":
        return {**order, "paymentUrl": checkout.open_page(order["payment"])}
    return order
