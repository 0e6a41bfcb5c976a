"""What an account holds, and where its money came from and went."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.errors import InvalidAccount
from paytm.ledger.posting import SYSTEM_ACCOUNT
from paytm.user import directory


def balance(account_id: ObjectId) -> int:
    """Return an account's balance in paise.

    :raises InvalidAccount: there is no such account.
    """
    account = db.database()["accounts"].find_one({"_id": account_id}, {"balance": 1})
    if account is None:
        raise InvalidAccount
    paise: int = account["balance"]
    return paise


def page(account_id: ObjectId, *, before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of an account's history, newest first, and the cursor of the page that follows.

    :param before: the cursor: only entries with a lower seq.
    """
    seq = {"$exists": True} if before is None else {"$lt": before}
    newest = db.database()["entries"].find({"account": account_id, "seq": seq}, batch_size=limit + 2)
    entries = list(newest.sort("seq", -1).limit(limit + 1))
    shown = entries[:limit]
    made = db.database()["transactions"].find({"_id": {"$in": [entry["transaction"] for entry in shown]}})
    journal = {transaction["_id"]: transaction for transaction in made}
    others = {entry["_id"]: _other(account_id, journal[entry["transaction"]]) for entry in shown}
    names = {SYSTEM_ACCOUNT: "Opening balance"} | directory.names(others.values())
    lines = [
        _line(entry, journal[entry["transaction"]], {"id": other, "name": names.get(other)})
        for entry, other in zip(shown, others.values(), strict=True)
    ]
    return lines, shown[-1]["seq"] if len(entries) > limit else None


def _other(account_id: ObjectId, transaction: Mapping[str, Any]) -> ObjectId:
    other: ObjectId = transaction["to"] if transaction["from"] == account_id else transaction["from"]
    return other


def _line(entry: Mapping[str, Any], transaction: Mapping[str, Any], counterparty: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": transaction["_id"],
        "kind": transaction["kind"],
        "status": transaction["status"],
        "direction": "in" if entry["amount"] > 0 else "out",
        "amount": abs(entry["amount"]),
        "balance": entry["balance"],
        "counterparty": counterparty,
        "note": transaction.get("note"),
        "createdAt": entry["createdAt"],
    }
