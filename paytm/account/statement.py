"""What an account holds, and where its money came from and went."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bson import ObjectId

from paytm import clock, db
from paytm.account import counterparties
from paytm.errors import InvalidAccount, InvalidInput
from paytm.ledger import holds
from paytm.ledger.posting import CARD_ACCOUNT, SYSTEM_ACCOUNT


def balance(account_id: ObjectId) -> dict[str, int]:
    """Return an account's ``balance`` and what of it is ``available``, in paise.

    :raises InvalidAccount: there is no such account.
    """
    account = db.database()["accounts"].find_one({"_id": account_id}, {"balance": 1, "held": 1})
    if account is None:
        raise InvalidAccount
    return {"balance": account["balance"], "available": holds.available(account)}


def balance_at(account_id: ObjectId, at: datetime) -> int:
    """Return what an account held at an instant, in paise: 0 before its first entry.

    :raises InvalidInput: the instant is still to come, and so is what the account will hold.
    """
    if at > clock.now():
        raise InvalidInput(errors={"at": ["It is still to come."]})
    entry = last_entry(account_id, {"$lte": at})
    return entry["balance"] if entry else 0


def last_entry(account_id: ObjectId, created: Mapping[str, datetime]) -> dict[str, Any] | None:
    """Return an account's last entry whose ``createdAt`` is within bounds, by one seek in the index."""
    wanted = {"account": account_id, "createdAt": created}
    return db.database()["entries"].find_one(wanted, sort=[("createdAt", -1), ("seq", -1)])


def page(account_id: ObjectId, *, before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of an account's history, newest first, and the cursor of the page that follows.

    :param before: the cursor: only entries with a lower seq.
    """
    seq = {"$exists": True} if before is None else {"$lt": before}
    newest = db.database()["entries"].find({"account": account_id, "seq": seq}, batch_size=limit + 2)
    entries = list(newest.sort("seq", -1).limit(limit + 1))
    shown = entries[:limit]
    return lines(shown), shown[-1]["seq"] if len(entries) > limit else None


def lines(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what people read of entries, be they of several accounts: kind, direction, counterparty, note; paise."""
    found = nameless(entries)
    spoken_of: defaultdict[ObjectId, set[ObjectId]] = defaultdict(set)
    for entry, line in zip(entries, found, strict=True):
        spoken_of[entry["account"]] |= {line["counterparty"]["id"]} - {None}
    names = counterparties.names(spoken_of)
    return [
        line | {"counterparty": counterparties.called(line["counterparty"], names[entry["account"]])}
        for entry, line in zip(entries, found, strict=True)
    ]


def nameless(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return lines that will never change: counterparties without the names that people have at the moment."""
    made = db.database()["transactions"].find({"_id": {"$in": [entry["transaction"] for entry in entries]}})
    journal = {transaction["_id"]: transaction for transaction in made}
    return [_line(entry, journal[entry["transaction"]]) for entry in entries]


def _other(account_id: ObjectId, transaction: Mapping[str, Any]) -> Any:
    """Return the account on the other side; None for who pays several at once."""
    return transaction["from"] if transaction["from"] != account_id else transaction.get("to")


def _bank_name(other: ObjectId | None, transaction: Mapping[str, Any]) -> str | None:
    if other == CARD_ACCOUNT:
        return counterparties.CARD
    if other != SYSTEM_ACCOUNT:
        return None
    # Opening balances alone are posted without a request, and so without a key.
    return "Funding" if "key" in transaction else "Opening balance"


def _line(entry: Mapping[str, Any], transaction: Mapping[str, Any]) -> dict[str, Any]:
    other = _other(entry["account"], transaction)
    return {
        "id": transaction["_id"],
        "kind": transaction["kind"],
        "status": transaction["status"],
        "direction": "in" if entry["amount"] > 0 else "out",
        "amount": abs(entry["amount"]),
        "balance": entry["balance"],
        "counterparty": {"id": other, "name": _bank_name(other, transaction)},
        "note": transaction.get("note"),
        "createdAt": entry["createdAt"],
    }
