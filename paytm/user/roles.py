"""What users may do beyond their own affairs: merchants sell, operators look after accounts, admins do everything."""

from bson import ObjectId

from paytm import db
from paytm.user.models import ACTIVE

MERCHANT, OPERATOR, ADMIN = ROLES = ("merchant", "operator", "admin")


def has_any(user_id: ObjectId, roles: frozenset[str]) -> bool:
    """Tell whether an active user has one of the roles, or is an admin, at this moment."""
    wanted = {"_id": user_id, "status": ACTIVE, "roles": {"$in": [*roles, ADMIN]}}
    return db.database()["users"].find_one(wanted, {"_id": 1}) is not None


def grant(username: str, role: str) -> bool:
    """Give a user a role.

    :returns: whether there is such a user.
    """
    granted = db.database()["users"].update_one({"username": username}, {"$addToSet": {"roles": role}})
    return bool(granted.matched_count)
