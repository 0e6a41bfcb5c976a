"""How much waits to be told, and for how long, for whoever watches over it."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pymongo import ASCENDING

from paytm import clock, db
from paytm.ledger.store import OUTBOX
from paytm.notify.models import CHANNELS, DEAD, DUE

# Nobody need know more exactly how many there are.
MOST = 10_000


class Queue(NamedTuple):
    """What waits in one place.

    :param size: ``MOST`` stands for that many or more.
    :param seconds: how long the first of it has been due.
    """

    size: int
    seconds: float


class Backlog(NamedTuple):
    """What waits everywhere: events, those of them that no message could be made from, and deliveries by channel."""

    events: Queue
    unclear: Queue
    due: Mapping[str, Queue]
    dead: Mapping[str, Queue]


def measure() -> Backlog:
    """Look at everything that waits, by two quick questions."""
    now = clock.now()
    target = db.database()
    (first, *others) = [*_places()]
    unions = [{"$unionWith": {"coll": collection, "pipeline": steps}} for collection, steps in others]
    found = {row["_id"]: row for row in target[first[0]].aggregate([*first[1], *unions])}

    def queue(name: str) -> Queue:
        row = found.get(name)
        return Queue(row["size"], max(0.0, (now - row["since"]).total_seconds())) if row else Queue(0, 0.0)

    events = Queue(target[OUTBOX].estimated_document_count(), queue("events").seconds)
    due, dead = ({channel: queue(f"{state} {channel}") for channel in CHANNELS} for state in (DUE, DEAD))
    return Backlog(events, queue("unclear"), due, dead)


def _places() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield a collection and what counts in it, for each place; all of it comes from indexes."""
    now = clock.now()
    yield OUTBOX, _counted("events", {"unclear": None}, order="_id", since="createdAt", most=1)
    yield OUTBOX, _counted("unclear", {"unclear": {"$gt": ""}}, order="unclear", since="createdAt")
    for channel in CHANNELS:
        for state, further in ((DUE, {"dueAt": {"$lte": now}}), (DEAD, {})):
            wanted = {"channel": channel, "state": state, **further}
            yield "deliveries", _counted(f"{state} {channel}", wanted, order="dueAt", since="dueAt")


def _counted(name: str, wanted: Mapping[str, Any], *, order: str, since: str, most: int = MOST) -> list[dict[str, Any]]:
    return [
        {"$match": wanted},
        {"$sort": {order: ASCENDING}},
        {"$limit": most},
        {"$project": {"_id": 0, since: 1}},
        {"$group": {"_id": name, "size": {"$sum": 1}, "since": {"$min": f"${since}"}}},
    ]
