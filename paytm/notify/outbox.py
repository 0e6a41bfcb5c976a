"""The outbox: what has happened and somebody must be told.

An event is inserted by the transaction that makes it true, so there is none without the other. The relay finds it
there, and removes it when it has noted down who is told what. Transactions of the ledger that completed together share
one row, which is read as an event for each.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.ledger.store import OUTBOX as NAME

Event = Mapping[str, Any]

# ``unclear`` marks an event that no message could be made from; it waits for an operator and holds nobody up.
COLLECTIONS = (
    db.Collection(
        NAME,
        schema={"bsonType": "object", "required": ["kind", "createdAt"]},
        # Of those alone: the transaction that inserts an event has no more to write for it.
        indexes=(IndexModel("unclear", name="unclear", partialFilterExpression={"unclear": {"$exists": True}}),),
    ),
)


def event(kind: str, **subject: Any) -> Event:
    """Return an event, to be inserted with what it tells of.

    :param kind: for example ``transaction.completed``.
    :param subject: ids and facts that its messages are made from.
    """
    return {"_id": ObjectId(), "kind": kind, "createdAt": clock.now(), **subject}


def insert(document: Event, *, session: ClientSession) -> None:
    """Insert an event inside the given transaction."""
    db.write({"insert": NAME, "documents": [document]}, session=session)


def waiting(limit: int) -> list[Event]:
    """Return the oldest rows that wait to be told, in order."""
    return list(db.database()[NAME].find({"unclear": None}).sort("_id", ASCENDING).limit(limit))


def events_of(row: Event) -> Iterator[Event]:
    """Yield the events that a row stands for: mostly the one that it is."""
    if "transactions" not in row:
        yield row
    else:
        for transaction in row["transactions"]:
            yield {
                "_id": transaction,
                "kind": row["kind"],
                "createdAt": row["createdAt"],
                "transaction": transaction,
            }


def remove(rows: Iterable[Event], *, session: ClientSession) -> None:
    """Remove rows whose events have been noted down, inside the same transaction."""
    db.database()[NAME].delete_many({"_id": {"$in": [row["_id"] for row in rows]}}, session=session)


def set_aside(event: Event, reason: str, *, session: ClientSession) -> None:
    """Let an event wait for an operator, in a row of its own, inside the given transaction."""
    db.database()[NAME].insert_one({**event, "unclear": reason}, session=session)


def unclear(limit: int) -> list[Event]:
    """Return events that were set aside, oldest first."""
    return list(db.database()[NAME].find({"unclear": {"$gt": ""}}).sort("unclear", ASCENDING).limit(limit))


def unclear_page(*, before: ObjectId | None, limit: int) -> tuple[list[Event], ObjectId | None]:
    """Return a page of events that were set aside, newest first, and the cursor of the page that follows."""
    wanted: dict[str, Any] = {"unclear": {"$gt": ""}}
    if before is not None:
        wanted["_id"] = {"$lt": before}
    found: list[Event] = list(db.database()[NAME].find(wanted).sort("_id", DESCENDING).limit(limit + 1))
    return found[:limit], found[limit - 1]["_id"] if len(found) > limit else None


def repeat(*, session: ClientSession | None = None, **wanted: Any) -> int:
    """Let events that were set aside be read again, and return how many there were.

    :param session: to do it inside its transaction.
    """
    clear, wanted = {"$unset": {"unclear": ""}}, {"unclear": {"$gt": ""}, **wanted}
    return db.database()[NAME].update_many(wanted, clear, session=session).modified_count
