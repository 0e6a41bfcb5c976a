"""The people of a book: how much each of them gave and was given, and who owes whom."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from functools import partial
from operator import itemgetter
from typing import Any

from bson import ObjectId
from flask import current_app

from paytm import db, encryption, grams
from paytm.cashbook import sealing, settlement
from paytm.cashbook.models import CREDIT, DEBIT
from paytm.encryption import Keyring, Undecipherable, place
from paytm.errors import InvalidInput, RecordUnreadable

Person = Mapping[str, Any]

# What a group by ``nameIndex`` keeps of its records, so that one of them says how the person is written.
NEWEST = {"$max": {"_id": "$_id", "fullName": "$fullName"}}

# Who owes or is owed most comes first, or who is first in the alphabet.
LARGEST, BY_NAME = ORDERS = ("-net", "name")

_IDENTITY = ("_id", "newest")


def page(owner: ObjectId, *, order: str, after: str | None, limit: int) -> tuple[list[Person], str | None]:
    """Return a page of the people in somebody's book, by the records that nobody has paid, and the next one's cursor.

    :param order: one of ``ORDERS``; who cannot be read is the last by name.
    :param after: the cursor, as the page before returned it.
    :returns: ``{fullName, credit, debit, net, owes, records}``, amounts in paise; ``net`` is above 0 where they owe.
    :raises InvalidInput: the cursor is none of this order.
    """
    keyring = encryption.keyring()
    groups = _groups(owner)
    work = partial(_page, owner, groups, order=order, after=after, limit=limit, keyring=keyring)
    shown: tuple[list[Person], str | None] = current_app.extensions["cashbook"].run(work)
    return shown


def named(owner: ObjectId, groups: Iterable[Mapping[str, Any]], keyring: Keyring) -> list[dict[str, Any]]:
    """Return the people that groups of records stand for, by one decryption for each group.

    While keys are rotated, the records of somebody may stand in several groups, one for each key: they become one.

    :param groups: ``{_id, newest}``, by ``nameIndex``, and sums, which are added up.
    :returns: ``{_id, newest, fullName}`` and the sums; ``_id`` is the newest key's index, and ``fullName`` None where
        it does not decrypt.
    """
    people: dict[bytes, dict[str, Any]] = {}
    for group in groups:
        name = _name(owner, group["newest"], keyring)
        index = group["_id"] if name is None else sealing.indexes(owner, name, keyring)[0]
        known = people.setdefault(index, {"_id": index, "newest": group["newest"], "fullName": name})
        if group["newest"]["_id"] > known["newest"]["_id"]:
            known |= {"newest": group["newest"], "fullName": name}
        for sum_ in group.keys() - _IDENTITY:
            known[sum_] = known.get(sum_, 0) + group[sum_]
    return list(people.values())


def _groups(owner: ObjectId) -> list[Mapping[str, Any]]:
    unsettled = {"settledBy.transaction": None, "settledBy.request": {"$nin": settlement.paid_requests(owner)}}
    sums = {name: {"$sum": {"$cond": [{"$eq": ["$type", name]}, "$amount", 0]}} for name in (CREDIT, DEBIT)}
    pipeline: list[dict[str, Any]] = [
        {"$match": {"owner": owner, "deletedAt": None, **unsettled}},
        {"$group": {"_id": "$nameIndex", "newest": NEWEST, "records": {"$sum": 1}, **sums}},
    ]
    return list(db.database()["cashbook"].aggregate(pipeline))


def _page(
    owner: ObjectId,
    groups: Iterable[Mapping[str, Any]],
    *,
    order: str,
    after: str | None,
    limit: int,
    keyring: Keyring,
) -> tuple[list[Person], str | None]:
    people = [_with_net(person) for person in named(owner, groups, keyring)]
    ranked = sorted(((_rank(person, order), person) for person in people), key=itemgetter(0))
    if after is not None:
        last = _read_cursor(after, owner, order, keyring)
        ranked = [row for row in ranked if row[0] > last]
    following = _cursor(ranked[limit - 1][0], owner, order, keyring) if len(ranked) > limit else None
    return [person for _, person in ranked[:limit]], following


def _with_net(person: Person) -> dict[str, Any]:
    net = person[DEBIT] - person[CREDIT]
    return {**person, "net": net, "owes": "they" if net > 0 else "you" if net < 0 else "nobody"}


def _rank(person: Person, order: str) -> list[Any]:
    """Return what people are sorted by; the index makes it an order without ties."""
    name, index = person["fullName"], person["_id"].hex()
    return [-abs(person["net"]), index] if order == LARGEST else [name is None, grams.fold(name or ""), index]


def _cursor(rank: list[Any], owner: ObjectId, order: str, keyring: Keyring) -> str:
    # Encrypted, because addresses are logged on their way, and a rank may be a name.
    sealed = keyring.encrypt(json.dumps(rank), place("cashbook", f"cursor {order}", owner))
    return urlsafe_b64encode(sealed).decode().rstrip("=")


def _read_cursor(cursor: str, owner: ObjectId, order: str, keyring: Keyring) -> list[Any]:
    try:
        sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        rank: list[Any] = json.loads(keyring.decrypt(sealed, place("cashbook", f"cursor {order}", owner)))
    except (ValueError, Undecipherable) as error:
        raise InvalidInput(errors={"cursor": ["Not a cursor of this order."]}) from error
    return rank


def _name(owner: ObjectId, newest: Mapping[str, Any], keyring: Keyring) -> str | None:
    try:
        name: str = sealing.opened(newest, owner, keyring, ["fullName"])["fullName"]
    except RecordUnreadable:
        return None
    return name
