"""What is told of orders, over open sockets and to who missed it: exactly what REST shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from paytm.feed import Feed
from paytm.order import reading
from paytm.order.schemas import Order

_order = Order()


def _orders(orders: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [_order.dump(reading.seen(order)) for order in orders]


UPDATED = Feed(
    event="orderUpdated",
    letter="o",
    collection="orders",
    people=("buyer", "shares.merchant"),
    time="changedAt",
    show=_orders,
)
