"""Reading the book: one record, or many that a filter finds, in one of several orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bson import ObjectId
from pymongo import ASCENDING, DESCENDING

from paytm import db, encryption, sorting
from paytm.cashbook import rows, sealing, settlement
from paytm.sorting import Order

Document = Mapping[str, Any]

ORDERS: Mapping[str, Order] = sorting.named(
    Order("-date", "date", DESCENDING),
    Order("date", "date", ASCENDING),
    Order("-amount", "amount", DESCENDING, sorting.paise),
    Order("amount", "amount", ASCENDING, sorting.paise),
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which records are wanted; amounts in paise, None is any.

    :param name: the whole name, whatever its case, width and blanks.
    :param start: the first day, ``end`` the last one.
    """

    name: str | None = None
    type: str | None = None
    start: date | None = None
    end: date | None = None
    least: int | None = None
    most: int | None = None


def one(owner: ObjectId, record_id: ObjectId) -> Document:
    """Return a record of somebody's, as it is shown.

    :raises NotFound: there is none, or it is somebody else's.
    :raises RecordUnreadable: it does not decrypt.
    """
    return shown(rows.found(owner, record_id))


def page(
    owner: ObjectId, wanted: Filter, *, order: str, after: str | None, limit: int
) -> tuple[list[Document], str | None]:
    """Return a page of somebody's records, and the cursor of the next one; what does not decrypt is marked.

    :param order: one of ``ORDERS``.
    :param after: the cursor, as the page before returned it.
    :raises InvalidInput: the cursor is none of this order.
    """
    sort, keyring = ORDERS[order], encryption.keyring()
    conditions = [{"owner": owner, "deletedAt": None}, *_conditions(owner, wanted)]
    if after is not None:
        conditions.append(sort.behind(after))
    found = db.database()["cashbook"].find({"$and": conditions}, batch_size=limit + 2)
    records = list(found.sort(sort.keys).limit(limit + 1))
    following = sort.cursor(records[limit - 1]) if len(records) > limit else None
    opened = [sealing.opened_or_marked(record, owner, keyring) for record in records[:limit]]
    return _with_standings(opened), following


def shown(record: Document) -> Document:
    """Return a record as it is shown.

    :raises RecordUnreadable: it does not decrypt.
    """
    (seen,) = _with_standings([sealing.opened(record, record["owner"], encryption.keyring())])
    return seen


def _with_standings(records: Sequence[dict[str, Any]]) -> list[Document]:
    standings = settlement.standings(records)
    for record in records:
        if "settledBy" in record:
            record["settledBy"] = record["settledBy"] | {"status": standings[record["_id"]]}
    return list(records)


def _conditions(owner: ObjectId, wanted: Filter) -> list[dict[str, Any]]:
    names = sealing.indexes(owner, wanted.name, encryption.keyring()) if wanted.name else None
    bounds = (
        ("date", "$gte", wanted.start and str(wanted.start)),
        ("date", "$lte", wanted.end and str(wanted.end)),
        ("amount", "$gte", wanted.least),
        ("amount", "$lte", wanted.most),
        ("type", "$eq", wanted.type),
        # It may have been indexed under an older key.
        ("nameIndex", "$in", names),
    )
    return [{field: {operator: value}} for field, operator, value in bounds if value is not None]
