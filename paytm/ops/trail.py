"""The audit trail: who did what that somebody may have to answer for. It is only ever added to.

Users stand there by id, never by name or e-mail address.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from flask import has_request_context
from pymongo import IndexModel
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.ratelimit import source

NAME = "audit_events"

COLLECTIONS = (
    db.Collection(
        NAME,
        schema={"bsonType": "object", "required": ["what", "who", "subject", "at", "source", "details"]},
        indexes=(IndexModel([("at", -1)]), IndexModel([("who", 1), ("at", -1)])),
    ),
)


def event(
    what: str, *, who: ObjectId | None, subject: Mapping[str, Any] | None = None, **details: Any
) -> dict[str, Any]:
    """Return an event, to be inserted with what it tells of.

    :param what: for example ``session.signed_in`` or ``account.frozen``.
    :param who: the user who did it; None for the operator at the command line, and for somebody unknown.
    :param subject: what it was done to, for example ``{"user": id}``.
    :param details: facts that explain it.
    """
    return {
        "_id": ObjectId(),
        "what": what,
        "who": who,
        "subject": dict(subject or {}),
        "at": clock.now(),
        "source": source() if has_request_context() else None,
        "details": details,
    }


def record(what: str, *, session: ClientSession | None = None, **facts: Any) -> None:
    """Add an event to the trail, where a session is given inside its transaction; see :func:`event`."""
    db.database()[NAME].insert_one(event(what, **facts), session=session)


def newest(limit: int) -> list[dict[str, Any]]:
    """Return the latest events, newest first."""
    return list(db.database()[NAME].find().sort([("at", -1), ("_id", -1)]).limit(limit))
