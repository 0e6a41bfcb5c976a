"""Access tokens that last for minutes, and the refresh tokens that renew them.

A session counts its generations, and a refresh token names one: the newest renews the session and makes the next.
The one before it may come a moment later again, because its answer was lost; it gets the tokens of the newest. Any
other is a copy that somebody kept, and ends the session for whoever holds it.
"""

from datetime import timedelta
from typing import Any, NamedTuple

from flask import current_app
from pymongo import ReturnDocument

from paytm import clock, db
from paytm.errors import RefreshRefused, Unauthorized
from paytm.user import sessions, tokens
from paytm.user.tokens import Caller


class Pair(NamedTuple):
    """The tokens of a renewable session."""

    access: str
    refresh: str


def pair(record: dict[str, Any]) -> Pair:
    """Return the tokens of a renewable session's newest generation."""
    now = clock.now()
    caller = Caller(record["userId"], record["_id"])
    secret = current_app.config["JWT_SECRET"]
    ends = min(now + timedelta(seconds=current_app.config["ACCESS_TOKEN_LIFETIME"]), record["expiresAt"])
    return Pair(
        tokens.issue(caller, secret=secret, issued_at=now, expires_at=ends),
        tokens.issue_refresh(
            caller,
            record["generation"],
            secret=secret,
            issued_at=record["renewedAt"],
            expires_at=record["expiresAt"],
        ),
    )


def renew(refresh_token: str) -> Pair:
    """Return new tokens for a refresh token, which is used up with it.

    :raises RefreshRefused: it is no refresh token, its session has ended, or it was used before, which ends it.
    """
    now = clock.now()
    try:
        caller, generation = tokens.read_refresh(
            refresh_token, secret=current_app.config["JWT_SECRET"], now=now.timestamp()
        )
    except Unauthorized as error:
        raise RefreshRefused from error
    mine = {"_id": caller.session_id, "userId": caller.user_id}
    lifetime = timedelta(seconds=current_app.config["REFRESH_TOKEN_LIFETIME"])
    records = db.database()["sessions"]
    # One conditional write: of many at once with the same token exactly one begins the next generation.
    record = records.find_one_and_update(
        {**mine, "generation": generation},
        {"$inc": {"generation": 1}, "$set": {"renewedAt": now, "lastSeenAt": now, "expiresAt": now + lifetime}},
        return_document=ReturnDocument.AFTER,
    ) or records.find_one(mine)
    if record is None:
        raise RefreshRefused
    grace = timedelta(seconds=current_app.config["REFRESH_TOKEN_GRACE"])
    if record["generation"] != generation + 1 or record["renewedAt"] < now - grace:
        # Whether the owner or a thief holds the newer one is not known, so neither keeps the session.
        sessions.end(caller, why="session.refresh_token_reused")
        raise RefreshRefused
    return pair(record)
