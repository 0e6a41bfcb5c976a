"""How often the book of somebody was written, and how many records it has."""

from collections.abc import Callable
from typing import Any, TypeVar

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from paytm import db
from paytm.errors import CashBookFull

Result = TypeVar("Result")

# So many of the largest amount together are no more than every JSON number holds exactly.
MOST_RECORDS = 100_000


def current(owner: ObjectId) -> int:
    """Return the version of somebody's book, which every write moves by one: 0 before the first."""
    row = db.database()["cashbook_versions"].find_one({"_id": owner}, {"version": 1})
    return int(row["version"]) if row else 0


def write(body: Callable[[ClientSession], Result]) -> Result:
    """Run a transaction that moves a version; see :func:`paytm.db.transaction`."""
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
