"""Signing in with a password."""

from typing import Any

from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import SignInRefused
from paytm.user import sessions
from paytm.user.models import ACTIVE
from paytm.user.throttle import Attempt


def sign_in(*, username: str, password: str, source: str) -> str:
    """Begin a session, and return its token.

    :param source: the network address that tries.
    :raises SignInRefused: wrong password, no such user or a disabled one: one answer, in the same time.
    :raises TooManyAttempts: too many failed before.
    """
    attempt = Attempt(username, source)
    attempt.count()
    passwords = current_app.extensions["passwords"]
    user = db.database()["users"].find_one({"username": username})
    if not passwords.verify(user and user["passwordHash"], password) or user is None or user["status"] != ACTIVE:
        raise SignInRefused
    attempt.forgive()
    changes: dict[str, Any] = {"lastSignInAt": clock.now()}
    if passwords.is_outdated(user["passwordHash"]):
        changes["passwordHash"] = passwords.hash(password)
    record = sessions.new(user["_id"])

    def body(session: ClientSession) -> bool:
        # Counting in the user makes this conflict with a password change or a disabling at the same moment; a $set
        # alone would not, where it sets what is there already, because a write that changes nothing takes no lock.
        confirmed = db.database()["users"].update_one(
            {"_id": user["_id"], "status": ACTIVE, "passwordHash": user["passwordHash"]},
            {"$set": changes, "$inc": {"signIns": 1}},
            session=session,
        )
        if confirmed.matched_count:
            sessions.insert(record, session=session)
        return bool(confirmed.matched_count)

    if not db.transaction(body):
        raise SignInRefused
    return sessions.token(record)
