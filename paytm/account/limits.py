"""What an account may pay out: the usual limits, its own, and what is used of them."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from flask import Flask, current_app
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import InvalidInput, NotFound
from paytm.ledger.limits import Limits, used
from paytm.ops import trail
from paytm.user import roles


def init_app(app: Flask) -> None:
    """Take the usual limits from the settings."""
    config = app.config
    app.extensions["limits"] = Limits(
        transaction_amount=config["TRANSFER_MAX"],
        day_amount=config["LIMIT_DAY_AMOUNT"],
        day_count=config["LIMIT_DAY_COUNT"],
        month_amount=config["LIMIT_MONTH_AMOUNT"],
        month_count=config["LIMIT_MONTH_COUNT"],
    )


def defaults() -> Limits:
    """Return what every account may pay that has no limits of its own."""
    usual: Limits = current_app.extensions["limits"]
    return usual


def is_too_large(account_id: ObjectId, amount: int) -> bool:
    """Tell whether a payment is more than the account may ever make at a time, so that the ledger need not be asked.

    :param amount: paise.
    """
    if amount <= current_app.config["TRANSFER_MAX"]:
        return False  # An account whose own limit is lower is the ledger's to refuse.
    account = db.database()["accounts"].find_one({"_id": account_id}, {"limits": 1}) or {}
    own: int = account.get("limits", {}).get("transaction_amount", 0)
    return amount > own


def standing(account_id: ObjectId, *, seen_by: ObjectId) -> dict[str, Any]:
    """Return an account's limits, which of them are its own, and what it used today and this month.

    :param seen_by: its owner, or an operator.
    :raises NotFound: there is none, or it is somebody else's.
    """
    account = db.database()["accounts"].find_one({"_id": account_id})
    if account is None or not (account["userId"] == seen_by or roles.has_any(seen_by, roles.OPERATOR)):
        raise NotFound
    return _standing(account)


def override(account_id: ObjectId, changes: Mapping[str, int | None], *, by: ObjectId) -> dict[str, Any]:
    """Give an account limits of its own.

    :param changes: paise and counts by the fields of :class:`paytm.ledger.limits.Limits`, None to go back to the usual
        one; limits that are not named stay as they are.
    :param by: the operator.
    :returns: as :func:`standing`.
    :raises InvalidInput: none is named.
    :raises NotFound: there is no such account.
    """
    if not changes:
        raise InvalidInput(errors={"limits": ["Name at least one."]})
    setting = {f"limits.{name}": Int64(value) for name, value in changes.items() if value is not None}
    removing = {f"limits.{name}": "" for name, value in changes.items() if value is None}
    update = {"$set": setting, "$unset": removing}

    def body(session: ClientSession) -> dict[str, Any]:
        # A payment that is under way has read the limits and will write the account: one of the two begins anew.
        changed = db.database()["accounts"].find_one_and_update(
            {"_id": account_id},
            {operator: fields for operator, fields in update.items() if fields},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        if changed is None:
            raise NotFound
        trail.record(
            "account.limits_changed", who=by, subject={"account": account_id}, session=session, limits=dict(changes)
        )
        return dict(changed)

    return _standing(db.transaction(body))


def _standing(account: Mapping[str, Any]) -> dict[str, Any]:
    own = account.get("limits", {})
    return {"limits": defaults().overridden(own), "own": own, **used(account.get("usage", {}), clock.now())}
