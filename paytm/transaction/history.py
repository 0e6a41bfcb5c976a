"""Finding transactions again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.account import ownership
from paytm.cursor import Place, older
from paytm.errors import InvalidInput, NotFound
from paytm.ledger.posting import COMPLETED, DECLINED
from paytm.user import roles

Document = Mapping[str, Any]

_MIRROR = {"$gte": "$lte", "$lte": "$gte"}
_BAD_CURSOR = {"cursor": ["Not a cursor."]}
_LARGEST_SEQ = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which transactions are wanted; amounts in paise, None is any."""

    account: ObjectId | None = None
    kind: str | None = None
    status: str = COMPLETED
    counterparty: ObjectId | None = None
    start: datetime | None = None
    end: datetime | None = None
    least: int | None = None
    most: int | None = None


def page(user_id: ObjectId, wanted: Filter, *, before: str | None, limit: int) -> tuple[list[Document], str | None]:
    """Return a page of a user's transactions, newest first, and the cursor of the next one.

    :param before: the cursor, as the page before returned it.
    :raises NotFound: the account that is wanted is not the user's.
    :raises InvalidInput: the cursor is none.
    """
    if wanted.account is not None:
        ownership.check(user_id, wanted.account)
    mine = [wanted.account] if wanted.account else ownership.ids(user_id)
    if wanted.status == DECLINED:
        return _declined(user_id, mine, wanted, before=before, limit=limit)
    return _completed(mine, wanted, before=before, limit=limit)


def one(user_id: ObjectId, transaction_id: ObjectId) -> Document:
    """Return a transaction that a user has a part in, or any to an operator.

    :raises NotFound: there is none, or it is other people's.
    """
    found = db.database()["transactions"].find_one({"_id": transaction_id})
    if found is None or not (has_part(user_id, found) or roles.has_any(user_id, roles.OPERATOR)):
        raise NotFound
    (shown,) = _with_refunds([found])
    return shown


def between(
    user_id: ObjectId, other_id: ObjectId, *, before: Place | None, since: datetime | None, limit: int
) -> list[Document]:
    """Return what moved between two people, as one of them sees it, newest first.

    Who pays several people at once sees it in the history alone, because that has nobody on its other side.

    :param before: only what is behind it.
    :param since: not what happened earlier.
    :param limit: how many, and what else there is at the instant of the last one.
    :returns: ``{_id, createdAt, direction, amount, transaction, note}``, by entries of the user's; paise.
    """
    others = {"account": {"$in": ownership.ids(user_id)}, "other": {"$in": ownership.ids(other_id)}}
    conditions = [others, older(before), *([] if since is None else [{"createdAt": {"$gte": since}}])]
    newest = db.database()["entries"].find({"$and": conditions}, batch_size=limit + 1)
    entries: list[Document] = []
    # The index has no ids: what happened at one instant is told apart here, and so has to be here as a whole.
    with newest.sort([("createdAt", -1), ("seq", -1)]) as found:
        for entry in found:
            if len(entries) >= limit and entry["createdAt"] != entries[-1]["createdAt"]:
                break
            entries.append(entry)
    journal = _journal(entry["transaction"] for entry in entries)
    return [
        {
            "_id": entry["_id"],
            "createdAt": entry["createdAt"],
            "direction": "in" if entry["amount"] > 0 else "out",
            "amount": abs(entry["amount"]),
            "transaction": entry["transaction"],
            "note": journal[entry["transaction"]].get("note"),
        }
        for entry in entries
    ]


def has_part(user_id: ObjectId, transaction: Document) -> bool:
    """Tell whether a transaction is a user's own, or touched an account of the user."""
    lines = transaction.get("lines", [])
    touched = {transaction["from"], transaction.get("to"), *(line["to"] for line in lines)}
    return transaction["ownerId"] == user_id or not touched.isdisjoint(ownership.ids(user_id))


