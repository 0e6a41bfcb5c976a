"""Disabling users, who are signed out everywhere with it, and enabling them again."""

from pymongo.client_session import ClientSession

from paytm import db
from paytm.ops import trail
from paytm.user import sessions
from paytm.user.models import DISABLED


def set_status(username: str, status: str) -> bool:
    """Disable a user, who is signed out everywhere with it, or enable one again.

    :returns: whether there is such a user.
    """

    def body(session: ClientSession) -> bool:
        user = db.database()["users"].find_one_and_update(
            {"username": username}, {"$set": {"status": status}}, session=session
        )
        if user is None:
            return False
        if status == DISABLED:
            sessions.end_all(user["_id"], session=session)
        trail.record(f"user.{status}", who=None, subject={"user": user["_id"]}, session=session)
        return True

    return db.transaction(body)
