"""What operators see of the outbox, and what they can set going again."""

from collections.abc import Iterator, Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import Conflict, InvalidInput, NotFound
from paytm.notify import deliveries, outbox
from paytm.notify.deliveries import Delivery
from paytm.notify.models import DEAD, DUE, SENT, UNCLEAR
from paytm.ops import trail


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


def page(state: str, *, cursor: str | None, limit: int) -> tuple[list[Mapping[str, Any]], str | None]:
    """Return a page of the deliveries in a state, newest first, and the cursor of the page that follows.

    :param state: one of a delivery's, or ``unclear`` for events that were set aside, which are shown like deliveries.
    :raises InvalidInput: the cursor is none of this list.
    """
    if state != UNCLEAR:
        return deliveries.page(state, before=cursor, limit=limit)
    if cursor is not None and not ObjectId.is_valid(cursor):
        raise InvalidInput(errors={"cursor": ["Not a cursor of this list."]})
    events, following = outbox.unclear_page(before=ObjectId(cursor) if cursor else None, limit=limit)
    return [_as_row(event) for event in events], str(following) if following else None


def _as_row(event: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**event, "event": event["_id"], "state": UNCLEAR, "reason": event["unclear"]}


def revive(id_: str, *, by: ObjectId) -> None:
    """Set going again a delivery that is dead or an event that was set aside; what was sent is not sent twice.

    :param by: the operator.
    :raises NotFound: there is nothing of this id.
    :raises Conflict: it waits already, or got through.
    """
    is_event = ObjectId.is_valid(id_)
    subject = {"event": ObjectId(id_)} if is_event else {"delivery": id_}

    def body(session: ClientSession) -> bool:
        if is_event:
            revived = outbox.repeat(session=session, _id=ObjectId(id_))
        else:
            revived = deliveries.repeat(session=session, _id=id_, state=DEAD)
        if revived:
            trail.record("outbox.retried", who=by, subject=subject, session=session)
        return bool(revived)

    if not db.transaction(body):
        raise Conflict(message="Only what is dead can be tried again") if deliveries.is_known(id_) else NotFound
