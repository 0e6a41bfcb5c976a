"""The people of a book: how much each of them was given and gave, and who owes whom."""

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId

from paytm.cashbook import sealing
from paytm.encryption import Keyring
from paytm.errors import RecordUnreadable

# What a group by ``nameIndex`` keeps of its records, so that one of them says how the person is written.
NEWEST = {"$max": {"_id": "$_id", "fullName": "$fullName"}}

_IDENTITY = ("_id", "newest")


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


def _name(owner: ObjectId, newest: Mapping[str, Any], keyring: Keyring) -> str | None:
    try:
        name: str = sealing.opened(newest, owner, keyring, ["fullName"])["fullName"]
    except RecordUnreadable:
        return None
    return name
