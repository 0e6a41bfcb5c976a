"""How users are reached.

E-mail addresses leave this feature here alone, for nobody but their owners' mail, and by what operators see of users.
"""

from typing import NamedTuple

from bson import ObjectId

from paytm import db


class Contact(NamedTuple):
    email: str
    first_name: str


def find(user_id: ObjectId) -> Contact | None:
    """Return how a user is reached; None where there is no such user."""
    user = db.database()["users"].find_one({"_id": user_id}, {"username": 1, "firstName": 1})
    return Contact(user["username"], user["firstName"]) if user else None
