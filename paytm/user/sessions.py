"""Sign-in sessions: begun, looked up on every request, listed, revoked."""

from collections.abc import Collection
from datetime import timedelta
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from bson import ObjectId
from cachetools import FIFOCache
from flask import current_app, has_request_context, request
from pymongo.client_session import ClientSession
from pymongo.write_concern import WriteConcern

from paytm import clock, db
from paytm.account import revocations
from paytm.errors import Unauthorized
from paytm.ops import trail
from paytm.ratelimit import source
from paytm.user import tokens
from paytm.user.tokens import Caller

# What moves money or changes a user sees a revocation within its own transaction; elsewhere a revoked token
# may live this long.
BELIEVED_SECONDS = 3
REMEMBERED_SECONDS = 60

# How exactly the owner is told when a session was last used.
_SEEN_EVERY = timedelta(minutes=1)
_LONGEST_DEVICE = 200
_LONGEST_LIST = 100


class _Sight(NamedTuple):
    """When a session was seen to stand, and how often its user's sessions had been revoked by then."""

    at: float
    revocations: int


# How long one is believed is asked of it each time, by when it was.
_seen: FIFOCache[ObjectId, _Sight] = FIFOCache(maxsize=100_000)
_seen_lock = Lock()


def new(user_id: ObjectId, *, renewable: bool = False) -> dict[str, Any]:
    """Return a session that begins now; it counts once it is inserted.

    :param renewable: whether it has refresh tokens, and lasts as long as these; else as long as its one token.
    """
    started = clock.now()
    lifetime = timedelta(seconds=current_app.config["REFRESH_TOKEN_LIFETIME" if renewable else "TOKEN_LIFETIME"])
    record = {
        "_id": ObjectId(),
        "userId": user_id,
        "createdAt": started,
        "expiresAt": started + lifetime,
        "lastSeenAt": started,
        "device": request.user_agent.string[:_LONGEST_DEVICE] if has_request_context() else "",
        "address": source() if has_request_context() else "",
    }
    return record | ({"generation": 0, "renewedAt": started} if renewable else {})


def insert(record: dict[str, Any], *, session: ClientSession) -> None:
    """Begin a session inside the given transaction."""
    db.database()["sessions"].insert_one(record, session=session)


def token(record: dict[str, Any]) -> str:
    """Return the access token that lasts as long as its session."""
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
        # A transfer, which believes it for longest, is not to write anything beside the money.
        sight = _look(caller, note=within < REMEMBERED_SECONDS)
    return sight.revocations


def _look(caller: Caller, *, note: bool) -> _Sight:
    # In this order: a revocation between the two reads is then seen, or not counted.
    sight = _Sight(monotonic(), revocations.count(caller.user_id))
    record = db.database()["sessions"].find_one({"_id": caller.session_id}, {"lastSeenAt": 1})
    with _seen_lock:
        if record is not None:
            _seen[caller.session_id] = sight
        else:
            _seen.pop(caller.session_id, None)
    if record is None:
        raise Unauthorized
    if note:
        _note(record)
    return sight


def _note(record: dict[str, Any]) -> None:
    """Write down that a session is in use, a minute after it was written last."""
    now = clock.now()
    if record.get("lastSeenAt", now - _SEEN_EVERY) <= now - _SEEN_EVERY:
        # Nobody waits for it, and nothing depends on it.
        lazily = db.database()["sessions"].with_options(write_concern=WriteConcern(w=0))
        lazily.update_one({"_id": record["_id"]}, {"$set": {"lastSeenAt": now}})


def confirm(session_id: ObjectId, *, session: ClientSession) -> None:
    """See to it, inside the given transaction, that a sign-in session stands.

    :raises Unauthorized: it was revoked.
    """
    if db.database()["sessions"].find_one({"_id": session_id}, {"_id": 1}, session=session) is None:
        raise Unauthorized


def standing(ids: Collection[ObjectId]) -> set[ObjectId]:
    """Return which of some sessions stand."""
    found = db.database()["sessions"].find({"_id": {"$in": list(ids)}}, {"_id": 1})
    return {session["_id"] for session in found}


def of(user_id: ObjectId) -> list[dict[str, Any]]:
    """Return the sessions of a user, the one that was in use last first; at most a hundred."""
    found = db.database()["sessions"].find({"userId": user_id, "expiresAt": {"$gt": clock.now()}})
    return list(found.sort([("lastSeenAt", -1), ("_id", -1)]).limit(_LONGEST_LIST))


def end(caller: Caller, *, why: str = "session.signed_out") -> bool:
    """Sign one session of a user out.

    :param why: what the audit trail says.
    :returns: whether the user had such a session.
    """
    mine = {"_id": caller.session_id, "userId": caller.user_id}

    def body(session: ClientSession) -> bool:
        if not db.database()["sessions"].delete_one(mine, session=session).deleted_count:
            return False
        revocations.add(caller.user_id, session=session)
        trail.record(why, who=caller.user_id, subject={"session": caller.session_id}, session=session)
        return True

    ended = db.transaction(body)
    _forget(caller)
    return ended


def end_everywhere(caller: Caller) -> None:
    """Sign a caller's user out of all sessions."""

    def body(session: ClientSession) -> None:
        end_all(caller.user_id, session=session)
        trail.record("session.all_signed_out", who=caller.user_id, session=session)

    db.transaction(body)
    _forget(caller)


def _forget(caller: Caller) -> None:
    with _seen_lock:
        _seen.pop(caller.session_id, None)


def end_all(user_id: ObjectId, *, keep: ObjectId | None = None, session: ClientSession) -> None:
    """Sign a user out everywhere, inside the given transaction.

    :param keep: the one session that goes on.
    """
    db.database()["sessions"].delete_many({"userId": user_id, "_id": {"$ne": keep}}, session=session)
    revocations.add(user_id, session=session)
