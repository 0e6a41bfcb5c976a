"""What one process has to tell another, and nobody needs later; the change stream carries it."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db

ONLINE, OFFLINE, TYPING, CLOSE, APART = "online", "offline", "typing", "close", "apart"

Signal = Mapping[str, Any]


def new(kind: str, **content: Any) -> Signal:
    """Return a signal, to be inserted with what it tells of."""
    return {"_id": ObjectId(), "kind": kind, "createdAt": clock.now(), **content}


def insert(signal: Signal, *, session: ClientSession) -> None:
    """Send a signal to all processes that have sockets, inside the given transaction."""
    db.database()["signals"].insert_one(dict(signal), session=session)


def send(kind: str, **content: Any) -> None:
    """Send a signal to all processes that have sockets."""
    db.database()["signals"].insert_one(dict(new(kind, **content)))
