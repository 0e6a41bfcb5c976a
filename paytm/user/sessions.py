"""Sign-in sessions: begun, looked up on every request, revoked."""

from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from bson import ObjectId
from cachetools import TTLCache
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import revocations
from paytm.errors import Unauthorized
from paytm.user import tokens
from paytm.user.tokens import Caller

# What moves money or changes a user sees a revocation within its own transaction; elsewhere a revoked token
# may live this long.
BELIEVED_SECONDS = 3
REMEMBERED_SECONDS = 60


class _Sight(NamedTuple):
    """When a session was seen to stand, and how often its user's sessions had been revoked by then."""

    at: float
    revocations: int


_seen: TTLCache[ObjectId, _Sight] = TTLCache(maxsize=100_000, ttl=REMEMBERED_SECONDS)
_seen_lock = Lock()


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


def see(caller: Caller, *, within: float) -> int:
    """Return how often sessions of a caller's user had been revoked when the caller's own was seen to stand.

    :param within: seconds ago at most; up to REMEMBERED_SECONDS.
    :raises Unauthorized: it does not stand.
    """
    with _seen_lock:
        sight = _seen.get(caller.session_id)
    if sight is None or sight.at < monotonic() - within:
        sight = _look(caller)
    return sight.revocations


def _look(caller: Caller) -> _Sight:
    # In this order: a revocation between the two reads is then seen, or not counted.
    sight = _Sight(monotonic(), revocations.count(caller.user_id))
    stands = db.database()["sessions"].find_one({"_id": caller.session_id}, {"_id": 1}) is not None
    with _seen_lock:
        if stands:
            _seen[caller.session_id] = sight
        else:
            _seen.pop(caller.session_id, None)
    if not stands:
        raise Unauthorized
    return sight


def confirm(session_id: ObjectId, *, session: ClientSession) -> None:
    """See to it, inside the given transaction, that a sign-in session stands.

    :raises Unauthorized: it was revoked.
    """
    if db.database()["sessions"].find_one({"_id": session_id}, {"_id": 1}, session=session) is None:
        raise Unauthorized


def end(caller: Caller) -> None:
    """Sign one session out."""

    def body(session: ClientSession) -> None:
        if db.database()["sessions"].delete_one({"_id": caller.session_id}, session=session).deleted_count:
            revocations.add(caller.user_id, session=session)

    db.transaction(body)
    with _seen_lock:
        _seen.pop(caller.session_id, None)


def end_all(user_id: ObjectId, *, session: ClientSession) -> None:
    """Sign a user out everywhere, inside the given transaction."""
    db.database()["sessions"].delete_many({"userId": user_id}, session=session)
    revocations.add(user_id, session=session)
