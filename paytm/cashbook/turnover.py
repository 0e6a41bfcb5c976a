"""What the records of a book sum up to between two days, for whoever reports on it; amounts in paise.

A report takes several reads: in one session that reads a snapshot they all see the book as it was at one moment.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any

from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import db, encryption
from paytm.cashbook import people, sealing
from paytm.cashbook.models import CREDIT, DEBIT
from paytm.encryption import Keyring
from paytm.errors import RecordUnreadable
from paytm.ledger import audit

Row = Mapping[str, Any]

_SUMS = {
    "transactions": {"$sum": 1},
    **{name: {"$sum": {"$cond": [{"$eq": ["$type", name]}, "$amount", 0]}} for name in (CREDIT, DEBIT)},
}
_BIGGEST = {"moved": -1, "newest._id": -1}


def version(owner: ObjectId, *, session: ClientSession) -> int:
    """Return how often the book was written, as :func:`paytm.cashbook.versions.current`."""
    row = audit.collection("cashbook_versions").find_one({"_id": owner}, {"version": 1}, session=session)
    return int(row["version"]) if row else 0


def by_day(owner: ObjectId, start: date, end: date, *, session: ClientSession) -> list[Row]:
    """Return ``{_id, transactions, credit, debit}`` of each day on which there is something, as YYYY-MM-DD."""
    stages = [_between(owner, start, end), {"$group": {"_id": "$date", **_SUMS}}]
    return list(audit.collection("cashbook").aggregate(stages, session=session))


def by_person(owner: ObjectId, start: date, end: date, *, limit: int, session: ClientSession) -> list[Row]:
    """Return ``{record, transactions, credit, debit}`` of those with whom most was moved; a record names them."""
    moved = {"$set": {"moved": {"$add": ["$credit", "$debit"]}}}
    stages = [_between(owner, start, end), {"$group": {"_id": "$nameIndex", "newest": people.NEWEST, **_SUMS}}, moved]
    keyring = encryption.keyring()
    if len(keyring) == 1:
        stages += [{"$sort": _BIGGEST}, {"$limit": limit}]
    groups = list(audit.collection("cashbook").aggregate(stages, session=session, allowDiskUse=True))
    if len(keyring) > 1:
        # The keys may be changed right now, and then somebody has a group for each of them.
        groups = current_app.extensions["cashbook"].run(partial(people.named, owner, groups, keyring))
    ranked = sorted(groups, key=lambda group: (group["moved"], group["newest"]["_id"]), reverse=True)
    return [{"record": group["newest"]["_id"], **{name: group[name] for name in _SUMS}} for group in ranked[:limit]]


def biggest(owner: ObjectId, start: date, end: date, *, limit: int, session: ClientSession) -> list[Row]:
    """Return the records of the largest amounts, as they are stored; of equal ones the latest first."""
    stages = [_between(owner, start, end), {"$sort": {"amount": -1, "date": -1, "_id": -1}}, {"$limit": limit}]
    return list(audit.collection("cashbook").aggregate(stages, session=session))


def names(owner: ObjectId, records: Collection[ObjectId]) -> dict[ObjectId, str]:
    """Return whom records are about, as they are written now; what does not decrypt is left out."""
    if not records:
        return {}
    keyring = encryption.keyring()
    found = db.database()["cashbook"].find({"_id": {"$in": list(records)}, "owner": owner}, {"fullName": True})
    return {record["_id"]: name for record in found if (name := _name(record, owner, keyring)) is not None}


def _name(record: Row, owner: ObjectId, keyring: Keyring) -> str | None:
    try:
        name: str = sealing.opened(record, owner, keyring, ("fullName",))["fullName"]
    except RecordUnreadable:
        return None
    return name


def _between(owner: ObjectId, start: date, end: date) -> Mapping[str, Any]:
    return {"$match": {"owner": owner, "deletedAt": None, "date": {"$gte": str(start), "$lte": str(end)}}}
