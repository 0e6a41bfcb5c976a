"""What users may do beyond their own affairs: merchants sell, operators look after accounts, admins do everything."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import db
from paytm.ops import trail
from paytm.user.models import ACTIVE

MERCHANT, OPERATOR, ADMIN = ROLES = ("merchant", "operator", "admin")


def of(user: Mapping[str, Any]) -> list[str]:
    """Return the roles of a user as clients see them; everybody has the first."""
    return ["user", *user.get("roles", [])]


def has_any(user_id: ObjectId, *roles: str) -> bool:
    """Tell whether an active user has one of the roles, or is an admin, at this moment."""
    wanted = {"_id": user_id, "status": ACTIVE, "roles": {"$in": [*roles, ADMIN]}}
    return db.database()["users"].find_one(wanted, {"_id": 1}) is not None


def grant(username: str, role: str) -> bool:
    """Give a user a role.

    :returns: whether there is such a user.
    """

    def body(session: ClientSession) -> bool:
        user = db.database()["users"].find_one_and_update(
            {"username": username}, {"$addToSet": {"roles": role}}, session=session
        )
        if user is None:
            return False
        trail.record("role.granted", who=None, subject={"user": user["_id"]}, session=session, role=role)
        return True

    return db.transaction(body)