def _completed(
    mine: Sequence[ObjectId], wanted: Filter, *, before: str | None, limit: int
) -> tuple[list[Document], str | None]:
    conditions: list[dict[str, Any]] = [{"account": {"$in": mine}}]
    if len(mine) > 1:
        # What moved between two of them is there twice; the one that paid stands for it.
        conditions.append({"$or": [{"amount": {"$lt": 0}}, {"other": {"$nin": mine}}]})
    if wanted.kind is not None:
        conditions.append({"kind": wanted.kind})
    if wanted.counterparty is not None:
        conditions.append({"other": wanted.counterparty})
    conditions += [{"createdAt": bound} for bound in _times(wanted)]
    amounts = _amounts(wanted)
    if amounts:
        signs = ({"amount": amounts}, {"amount": {_MIRROR[name]: -value for name, value in amounts.items()}})
        conditions.append({"$or": list(signs)})
    if before is not None:
        at, seq = _read_cursor(before)
        conditions.append({"$or": [{"createdAt": {"$lt": at}}, {"createdAt": at, "seq": {"$lt": seq}}]})
    # Two accounts may have an entry each at one time and number: a page ends behind both.
    spare = limit + len(mine)
    newest = db.database()["entries"].find({"$and": conditions}).sort([("createdAt", -1), ("seq", -1)])
    entries = list(newest.limit(spare + 1))
    size = limit
    while size < len(entries) and _cursor(entries[size]) == _cursor(entries[size - 1]):
        size += 1
    shown = entries[:size]
    journal = _journal(entry["transaction"] for entry in shown)
    following = _cursor(shown[-1]) if len(entries) > size else None
    return _with_refunds([journal[entry["transaction"]] for entry in shown]), following


def _declined(
    user_id: ObjectId, mine: Sequence[ObjectId], wanted: Filter, *, before: str | None, limit: int
) -> tuple[list[Document], str | None]:
    conditions: list[dict[str, Any]] = [{"ownerId": user_id, "status": DECLINED}]
    if wanted.account is not None:
        conditions.append({"from": {"$in": mine}})
    if wanted.kind is not None:
        conditions.append({"kind": wanted.kind})
    if wanted.counterparty is not None:
        conditions.append({"to": wanted.counterparty})
    conditions += [{"createdAt": bound} for bound in _times(wanted)]
    amounts = _amounts(wanted)
    if amounts:
        conditions.append({"amount": amounts})
    if before is not None:
        if not ObjectId.is_valid(before):
            raise InvalidInput(errors=_BAD_CURSOR)
        conditions.append({"_id": {"$lt": ObjectId(before)}})
    found: list[Document] = list(
        db.database()["transactions"].find({"$and": conditions}).sort("_id", -1).limit(limit + 1)
    )
    return found[:limit], str(found[limit - 1]["_id"]) if len(found) > limit else None


def _times(wanted: Filter) -> list[dict[str, datetime]]:
    bounds = (("$gte", wanted.start), ("$lt", wanted.end))
    return [{name: value} for name, value in bounds if value is not None]


def _amounts(wanted: Filter) -> dict[str, int]:
    if wanted.least is wanted.most is None:
        return {}
    # From one paisa on, because an entry that is mirrored has the other sign.
    return {"$gte": max(wanted.least or 1, 1)} | ({} if wanted.most is None else {"$lte": wanted.most})


def _cursor(entry: Document) -> str:
    return f"{round(entry['createdAt'].timestamp() * 1000)}-{entry['seq']}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    try:
        milliseconds, seq = map(int, cursor.split("-"))
        return datetime.fromtimestamp(milliseconds / 1000, UTC), min(seq, _LARGEST_SEQ)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidInput(errors=_BAD_CURSOR) from error


def _journal(ids: Iterable[ObjectId]) -> dict[ObjectId, Document]:
    return {found["_id"]: found for found in db.database()["transactions"].find({"_id": {"$in": list(ids)}})}


def _with_refunds(transactions: Sequence[Document]) -> list[Document]:
    wanted = {"_id": {"$in": [transaction["_id"] for transaction in transactions]}}
    refunded = {counted["_id"]: counted["amount"] for counted in db.database()["refunds"].find(wanted)}
    return [{**transaction, "refunded": refunded.get(transaction["_id"], 0)} for transaction in transactions]
