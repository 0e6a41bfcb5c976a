"""Which workers live: each says so every few seconds."""

from collections.abc import Callable
from datetime import timedelta

from bson import ObjectId
from pymongo import IndexModel

from paytm import clock, db

_BEAT_SECONDS = 5.0
_SILENT = timedelta(seconds=20)
_FORGOTTEN_SECONDS = 60 * 60

COLLECTIONS = (
    db.Collection(
        "workers",
        schema={"bsonType": "object", "required": ["at"]},
        indexes=(IndexModel("at", name="forgotten", expireAfterSeconds=_FORGOTTEN_SECONDS),),
    ),
)


def sweep() -> Callable[[], float]:
    """Return what a worker repeats: it says that it lives, and returns the seconds to rest."""
    worker = ObjectId()

    def beat() -> float:
        db.database()["workers"].update_one({"_id": worker}, {"$set": {"at": clock.now()}}, upsert=True)
        return _BEAT_SECONDS

    return beat


def alive() -> int:
    """Return how many were heard of lately."""
    return db.database()["workers"].count_documents({"at": {"$gt": clock.now() - _SILENT}})
