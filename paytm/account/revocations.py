"""How often a user's sessions were revoked, counted where the user's money is.

The ledger reads and writes the account that pays anyway: whether a revocation came in between costs it nothing to see.
"""

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import db


def count(user_id: ObjectId) -> int:
    """Return how often sessions of a user were revoked."""
    account = db.database()["accounts"].find_one({"_id": user_id}, {"revocations": 1})
    return int(account.get("revocations", 0)) if account else 0


def add(user_id: ObjectId, *, session: ClientSession) -> None:
    """Count a revocation inside the transaction that makes it."""
    db.database()["accounts"].update_one({"_id": user_id}, {"$inc": {"revocations": Int64(1)}}, session=session)
