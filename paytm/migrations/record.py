"""Which migrations a database has had, who runs one now, and what was declared when it was last brought up to date."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import structlog
from bson import ObjectId
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError, PyMongoError

from paytm import clock, db

log = structlog.get_logger()

# One for each migration by its name: who runs it, under a lease that is renewed while that process lives, or since when
# it is done. Beside them stands what was declared.
COLLECTION = db.Collection("migrations", schema={"bsonType": "object"})

_DECLARED = "declared"
_LEASE = timedelta(seconds=20)
_RENEWAL_SECONDS = 5.0


def done() -> set[str]:
    """Return the names of the migrations that were run to their end."""
    return {found["_id"] for found in _record().find({"doneAt": {"$exists": True}}, {"_id": 1})}


def declared() -> set[str]:
    """Return the names of everything that was ever declared."""
    found = _record().find_one({"_id": _DECLARED}) or {"names": []}
    return set(found["names"])


def declare(names: Iterable[str]) -> None:
    """Note down what is declared now, beside what older and newer versions did."""
    now = clock.now()
    _record().update_one(
        {"_id": _DECLARED}, {"$addToSet": {"names": {"$each": list(names)}}, "$set": {"at": now}}, upsert=True
    )


def claim(migration: str) -> ObjectId | None:
    """Take a migration that nobody runs and nobody has run, and return under what id; None for any other."""
    owner, now = ObjectId(), clock.now()
    lease = {"owner": owner, "startedAt": now, "leasedUntil": now + _LEASE}
    try:
        # Where the row is another's or done, it is not found, and cannot be inserted either.
        _record().update_one({"_id": migration, "leasedUntil": {"$lte": now}}, {"$set": lease}, upsert=True)
    except DuplicateKeyError:
        return None
    return owner


@contextmanager
def held(migration: str, owner: ObjectId) -> Iterator[None]:
    """Renew the lease of a migration while the block runs, and give it back where that fails."""
    ended = Event()
    renewing = Thread(target=_renew, args=[migration, owner, ended], daemon=True)
    renewing.start()
    try:
        yield
    except BaseException:
        _record().update_one({"_id": migration, "owner": owner}, {"$set": {"leasedUntil": clock.now()}})
        raise
    finally:
        ended.set()
        renewing.join()


def finish(migration: str, owner: ObjectId) -> bool:
    """Note down that a migration is done; False where another process has taken it over."""
    end = {"$set": {"doneAt": clock.now()}, "$unset": {"owner": "", "leasedUntil": ""}}
    return _record().update_one({"_id": migration, "owner": owner}, end).matched_count == 1


def _renew(migration: str, owner: ObjectId, ended: Event) -> None:
    while not ended.wait(_RENEWAL_SECONDS):
        try:
            until = {"$set": {"leasedUntil": clock.now() + _LEASE}}
            _record().update_one({"_id": migration, "owner": owner}, until)
        except PyMongoError as error:
            log.warning("database_unavailable", error=type(error).__name__)


def _record() -> Collection[dict[str, Any]]:
    return db.database()[COLLECTION.name]
