"""Tokens as cookies, which no script of a page can read."""

from typing import Any

from flask import Response, after_this_request, current_app, request

from paytm import origins
from paytm.api import PREFIX
from paytm.user.auth import ACCESS_COOKIE
from paytm.user.renewal import Pair

# A refresh token goes nowhere but where it is used.
_REFRESH_COOKIE, _REFRESH_PATH = "refreshToken", f"{PREFIX}/auth/refresh"


def give(pair: Pair) -> None:
    """Set both cookies on the answer to this request, unless a foreign page made it.

    That page may have the tokens of whoever's password it knows; but it is not to sign our own pages in as somebody.
    """
    if origins.is_own() is False:
        return
    config, guards = current_app.config, _guards()

    @after_this_request
    def add(response: Response) -> Response:
        response.set_cookie(ACCESS_COOKIE, pair.access, max_age=config["ACCESS_TOKEN_LIFETIME"], **guards)
        response.set_cookie(
            _REFRESH_COOKIE, pair.refresh, max_age=config["REFRESH_TOKEN_LIFETIME"], path=_REFRESH_PATH, **guards
        )
        return response


def take_away() -> None:
    """Remove both cookies with the answer to this request."""
    guards = _guards()

    @after_this_request
    def remove(response: Response) -> Response:
        response.delete_cookie(ACCESS_COOKIE, **guards)
        response.delete_cookie(_REFRESH_COOKIE, path=_REFRESH_PATH, **guards)
        return response


def refresh_token() -> str | None:
    """Return the refresh token of the cookie, if there is one.

    :raises ForeignOrigin: there is, and no page of ours makes the request.
    """
    token = request.cookies.get(_REFRESH_COOKIE)
    if token is not None:
        origins.require_own()
    return token


def _guards() -> dict[str, Any]:
    return {"secure": current_app.config["PRODUCTION"], "httponly": True, "samesite": "Strict"}
