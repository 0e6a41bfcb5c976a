"""Deliveries: noted down once, claimed under a lease, tried again with growing pauses, buried after the last try."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.write_concern import WriteConcern

from paytm import clock, db
from paytm.notify.models import CHANNELS, DEAD, DUE, SENT, WEBHOOK

# Longer than any attempt takes, and as long as the message of a killed worker waits for another one.
LEASE = timedelta(seconds=120)
# At the pauses below the last attempt comes 12 hours after the first, on average.
MOST_ATTEMPTS = 15
_LONGEST_HELD_BACK = timedelta(days=3)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 10.0, 6 * 60 * 60.0

Delivery = Mapping[str, Any]

_uniform = secrets.SystemRandom().uniform


@dataclass(frozen=True)
class Message:
    """What one recipient is told of an event.

    :param recipient: a user by e-mail, an endpoint by webhook, a refund by card.
    :param content: whatever the channel makes the message from.
    """

    channel: str
    recipient: ObjectId
    content: Mapping[str, Any]


class Failure(Exception):
    """A message did not get through.

    :param reason: for operators; without addresses or texts.
    :param final: whether another attempt would be answered the same.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.final = final


def note(event: Mapping[str, Any], messages: Iterable[Message], *, session: ClientSession) -> list[str]:
    """Note down whom to tell of an event, inside the given transaction; a repetition changes nothing.

    :returns: the ids of the deliveries.
    """
    due = {
        "event": event["_id"],
        "kind": event["kind"],
        "state": DUE,
        "dueAt": event["createdAt"],
        "attempts": 0,
        "createdAt": event["createdAt"],
    }
    noted = {
        f"{event['_id']}.{message.channel}.{message.recipient}": {
            **due,
            "channel": message.channel,
            "recipient": message.recipient,
            "content": message.content,
        }
        for message in messages
    }
    if noted:
        updates = [{"q": {"_id": id_}, "u": {"$setOnInsert": new}, "upsert": True} for id_, new in noted.items()]
        db.write({"update": "deliveries", "updates": updates}, session=session)
    return list(noted)


def claim(channel: str) -> Delivery | None:
    """Take the delivery that has been due longest, for the time of a lease; None where none is due.

    The attempt is counted now, so that a message which kills its worker each time is buried in the end as well.
    """
    now = clock.now()
    # The claim need not outlive its server: transfers wait for the same journal, and a lost claim is made again.
    hastily = db.database()["deliveries"].with_options(write_concern=WriteConcern(1))
    claimed: Delivery | None = hastily.find_one_and_update(
        {"channel": channel, "state": DUE, "dueAt": {"$lte": now}},
        {"$set": {"dueAt": now + LEASE, "owner": secrets.token_hex(8)}, "$inc": {"attempts": 1}},
        sort=[("dueAt", ASCENDING)],
        return_document=ReturnDocument.AFTER,
    )
    return claimed


def record_sent(delivery: Delivery) -> None:
    """Record that a claimed delivery got through."""
    _settle(delivery, {"$set": {"state": SENT, "sentAt": clock.now()}, "$unset": {"owner": "", "reason": ""}})


def record_failure(delivery: Delivery, failure: Failure) -> str:
    """Record that a claimed delivery did not get through, and return its state: due again later, or dead."""
    state = DEAD if failure.final or delivery["attempts"] >= MOST_ATTEMPTS else DUE
    due_at = clock.now() + timedelta(seconds=pause(delivery["attempts"]))
    changes = {"state": state, "dueAt": due_at, "reason": failure.reason}
    _settle(delivery, {"$set": changes, "$unset": {"owner": ""}})
    if delivery["channel"] == WEBHOOK:
        _hold_back(delivery["recipient"], until=due_at, reason=failure.reason)
    return state


def _hold_back(endpoint: ObjectId, *, until: datetime, reason: str) -> None:
    """Let everything else for an endpoint that failed wait along, or it would keep other endpoints waiting.

    What has waited for days by then is buried, tried or not: its merchant may have it replayed.
    """
    waiting = {"recipient": endpoint, "state": DUE, "owner": {"$exists": False}}
    old = {"createdAt": {"$lt": clock.now() - _LONGEST_HELD_BACK}}
    collection = db.database()["deliveries"]
    collection.update_many(waiting | old, {"$set": {"state": DEAD, "reason": reason}})
    collection.update_many(waiting | {"dueAt": {"$lt": until}}, {"$set": {"dueAt": until}})


def _settle(delivery: Delivery, update: Mapping[str, Any]) -> None:
    # One whose lease is over belongs to another worker, and what becomes of it is that worker's to say.
    db.database()["deliveries"].update_one({"_id": delivery["_id"], "owner": delivery["owner"]}, update)


def pause(attempts: int, *, uniform: Callable[[float, float], float] = _uniform) -> float:
    """Return how many seconds to wait after so many attempts.

    It is a random part of a time that doubles (full jitter), so that what failed together does not return together.
    """
    return uniform(0, min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)))


def find(state: str, *, limit: int) -> list[Delivery]:
    """Return deliveries in a state, the longest waiting or earliest first."""
    wanted = {"channel": {"$in": list(CHANNELS)}, "state": state}
    return list(db.database()["deliveries"].find(wanted).sort("dueAt", ASCENDING).limit(limit))


def page(state: str, *, before: str | None, limit: int) -> tuple[list[Delivery], str | None]:
    """Return a page of deliveries in a state, the newest events' first, and the cursor of the page that follows."""
    wanted: dict[str, Any] = {"channel": {"$in": list(CHANNELS)}, "state": state}
    if before is not None:
        wanted["_id"] = {"$lt": before}
    # Of those that got through there are very many, and hardly others between them; all others are few.
    along = "_id_" if state == SENT else "due"
    rows = db.database()["deliveries"].find(wanted).hint(along).sort("_id", DESCENDING)
    found: list[Delivery] = list(rows.limit(limit + 1))
    return found[:limit], found[limit - 1]["_id"] if len(found) > limit else None


def is_known(id_: str) -> bool:
    """Tell whether there is a delivery, in whatever state."""
    return db.database()["deliveries"].find_one({"_id": id_}, {"_id": 1}) is not None


def to(recipient: ObjectId, *, before: str | None, limit: int) -> tuple[list[Delivery], str | None]:
    """Return a page of what a recipient was or will be told, newest first, and the cursor of the page that follows."""
    wanted: dict[str, Any] = {"recipient": recipient}
    if before is not None:
        wanted["_id"] = {"$lt": before}
    found: list[Delivery] = list(db.database()["deliveries"].find(wanted).sort("_id", DESCENDING).limit(limit + 1))
    return found[:limit], found[limit - 1]["_id"] if len(found) > limit else None


def repeat(*, session: ClientSession | None = None, **wanted: Any) -> int:
    """Make settled deliveries due once more, with all their attempts, and return how many there were.

    :param session: to do it inside its transaction.
    :param wanted: which ones; ``state=DEAD`` for every dead one.
    """
    wanted = {"state": {"$in": [SENT, DEAD]}, "channel": {"$in": list(CHANNELS)}, **wanted}
    renewed = {"$set": {"state": DUE, "dueAt": clock.now(), "attempts": 0}, "$unset": {"sentAt": "", "reason": ""}}
    return db.database()["deliveries"].update_many(wanted, renewed, session=session).modified_count
