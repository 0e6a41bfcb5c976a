"""Whose an account is, which never changes."""

from bson import ObjectId

from paytm import db
from paytm.errors import AccountInactive, NotFound


def ids(user_id: ObjectId) -> list[ObjectId]:
    """Return the ids of all accounts of a user."""
    return [account["_id"] for account in db.database()["accounts"].find({"userId": user_id}, {"_id": 1})]


def owner(account_id: ObjectId) -> ObjectId:
    """Return whose an account is.

    :raises NotFound: there is none.
    """
    account = db.database()["accounts"].find_one({"_id": account_id}, {"userId": 1})
    if account is None:
        raise NotFound
    user_id: ObjectId = account["userId"]
    return user_id


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


def check_open(user_id: ObjectId, account_id: ObjectId) -> None:
    """See to it that an account is a user's, and was not closed.

    :raises NotFound: it is not the user's, or there is none.
    :raises AccountInactive: it is closed.
    """
    if account_id == user_id:
        return  # A primary account has its user's id, and is never closed.
    account = db.database()["accounts"].find_one({"_id": account_id, "userId": user_id}, {"status": 1})
    if account is None:
        raise NotFound
    if account["status"] == "closed":
        raise AccountInactive
