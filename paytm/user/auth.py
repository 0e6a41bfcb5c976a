"""Who is calling: every route needs a token, unless its view is marked :func:`public`."""

from collections.abc import Callable
from typing import Any, TypeVar

from bson import ObjectId
from flask import Flask, current_app, g, request

from paytm import clock, origins
from paytm.errors import Forbidden, Unauthorized
from paytm.user import roles, sessions, tokens
from paytm.user.tokens import Caller

View = TypeVar("View", bound=Callable[..., Any])

ACCESS_COOKIE = "accessToken"
_READS = {"GET", "HEAD", "OPTIONS"}


def public(view: View) -> View:
    """Mark a view that answers without a token; put it closest to the function."""
    view._is_public = True  # type: ignore[attr-defined]
    # Where flask-smorest keeps what the API document says of a view.
    view._apidoc = {"manual_doc": {"security": []}}  # type: ignore[attr-defined]
    return view


def ledger_confirms(view: View) -> View:
    """Mark a view whose posting shows whether the session stands; it need not be looked up before."""
    view._ledger_confirms = True  # type: ignore[attr-defined]
    return view


def allow(*any_of: str) -> Callable[[View], View]:
    """Mark a view that only users with one of these roles may use; admins may use all."""

    def mark(view: View) -> View:
        view._roles = any_of  # type: ignore[attr-defined]
        return view

    return mark


def authenticate(*, seen_within: float = sessions.BELIEVED_SECONDS) -> None:
    """Set ``g.caller`` from the bearer token, or without one from the cookie.

    :param seen_within: how many seconds ago its session may have been seen to stand.
    :raises Unauthorized: the token is missing or bad, or its session has ended.
    :raises ForeignOrigin: a browser sent the cookie with a write that no page of ours makes.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = _cookie()
    caller = tokens.read(token.strip(), secret=current_app.config["JWT_SECRET"], now=clock.now().timestamp())
    sessions.see(caller, within=seen_within)
    g.caller = caller


def admit(token: object) -> tuple[Caller, int]:
    """Return who opens a socket by a bearer token, or by the cookie where there is none, and when that token expires.

    :param token: what the client sent as one; None for none.
    :returns: the caller, and seconds since the epoch.
    :raises Unauthorized: the token is missing or bad, or its session has ended.
    :raises ForeignOrigin: a browser sent the cookie, and no page of ours opens the socket.
    """
    if token is None:
        token = request.cookies.get(ACCESS_COOKIE)
        if token is not None:
            # What comes over the socket is not kept from other origins, as the answer of a request is.
            origins.require_own()
    if not isinstance(token, str):
        raise Unauthorized
    secret = current_app.config["JWT_SECRET"]
    caller = tokens.read(token, secret=secret, now=clock.now().timestamp())
    sessions.see(caller, within=sessions.BELIEVED_SECONDS)
    return caller, tokens.expiry(token, secret=secret)


def recognise() -> ObjectId | None:
    """Return who calls a public view, where a good token came along; any other is as none."""
    try:
        authenticate()
    except Unauthorized:
        return None
    caller: Caller = g.caller
    return caller.user_id


def _cookie() -> str:
    token = request.cookies.get(ACCESS_COOKIE)
    if token is None:
        raise Unauthorized
    # A browser sends a cookie along whoever asks it to.
    if request.method not in _READS:
        origins.require_own()
    return token


def _authenticate_unless_public() -> None:
    asked = request._get_current_object()  # type: ignore[attr-defined]
    # An unknown route is answered 404, and a preflight never carries a token.
    if asked.endpoint is None or asked.method == "OPTIONS":
        return
    view = current_app.view_functions[asked.endpoint]
    if getattr(view, "_ledger_confirms", False):
        authenticate(seen_within=sessions.REMEMBERED_SECONDS)
    elif not getattr(view, "_is_public", False):
        authenticate()
    allowed = getattr(view, "_roles", None)
    if allowed is not None and not roles.has_any(g.caller.user_id, *allowed):
        raise Forbidden


def init_app(app: Flask) -> None:
    """Refuse unauthenticated requests before any view, so that a new route is closed until it is opened."""
    app.before_request(_authenticate_unless_public)
