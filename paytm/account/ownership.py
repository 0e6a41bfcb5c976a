"""Whose an account is, which never changes."""

from bson import ObjectId

from paytm import db
from paytm.errors import NotFound


def ids(user_id: ObjectId) -> list[ObjectId]:
    """Return the ids of all accounts of a user."""
    return [account["_id"] for account in db.database()["accounts"].find({"userId": user_id}, {"_id": 1})]


def is_of(user_id: ObjectId, account_id: ObjectId) -> bool:
    """Tell whether an account is a user's."""
    # A primary account has its user's id.
    return (
        account_id == user_id
        or db.database()["accounts"].find_one({"_id": account_id, "userId": user_id}, {"_id": 1}) is not None
    )


def check(user_id: ObjectId, account_id: ObjectId) -> None:
    """See to it that an account is a user's.

    :raises NotFound: it is not, or there is none.
    """
    if not is_of(user_id, account_id):
        raise NotFound
