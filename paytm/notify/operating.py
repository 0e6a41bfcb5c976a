"""What operators see of the outbox, and what they can set going again."""

from collections.abc import Iterator

from bson import ObjectId

from paytm.notify import deliveries, outbox
from paytm.notify.deliveries import Delivery
from paytm.notify.models import DEAD, DUE, SENT


def lines(state: str | None, *, limit: int) -> Iterator[str]:
    """Yield a line for each delivery in a state, and with the dead ones for each event that was set aside.

    :param state: None for both what is due and what is dead.
    """
    for wanted in (state,) if state else (DUE, DEAD):
        if wanted == DEAD:
            for event in outbox.unclear(limit):
                yield f"{event['_id']}  {DEAD}  {event['kind']}  unclear: {event['unclear']}"
        for delivery in deliveries.find(wanted, limit=limit):
            yield _line(delivery)


def _line(delivery: Delivery) -> str:
    at = delivery["sentAt"] if delivery["state"] == SENT else delivery["dueAt"]
    line = f"{delivery['_id']}  {delivery['state']}  {delivery['kind']}  attempts {delivery['attempts']}"
    reason = delivery.get("reason")
    return f"{line}  {at:%Y-%m-%dT%H:%M:%SZ}" + (f"  {reason}" if reason else "")


def retry(id_: str | None) -> int:
    """Set going again what is named, or with None everything dead, and return how many that were."""
    if id_ is None:
        return deliveries.repeat(state=DEAD) + outbox.repeat()
    if ObjectId.is_valid(id_):
        return outbox.repeat(_id=ObjectId(id_))
    return deliveries.repeat(_id=id_)
