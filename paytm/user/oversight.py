"""What operators see of users, e-mail addresses and balances included."""

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.account import holdings
from paytm.errors import NotFound
from paytm.user import directory

_HIDDEN = {"passwordHash": False, "searchName": False, "grams": False}


def page(
    text: str, *, email: str | None, cursor: ObjectId | None, limit: int
) -> tuple[list[dict[str, Any]], ObjectId | None]:
    """Return a page of users, disabled ones too and the newest first, and the cursor of the page that follows.

    :param text: literal, in either name and in any case; empty for everybody.
    :param email: the whole address, in lower case; None for any.
    """
    conditions = directory.containing(text)
    if conditions is None:
        return [], None
    query: dict[str, Any] = {**conditions}
    if email is not None:
        query["username"] = email
    if cursor is not None:
        query["_id"] = {"$lt": cursor}
    found = list(db.database()["users"].find(query, _HIDDEN).sort("_id", -1).limit(limit + 1))
    return _with_accounts(found[:limit]), found[limit - 1]["_id"] if len(found) > limit else None


def one(user_id: ObjectId) -> dict[str, Any]:
    """Return a user with the primary account.

    :raises NotFound: there is no such user.
    """
    user = db.database()["users"].find_one({"_id": user_id}, _HIDDEN)
    if user is None:
        raise NotFound
    return _with_accounts([user])[0]


def _with_accounts(users: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found = list(users)
    accounts = holdings.primary(user["_id"] for user in found)
    return [{**user, "account": accounts[user["_id"]]} for user in found]
