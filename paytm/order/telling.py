"""What open sockets are told of orders: exactly what REST shows."""

from collections.abc import Mapping
from typing import Any

from paytm import db
from paytm.order.schemas import Order

_order = Order()


def updated(row: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the event of an order that changed, and what it is like now."""
    (order,) = db.database()["orders"].find({"_id": row["order"]})
    return "orderUpdated", _order.dump(order)
