"""Finding people by name."""

from collections.abc import Iterable, Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import db, grams
from paytm.user.models import ACTIVE

# Two names of 50 characters, and the space between them.
_LONGEST_TEXT = 101

# What everybody may see of somebody.
_SEEN = {"firstName": True, "lastName": True, "picture": True}


def search_fields(first_name: str, last_name: str) -> dict[str, Any]:
    """Return what the directory needs to find a name; see :func:`paytm.grams.fields`."""
    return grams.fields(f"{first_name} {last_name}")


def containing(text: str) -> dict[str, Any] | None:
    """Return the conditions that find users by a text in their names; see :func:`paytm.grams.containing`."""
    return grams.containing(text, longest=_LONGEST_TEXT)


def search(text: str, *, cursor: ObjectId | None, limit: int) -> tuple[list[dict[str, Any]], ObjectId | None]:
    """Return a page of people whose names contain a text, oldest first, and the cursor of the page that follows.

    :param text: literal, in any case; empty for everybody.
    :param cursor: the last person of the page before.
    :returns: up to ``limit`` of ``{_id, firstName, lastName, picture?}``, and None with the last page.
    """
    conditions = containing(text)
    if conditions is None:
        return [], None
    query: dict[str, Any] = {"status": ACTIVE, **conditions}
    if cursor is not None:
        query["_id"] = {"$gt": cursor}
    found = db.database()["users"].find(query, _SEEN, batch_size=limit + 2)
    people = list(found.sort("_id", 1).limit(limit + 1))
    return people[:limit], people[limit - 1]["_id"] if len(people) > limit else None


def people(user_ids: Iterable[ObjectId]) -> dict[ObjectId, dict[str, Any]]:
    """Return what everybody may see of users, by id: ``{_id, firstName, lastName}``; nobody's ids are left out."""
    found = db.database()["users"].find({"_id": {"$in": list(user_ids)}}, {"firstName": 1, "lastName": 1})
    return {person["_id"]: person for person in found}


def is_active(user_id: ObjectId, *, session: ClientSession) -> bool:
    """Tell whether there is such a user, not disabled, as the given transaction finds it."""
    wanted = {"_id": user_id, "status": ACTIVE}
    return db.database()["users"].find_one(wanted, {"_id": 1}, session=session) is not None


def names(user_ids: Iterable[ObjectId]) -> dict[ObjectId, str]:
    """Return the display names of users; ids that are nobody's are left out."""
    return {user_id: display_name(person) for user_id, person in people(user_ids).items()}


def cards(user_ids: Iterable[ObjectId]) -> dict[ObjectId, dict[str, Any]]:
    """Return ``{id, name, picture}`` of users, the picture as its id or None; ids that are nobody's are left out."""
    people = db.database()["users"].find({"_id": {"$in": list(user_ids)}}, _SEEN)
    return {
        person["_id"]: {"id": person["_id"], "name": display_name(person), "picture": person.get("picture")}
        for person in people
    }


def display_name(person: Mapping[str, Any]) -> str:
    """Return what a person is called; who has a single name has an empty last name."""
    return f"{person['firstName']} {person['lastName']}".strip()
