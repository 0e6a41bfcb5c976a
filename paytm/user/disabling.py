"""Disabling users, who are signed out everywhere with it, and enabling them again."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import Conflict, Forbidden, NotFound
from paytm.ops import trail
from paytm.user import roles, sessions
from paytm.user.models import ACTIVE, DISABLED


def set_status(username: str, status: str) -> bool:
    """Disable a user or enable one again, whatever the user was before, at the command line.

    :returns: whether there is such a user.
    """
    return db.transaction(lambda session: _turn({"username": username}, status, session=session, who=None))


def disable(user_id: ObjectId, *, by: ObjectId, reason: str) -> None:
    """Disable an active user.

    :param by: the operator.
    :raises NotFound: there is no such user.
    :raises Conflict: the user is disabled already, or the operator's own self.
    :raises Forbidden: the user is an admin, and the operator is none.
    """
    if user_id == by:
        raise Conflict(message="You cannot disable yourself")
    _change(user_id, ACTIVE, DISABLED, by=by, reason=reason)


def enable(user_id: ObjectId, *, by: ObjectId, reason: str) -> None:
    """Make a disabled user active again, who may sign in then.

    :param by: the operator.
    :raises NotFound: there is no such user.
    :raises Conflict: the user is active.
    :raises Forbidden: the user is an admin, and the operator is none.
    """
    _change(user_id, DISABLED, ACTIVE, by=by, reason=reason)


def _change(user_id: ObjectId, before: str, after: str, *, by: ObjectId, reason: str) -> None:
    wanted: dict[str, Any] = {"_id": user_id, "status": before}
    if not roles.has_any(by, roles.ADMIN):
        wanted["roles"] = {"$ne": roles.ADMIN}

    def body(session: ClientSession) -> None:
        if _turn(wanted, after, session=session, who=by, reason=reason):
            return
        user = db.database()["users"].find_one({"_id": user_id}, {"status": 1}, session=session)
        if user is None:
            raise NotFound
        raise Conflict(message=f"The user is {after} already") if user["status"] == after else Forbidden

    db.transaction(body)


def _turn(wanted: Mapping[str, Any], status: str, *, session: ClientSession, **trailed: Any) -> bool:
    user = db.database()["users"].find_one_and_update(wanted, {"$set": {"status": status}}, session=session)
    if user is None:
        return False
    if status == DISABLED:
        sessions.end_all(user["_id"], session=session)
    trail.record(f"user.{status}", subject={"user": user["_id"]}, session=session, **trailed)
    return True
