"""How often the book of somebody was written, and how many records it has."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from paytm import db
from paytm.errors import CashBookFull, Unavailable

Result = TypeVar("Result")

# So many of the largest amount together are no more than every JSON number holds exactly.
MOST_RECORDS = 100_000

# Those who write one book take turns within a process: of two at once one begins anew, and of many nearly all would.
_TURNS = [threading.Lock() for _ in range(64)]


def current(owner: ObjectId) -> int:
    """Return the version of somebody's book, which every write moves by one: 0 before the first."""
    row = db.database()["cashbook_versions"].find_one({"_id": owner}, {"version": 1})
    return int(row["version"]) if row else 0


def write(owner: ObjectId, body: Callable[[ClientSession], Result]) -> Result:
    """Run a transaction that moves the version of somebody's book; see :func:`paytm.db.transaction`.

    :raises Unavailable: too many others write the book; nothing was done.
    """
    with _turn(owner):
        try:
            return db.transaction(body)
        except DuplicateKeyError:
            # The first two writes of a book came at the same moment: now there is a version to move.
            return db.transaction(body)


def move(owner: ObjectId, *, records: int = 0, session: ClientSession) -> None:
    """Count a write inside the given transaction; of two at the same moment one begins anew.

    :param records: how many are added, negative for those that are deleted.
    :raises CashBookFull: there would be too many.
    """
    moved: Any = db.database()["cashbook_versions"].find_one_and_update(
        {"_id": owner},
        {"$inc": {"version": Int64(1), "records": Int64(records)}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if records > 0 and moved["records"] > MOST_RECORDS:
        raise CashBookFull


@contextmanager
def _turn(owner: ObjectId) -> Iterator[None]:
    turn = _TURNS[hash(owner) % len(_TURNS)]
    if not turn.acquire(timeout=db.database().client.options.timeout or -1):
        raise Unavailable
    try:
        yield
    finally:
        turn.release()
