"""The outbox: what has happened and somebody must be told.

An event is inserted by the transaction that makes it true, so there is none without the other. The relay finds it
there, and removes it when it has noted down who is told what.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db

NAME = "outbox"

COLLECTIONS = (db.Collection(NAME, schema={"bsonType": "object", "required": ["kind", "createdAt"]}),)


def event(kind: str, **subject: Any) -> Mapping[str, Any]:
    """Return an event, to be inserted with what it tells of.

    :param kind: for example ``transaction.completed``.
    :param subject: ids and facts that its messages are made from.
    """
    return {"_id": ObjectId(), "kind": kind, "createdAt": clock.now(), **subject}


def insert(document: Mapping[str, Any], *, session: ClientSession) -> None:
    """Insert an event inside the given transaction."""
    db.write({"insert": NAME, "documents": [document]}, session=session)
