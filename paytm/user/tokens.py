"""JSON Web Tokens (RFC 7519), HS256, that name a user and a session."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import jwt
from bson import ObjectId
from bson.errors import InvalidId
from jwt.types import Options

from paytm.errors import Unauthorized

_ALGORITHM = "HS256"
_ACCESS = "access"
_REQUIRED = ["userId", "sid", "iat", "exp", "typ"]
# Seconds by which the clocks of two hosts may differ.
_LEEWAY = 5


class Caller(NamedTuple):
    """Who makes a request, and in which sign-in session."""

    user_id: ObjectId
    session_id: ObjectId


def issue(caller: Caller, *, secret: str, issued_at: datetime, expires_at: datetime) -> str:
    """Return a signed access token for a session."""
    claims = {
        "userId": str(caller.user_id),
        "sid": str(caller.session_id),
        "iat": issued_at,
        "exp": expires_at,
        "typ": _ACCESS,
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM)


def read(token: str, *, secret: str, now: float) -> Caller:
    """Return whom a token names.

    :param now: seconds since the epoch.
    :raises Unauthorized: whatever is wrong with it; the answer does not tell what.
    """
    caller, expires_at = _verified(token, secret)
    if expires_at <= now - _LEEWAY:
        raise Unauthorized
    return caller


# A client sends the same token with every request: what was verified once needs no second look but at the clock.
@lru_cache(maxsize=10_000)
def _verified(token: str, secret: str) -> tuple[Caller, int]:
    try:
        # The end is for read() to judge, by the clock it is given; all else holds as long as the token does.
        options: Options = {"require": _REQUIRED, "verify_exp": False}
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], options=options, leeway=_LEEWAY)
        if claims["typ"] != _ACCESS:
            raise Unauthorized
        return Caller(ObjectId(claims["userId"]), ObjectId(claims["sid"])), int(claims["exp"])
    except (jwt.PyJWTError, InvalidId, TypeError, ValueError, OverflowError) as error:
        raise Unauthorized from error
