"""What a user wants to be told of. Security e-mails cannot be switched off: they are how a theft is noticed."""

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.errors import SecurityMail

OPTIONAL = ("moneySent", "moneyReceived", "paymentRequests", "webhooks")
SECURITY = ("newSignIn", "passwordChanged")


def show(user_id: ObjectId) -> Mapping[str, bool]:
    """Return everything that a user can be told of, and whether that user is."""
    return _complete(db.database()["notification_preferences"].find_one({"_id": user_id}) or {})


def change(user_id: ObjectId, wishes: Mapping[str, bool]) -> Mapping[str, bool]:
    """Change what is given of a user's preferences, and return all of them.

    :raises SecurityMail: one of the wishes is to switch a security e-mail off.
    """
    kept_on = [name for name in SECURITY if wishes.get(name) is False]
    if kept_on:
        raise SecurityMail(errors={name: [SecurityMail.message] for name in kept_on})
    changes = {name: wishes[name] for name in OPTIONAL if name in wishes}
    if changes:
        db.database()["notification_preferences"].update_one({"_id": user_id}, {"$set": changes}, upsert=True)
    return show(user_id)


def of(user_ids: Iterable[ObjectId]) -> dict[ObjectId, Mapping[str, bool]]:
    """Return the preferences of users; those who never changed any are left out, and want everything."""
    found = db.database()["notification_preferences"].find({"_id": {"$in": list(user_ids)}})
    return {kept["_id"]: _complete(kept) for kept in found}


def _complete(kept: Mapping[str, Any]) -> dict[str, bool]:
    return {name: bool(kept.get(name, True)) for name in OPTIONAL} | dict.fromkeys(SECURITY, True)
