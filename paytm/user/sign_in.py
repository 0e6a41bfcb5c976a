"""Signing in with a password."""

from typing import Any

from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import SignInRefused
from paytm.notify import outbox
from paytm.ops import trail
from paytm.user import sessions
from paytm.user.models import ACTIVE
from paytm.user.throttle import Attempt


def sign_in(*, username: str, password: str, source: str, renewable: bool = False) -> dict[str, Any]:
    """Begin a session, and return it.

    :param source: the network address that tries.
    :param renewable: whether the session has refresh tokens.
    :raises SignInRefused: wrong password, no such user or a disabled one: one answer, in the same time.
    :raises TooManyAttempts: too many failed before.
    """
    user = _verified(username, password, source)
    changes: dict[str, Any] = {"lastSignInAt": clock.now()}
    passwords = current_app.extensions["passwords"]
    if passwords.is_outdated(user["passwordHash"]):
        changes["passwordHash"] = passwords.hash(password)
    record = sessions.new(user["_id"], renewable=renewable)
    signed_in = outbox.event("user.signed_in", user=user["_id"], address=record["address"], device=record["device"])

    def body(session: ClientSession) -> bool:
        # Counting in the user makes this conflict with a password change or a disabling at the same moment; a $set
        # alone would not, where it sets what is there already, because a write that changes nothing takes no lock.
        confirmed = db.database()["users"].update_one(
            {"_id": user["_id"], "status": ACTIVE, "passwordHash": user["passwordHash"]},
            {"$set": changes, "$inc": {"signIns": 1}},
            session=session,
        )
        if not confirmed.matched_count:
            return False
        sessions.insert(record, session=session)
        outbox.insert(signed_in, session=session)
        trail.record("session.signed_in", who=user["_id"], subject={"session": record["_id"]}, session=session)
        return True

    if not db.transaction(body):
        raise SignInRefused
    return record


def prove(user_id: ObjectId, *, password: str, source: str) -> str:
    """Return the hash of a user's password, to show to :func:`paytm.user.registration.change` that it is known.

    :raises SignInRefused: it is another one.
    :raises TooManyAttempts: too many failed before.
    """
    user = db.database()["users"].find_one({"_id": user_id}, {"username": 1})
    verified = _verified(user["username"] if user else "", password, source)
    return str(verified["passwordHash"])


def _verified(username: str, password: str, source: str) -> dict[str, Any]:
    attempt = Attempt(username, source)
    attempt.count()
    user = db.database()["users"].find_one({"username": username})
    hashed = user and user["passwordHash"]
    if not current_app.extensions["passwords"].verify(hashed, password) or user is None or user["status"] != ACTIVE:
        # Also for a name that is nobody's, because the time it takes must not tell.
        trail.record("session.refused", who=None, subject={"user": user["_id"]} if user else None)
        raise SignInRefused
    attempt.forgive()
    return user
