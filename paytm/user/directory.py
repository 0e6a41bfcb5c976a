"""Finding people by name."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.user.models import ACTIVE

_LONGEST_GRAM = 3
# Two names of 50 characters, and the space between them.
_LONGEST_TEXT = 101


def search_fields(first_name: str, last_name: str) -> dict[str, Any]:
    """Return what the directory needs to find a name: its folded text, and all pieces of up to three letters.

    The pieces are indexed, so that any part of a name is found without a scan.
    """
    text = _fold(f"{first_name} {last_name}")
    return {"searchName": text, "grams": sorted(_grams(text, range(1, _LONGEST_GRAM + 1)))}


def search(text: str, *, cursor: ObjectId | None, limit: int) -> tuple[list[dict[str, Any]], ObjectId | None]:
    """Return a page of people whose names contain a text, oldest first, and the cursor of the page that follows.

    :param text: literal, in any case; empty for everybody.
    :param cursor: the last person of the page before.
    :returns: up to ``limit`` of ``{_id, firstName, lastName}``, and None with the last page.
    """
    query: dict[str, Any] = {"status": ACTIVE}
    folded = _fold(text)
    if "\0" in text or len(text.strip()) > _LONGEST_TEXT:
        return [], None  # No name is like that, and MongoDB is spared the query.
    if folded:
        query["grams"] = {"$all": sorted(_grams(folded, [min(len(folded), _LONGEST_GRAM)]))}
    if len(folded) > _LONGEST_GRAM:
        query["searchName"] = {"$regex": re.escape(folded)}
    if cursor is not None:
        query["_id"] = {"$gt": cursor}
    found = db.database()["users"].find(query, {"firstName": 1, "lastName": 1}, batch_size=limit + 2)
    people = list(found.sort("_id", 1).limit(limit + 1))
    return people[:limit], people[limit - 1]["_id"] if len(people) > limit else None


def names(user_ids: Iterable[ObjectId]) -> dict[ObjectId, str]:
    """Return the display names of users; ids that are nobody's are left out."""
    people = db.database()["users"].find({"_id": {"$in": list(user_ids)}}, {"firstName": 1, "lastName": 1})
    return {person["_id"]: display_name(person) for person in people}


def display_name(person: Mapping[str, Any]) -> str:
    """Return what a person is called; who has a single name has an empty last name."""
    return f"{person['firstName']} {person['lastName']}".strip()


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _grams(text: str, sizes: Iterable[int]) -> set[str]:
    return {text[start : start + size] for size in sizes for start in range(len(text) - size + 1)}
