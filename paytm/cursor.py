"""Cursors of lists that are sorted by time and then by id, newest first."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from bson import ObjectId
from bson.errors import InvalidId

from paytm.errors import InvalidInput


class Place(NamedTuple):
    """Where in a list something stands."""

    at: datetime
    id: ObjectId


def write(place: Place) -> str:
    """Return the cursor of the page that follows a place."""
    return f"{round(place.at.timestamp() * 1000)}-{place.id}"


def read(cursor: str | None) -> Place | None:
    """Return the place that a cursor stands for; None for none.

    :raises InvalidInput: it is not a cursor.
    """
    if cursor is None:
        return None
    try:
        milliseconds, id_ = cursor.split("-")
        return Place(datetime.fromtimestamp(int(milliseconds) / 1000, UTC), ObjectId(id_))
    except (ValueError, OverflowError, OSError, InvalidId) as error:
        raise InvalidInput(errors={"cursor": ["Not a cursor."]}) from error


def older(place: Place | None, *, time: str = "createdAt", id_: str = "_id") -> dict[str, Any]:
    """Return what a query asks of what stands behind a place, and so further in the past.

    :param time: the field that is sorted by first.
    :param id_: the field that is sorted by second.
    """
    if place is None:
        return {}
    # The bound alone is what an index is searched by.
    return {time: {"$lte": place.at}, "$or": [{time: {"$lt": place.at}}, {id_: {"$lt": place.id}}]}
