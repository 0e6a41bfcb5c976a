"""Becoming a user, and changing what one signed up with."""

import secrets
from typing import Any

from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from paytm import clock, db
from paytm.account import opening
from paytm.errors import EmailTaken, Unauthorized
from paytm.media import album
from paytm.notify import outbox
from paytm.ops import trail
from paytm.user import sessions
from paytm.user.directory import search_fields
from paytm.user.models import ACTIVE, User
from paytm.user.tokens import Caller


def sign_up(
    *, username: str, password: str, first_name: str, last_name: str, renewable: bool = False
) -> dict[str, Any]:
    """Create a user, the primary account with its opening balance, and a session, all or nothing.

    :param username: the e-mail address, trimmed and in lower case.
    :param renewable: whether the session has refresh tokens.
    :returns: the session.
    :raises EmailTaken: somebody has that e-mail address.
    """
    user = User(
        id=ObjectId(),
        username=username,
        passwordHash=current_app.extensions["passwords"].hash(password),
        firstName=first_name,
        lastName=last_name,
        createdAt=clock.now(),
        **search_fields(first_name, last_name),
    )
    user.validate()
    record = sessions.new(user.id, renewable=renewable)
    registered = outbox.event("user.registered", user=user.id)
    grant = opening.grant(user.id, _opening_balance())

    def body(session: ClientSession) -> None:
        db.database()["users"].insert_one(user.to_mongo(), session=session)
        opening.open_primary(user.id, grant, session=session)
        sessions.insert(record, session=session)
        outbox.insert(registered, session=session)
        trail.record("user.registered", who=user.id, subject={"user": user.id}, session=session)

    try:
        db.transaction(body)
    except DuplicateKeyError as error:
        # A commit that landed and was answered otherwise is repeated, and then meets its own user.
        if db.database()["users"].find_one({"_id": user.id}, {"_id": 1}) is None:
            raise EmailTaken from error
    return record


def _opening_balance() -> int:
    least, most = current_app.config["OPENING_BALANCE_MIN"], current_app.config["OPENING_BALANCE_MAX"]
    return int(least + secrets.randbelow(most - least + 1))


def change(
    caller: Caller,
    *,
    password: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    proof: str | None = None,
    picture: bytes | None = None,
) -> str | None:
    """Change what is given of a user. A new password ends every session.

    :param picture: the file as it came; empty to have none any more.
    :param proof: what :func:`paytm.user.sign_in.prove` gave for the old password; then this session goes on.
    :returns: the token of a new session when this one ended; else None.
    :raises Unauthorized: the session has ended, or the user is not active any more.
    :raises InvalidPicture: it is none, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    """
    wanted: dict[str, Any] = {"_id": caller.user_id, "status": ACTIVE}
    if proof is not None:
        wanted["passwordHash"] = proof
    changes: dict[str, Any] = {}
    if password is not None:
        changes["passwordHash"] = current_app.extensions["passwords"].hash(password)
    record = sessions.new(caller.user_id) if password is not None and proof is None else None
    changed = outbox.event("user.password_changed", user=caller.user_id)

    def body(session: ClientSession) -> None:
        sessions.confirm(caller.session_id, session=session)
        users = db.database()["users"]
        user = users.find_one(wanted, session=session)
        if user is None:
            raise Unauthorized
        first = user["firstName"] if first_name is None else first_name
        last = user["lastName"] if last_name is None else last_name
        renamed = {"firstName": first, "lastName": last, **search_fields(first, last)}
        users.update_one({"_id": caller.user_id}, {"$set": changes | renamed}, session=session)
        if picture is not None:
            pictures.enter(user.get("picture"), session=session)
        if password is not None:
            sessions.end_all(caller.user_id, keep=None if record else caller.session_id, session=session)
            outbox.insert(changed, session=session)
            trail.record("user.password_changed", who=caller.user_id, session=session)
        if record is not None:
            sessions.insert(record, session=session)

    with album.exchange(picture, purpose=album.PROFILE, owner=caller.user_id) as pictures:
        if picture is not None:
            changes["picture"] = pictures.new
        db.transaction(body)
    return sessions.token(record) if record is not None else None


def profile(user_id: ObjectId) -> dict[str, Any]:
    """Return a user.

    :raises Unauthorized: there is no such user any more.
    """
    user: dict[str, Any] | None = User.objects(id=user_id).exclude("grams", "passwordHash").as_pymongo().first()
    if user is None:
        raise Unauthorized
    return user
