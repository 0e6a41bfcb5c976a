"""Who is told what of the outbox's rows, by their kind. A kind that is not here is told to nobody over sockets."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from paytm.chat import telling as chat
from paytm.feed import Feed
from paytm.order import telling as orders
from paytm.realtime.movements import Movements, Told
from paytm.transaction import telling as requests

Row = Mapping[str, Any]
# Each function takes a row and yields user, event and payload; only users with a socket here are sent it.
Source = Callable[[Row], Iterable[Told]]
Table = Mapping[str, Source]


def table(movements: Movements) -> Table:
    """Return the functions of this process."""

    def told(tell: Callable[[Row], tuple[str, Any]], *people: str) -> Source:
        """Tell the people whom a row names, and read nothing where none of them is here."""

        def source(row: Row) -> Iterator[Told]:
            here = [user for name in people for user in _each(row[name]) if movements.is_followed(user)]
            if here:
                event, payload = tell(row)
                yield from ((user, event, payload) for user in here)

        return source

    return {
        "transaction.completed": movements.told,
        "message.sent": told(_record(chat.SENT, "message"), "sender", "recipient"),
        "message.deleted": told(_record(chat.DELETED, "message"), "sender", "recipient"),
        "messages.read": told(chat.read, "other"),
        "order.updated": told(_record(orders.UPDATED, "order"), "users"),
        "request.created": told(_record(requests.UPDATED, "request"), "payer", "payee"),
        "request.updated": told(_record(requests.UPDATED, "request"), "payer", "payee"),
    }


def _record(feed: Feed, name: str) -> Callable[[Row], tuple[str, Any]]:
    """Return what tells of the record that a row names, as it is by now."""
    return lambda row: feed.one(row[name])


def _each(named: Any) -> Iterable[Any]:
    return named if isinstance(named, list) else [named]
