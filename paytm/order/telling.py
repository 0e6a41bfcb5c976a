"""What is told of orders, over open sockets and to who missed it: exactly what REST shows."""

from paytm.feed import Feed
from paytm.order import reading
from paytm.order.schemas import Order

_orders = Order(many=True)

UPDATED = Feed(
    event="orderUpdated",
    letter="o",
    collection="orders",
    people=("buyer", "shares.merchant"),
    time="changedAt",
    schema=Order,
    show=lambda orders: _orders.dump([reading.seen(order) for order in orders]),
)
