"""JSON Web Tokens (RFC 7519), HS256, that name a user and a session: access tokens, and those that renew them."""

from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import jwt
from bson import ObjectId
from bson.errors import InvalidId
from jwt.types import Options

from paytm.errors import Unauthorized

_ALGORITHM = "HS256"
_ACCESS, _REFRESH = "access", "refresh"
_REQUIRED = ["userId", "sid", "iat", "exp", "typ"]
# Seconds by which the clocks of two hosts may differ.
_LEEWAY = 5


class Caller(NamedTuple):
    """Who makes a request, and in which sign-in session."""

    user_id: ObjectId
    session_id: ObjectId


def issue(caller: Caller, *, secret: str, issued_at: datetime, expires_at: datetime) -> str:
    """Return a signed access token for a session."""
    claims = {**_subject(caller), "iat": issued_at, "exp": expires_at, "typ": _ACCESS}
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def issue_refresh(caller: Caller, generation: int, *, secret: str, issued_at: datetime, expires_at: datetime) -> str:
    """Return the signed refresh token of a session's generation; for the same times it is the same token."""
    claims = {**_subject(caller), "gen": generation, "iat": issued_at, "exp": expires_at, "typ": _REFRESH}
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def _subject(caller: Caller) -> dict[str, str]:
    return {"userId": str(caller.user_id), "sid": str(caller.session_id)}


def read(token: str, *, secret: str, now: float) -> Caller:
    """Return whom a token names.

    :param now: seconds since the epoch.
    :raises Unauthorized: whatever is wrong with it; the answer does not tell what.
    """
    caller, expires_at = _verified(token, secret)
    if expires_at <= now - _LEEWAY:
        raise Unauthorized
    return caller


def expiry(token: str, *, secret: str) -> int:
    """Return when an access token expires, in seconds since the epoch.

    :raises Unauthorized: it is none of ours.
    """
    return _verified(token, secret)[1]


def read_refresh(token: str, *, secret: str, now: float) -> tuple[Caller, int]:
    """Return whose session a refresh token renews, and of which generation it is.

    :param now: seconds since the epoch.
    :raises Unauthorized: whatever is wrong with it; the answer does not tell what.
    """
    caller, expires_at, claims = _decoded(token, secret, _REFRESH)
    generation = claims.get("gen")
    if expires_at <= now - _LEEWAY or not isinstance(generation, int):
        raise Unauthorized
    return caller, generation


# A client sends the same token with every request: what was verified once needs no second look but at the clock.
@lru_cache(maxsize=10_000)
def _verified(token: str, secret: str) -> tuple[Caller, int]:
    return _decoded(token, secret, _ACCESS)[:2]


def _decoded(token: str, secret: str, kind: str) -> tuple[Caller, int, dict[str, Any]]:
    try:
        # The end is for the reader to judge, by the clock it is given; all else holds as long as the token does.
        options: Options = {"require": _REQUIRED, "verify_exp": False}
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], options=options, leeway=_LEEWAY)
        if claims["typ"] != kind:
            raise Unauthorized
        return Caller(ObjectId(claims["userId"]), ObjectId(claims["sid"])), int(claims["exp"]), claims
    except (jwt.PyJWTError, InvalidId, TypeError, ValueError, OverflowError) as error:
        raise Unauthorized from error
