"""Freezing accounts, so that no money enters or leaves them, and unfreezing them."""

from typing import Any

from bson import ObjectId
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import Conflict, NotFound
from paytm.ops import trail


def freeze(account_id: ObjectId, *, by: ObjectId, reason: str) -> dict[str, Any]:
    """Freeze an active account; once this returns, no transfer of it completes.

    :param by: the operator.
    :raises NotFound: there is no such account.
    :raises Conflict: it is frozen already, or closed.
    """
    return _turn(account_id, "active", "frozen", what="account.frozen", by=by, reason=reason)


def unfreeze(account_id: ObjectId, *, by: ObjectId, reason: str) -> dict[str, Any]:
    """Make a frozen account active again.

    :param by: the operator.
    :raises NotFound: there is no such account.
    :raises Conflict: it is not frozen.
    """
    return _turn(account_id, "frozen", "active", what="account.unfrozen", by=by, reason=reason)


def _turn(account_id: ObjectId, before: str, after: str, *, what: str, by: ObjectId, reason: str) -> dict[str, Any]:
    def body(session: ClientSession) -> dict[str, Any]:
        accounts = db.database()["accounts"]
        # A transfer that is under way has read the status and will write the account: one of the two begins anew.
        turned: dict[str, Any] | None = accounts.find_one_and_update(
            {"_id": account_id, "status": before},
            {"$set": {"status": after}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if turned is None:
            found = accounts.find_one({"_id": account_id}, {"status": 1}, session=session)
            raise Conflict(message=f"The account is {found['status']}") if found else NotFound
        trail.record(what, who=by, subject={"account": account_id}, session=session, reason=reason)
        return turned

    return db.transaction(body)
