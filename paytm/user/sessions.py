"""Sign-in sessions: begun, looked up on every request, revoked."""

from datetime import timedelta
from threading import Lock
from typing import Any

from bson import ObjectId
from cachetools import TTLCache
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import Unauthorized
from paytm.user import tokens
from paytm.user.tokens import Caller

# What moves money or changes a user asks the database within its own transaction; elsewhere a revoked token
# may live this long.
_BELIEVED_SECONDS = 3
_alive: TTLCache[ObjectId, bool] = TTLCache(maxsize=100_000, ttl=_BELIEVED_SECONDS)
_alive_lock = Lock()


def new(user_id: ObjectId) -> dict[str, Any]:
    """Return a session that begins now; it counts once it is inserted."""
    started = clock.now()
    lifetime = timedelta(seconds=current_app.config["TOKEN_LIFETIME"])
    return {"_id": ObjectId(), "userId": user_id, "createdAt": started, "expiresAt": started + lifetime}


def insert(record: dict[str, Any], *, session: ClientSession) -> None:
    """Begin a session inside the given transaction."""
    db.database()["sessions"].insert_one(record, session=session)


def token(record: dict[str, Any]) -> str:
    """Return the access token of a session."""
    return tokens.issue(
        Caller(record["userId"], record["_id"]),
        secret=current_app.config["JWT_SECRET"],
        issued_at=record["createdAt"],
        expires_at=record["expiresAt"],
    )


def is_alive(session_id: ObjectId) -> bool:
    """Tell whether a session stands, or stood a few seconds ago."""
    with _alive_lock:
        if session_id in _alive:
            return True
    if db.database()["sessions"].find_one({"_id": session_id}, {"_id": 1}) is None:
        return False
    with _alive_lock:
        _alive[session_id] = True
    return True


def confirm(session_id: ObjectId, *, session: ClientSession) -> None:
    """See to it, inside the given transaction, that a sign-in session stands.

    :raises Unauthorized: it was revoked.
    """
    if db.database()["sessions"].find_one({"_id": session_id}, {"_id": 1}, session=session) is None:
        raise Unauthorized


def end(session_id: ObjectId) -> None:
    """Sign one session out."""
    db.database()["sessions"].delete_one({"_id": session_id})
    with _alive_lock:
        _alive.pop(session_id, None)


def end_all(user_id: ObjectId, *, session: ClientSession) -> None:
    """Sign a user out everywhere, inside the given transaction."""
    db.database()["sessions"].delete_many({"userId": user_id}, session=session)
