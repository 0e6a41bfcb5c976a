"""The accounts that a user has: opening further ones, looking at them, renaming and closing them."""

from collections.abc import Iterable
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from flask import current_app
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from paytm import db
from paytm.account.models import Account
from paytm.errors import Conflict, Forbidden, NotFound
from paytm.ledger import holds
from paytm.user import roles

_OPEN = {"$ne": "closed"}


def open_another(user_id: ObjectId, *, name: str, kind: str) -> dict[str, Any]:
    """Open another account of a user, with nothing in it.

    :param kind: ``wallet``, or ``merchant`` for users who are merchants.
    :raises Forbidden: the user is no merchant.
    :raises Conflict: the user has as many accounts as one may have.
    """
    if kind == "merchant" and not roles.has_any(user_id, roles.MERCHANT):
        raise Forbidden
    account = Account(id=ObjectId(), userId=user_id, name=name, kind=kind, balance=Int64(0), seq=Int64(0))
    account.validate()

    def body(session: ClientSession) -> None:
        accounts = db.database()["accounts"]
        # The count alone would let two openings at once be the last; both write the primary account.
        accounts.update_one({"_id": user_id}, {"$inc": {"openings": Int64(1)}}, session=session)
        opened = accounts.count_documents({"userId": user_id, "status": _OPEN}, session=session)
        if opened >= current_app.config["ACCOUNTS_MAX"]:
            raise Conflict(message="You have as many accounts as you may have")
        accounts.insert_one(account.to_mongo(), session=session)

    db.transaction(body)
    return dict(account.to_mongo())


def all_of(user_id: ObjectId) -> list[dict[str, Any]]:
    """Return the accounts of a user that are not closed, the primary one first and then as they were opened."""
    found = db.database()["accounts"].find({"userId": user_id, "status": _OPEN})
    return sorted(found, key=lambda account: (account["_id"] != user_id, account["_id"]))


def primary(user_ids: Iterable[ObjectId]) -> dict[ObjectId, dict[str, Any]]:
    """Return the primary accounts of users, by user, each with what of it is ``available``."""
    found = db.database()["accounts"].find({"_id": {"$in": list(user_ids)}})
    return {account["_id"]: {**account, "available": holds.available(account)} for account in found}


def one(user_id: ObjectId, account_id: ObjectId) -> dict[str, Any]:
    """Return an account of a user, be it closed.

    :raises NotFound: it is not the user's, or there is none.
    """
    return _mine(db.database()["accounts"].find_one({"_id": account_id, "userId": user_id}))


def rename(user_id: ObjectId, account_id: ObjectId, name: str) -> dict[str, Any]:
    """Give an account of a user another name.

    :raises NotFound: it is not the user's, or there is none.
    """
    return _mine(_changed({"_id": account_id, "userId": user_id}, {"name": name}))


def close(user_id: ObjectId, account_id: ObjectId) -> dict[str, Any]:
    """Close an account of a user for ever; what it did can still be read.

    :raises NotFound: it is not the user's, or there is none.
    :raises Conflict: it is the primary one, holds money, or is not active.
    """
    wanted = {"_id": {"$eq": account_id, "$ne": user_id}, "userId": user_id, "status": "active", "balance": 0}
    # One conditional write: a transfer at the same moment came before it, or finds the account closed.
    closed = _changed(wanted, {"status": "closed"})
    if closed is None:
        one(user_id, account_id)
        raise Conflict(message="Only an account that is active, empty and not your primary one can be closed")
    return closed


def _changed(wanted: dict[str, Any], change: dict[str, Any]) -> dict[str, Any] | None:
    changed: dict[str, Any] | None = db.database()["accounts"].find_one_and_update(
        wanted, {"$set": change}, return_document=ReturnDocument.AFTER
    )
    return changed


def _mine(account: dict[str, Any] | None) -> dict[str, Any]:
    if account is None:
        raise NotFound
    return account
