"""Pictures that nothing refers to: their request was cut off or refused, or another one took their place."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from pymongo import ASCENDING

from paytm import clock, db
from paytm.media import album
from paytm.media.store import Store

_POLL_SECONDS = 30.0
# Another attempt comes after it, where the store was away.
_LEASE = timedelta(hours=1)


def sweep(places: Mapping[str, Store]) -> Callable[[], float]:
    """Return what the worker repeats: it deletes one picture that is due, and returns the seconds to rest.

    :param places: the stores, by name.
    """
    return lambda: 0.0 if delete_due(places) else _POLL_SECONDS


def delete_due(places: Mapping[str, Store]) -> bool:
    """Delete the picture that has been due longest, and return whether there was one.

    :param places: the stores, by name.
    """
    now = clock.now()
    row = db.database()["pictures"].find_one_and_update(
        {"dueAt": {"$lte": now}}, {"$set": {"dueAt": now + _LEASE}}, sort=[("dueAt", ASCENDING)]
    )
    if row is None:
        return False
    album.delete(row, places)
    return True
