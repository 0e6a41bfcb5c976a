"""How far accounts have come: their entries are numbered without a gap, so the last number tells which there are."""

from datetime import datetime
from typing import NamedTuple

import pymongo
from bson import ObjectId

from paytm import db
from paytm.account import statement

# Of many millions, in the background.
_SCAN_SECONDS = 60


class Position(NamedTuple):
    """An account, its owner, and the ``seq`` of its last entry."""

    account: ObjectId
    owner: ObjectId
    seq: int


def of(user_id: ObjectId) -> dict[ObjectId, int]:
    """Return the ``seq`` of the last entry of each account of a user, those that are closed included.

    What was posted before this is asked is counted.
    """
    found = db.database()["accounts"].find({"userId": user_id}, {"seq": 1})
    return {account["_id"]: account["seq"] for account in found}


def at(account_id: ObjectId, instant: datetime, *, latest: int) -> int:
    """Return the ``seq`` of an account's last entry before an instant: 0 where there is none.

    :param latest: what it is at most, so that nothing counts that was posted since.
    """
    entry = statement.last_entry(account_id, {"$lt": instant})
    return min(entry["seq"], latest) if entry else 0


def beyond(seq: int) -> list[Position]:
    """Return the accounts that have so many entries, or more; it reads through all accounts, which takes its time."""
    with pymongo.timeout(_SCAN_SECONDS):
        found = list(db.database()["accounts"].find({"seq": {"$gte": seq}}, {"userId": 1, "seq": 1}))
    return [Position(account["_id"], account["userId"], account["seq"]) for account in found]
