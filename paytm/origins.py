"""Which origins' pages may call, and which of them may send cookies.

Any page may call with a bearer token, unless the settings name origins: then those may, and with cookies too. The
host's own pages may always.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask_cors import CORS

from paytm.errors import ForeignOrigin

_EXPOSED_HEADERS = ["ETag", "Idempotent-Replayed", "Retry-After", "X-Cache", "X-Request-ID"]


def is_own() -> bool | None:
    """Tell whether a page of ours makes this request; None when the request does not say which page does."""
    for header in ("Origin", "Referer"):
        if header in request.headers:
            return _is_trusted(_origin(request.headers[header]))
    site = request.headers.get("Sec-Fetch-Site")
    return None if site is None else site == "same-origin"


def require_own() -> None:
    """Refuse a write that comes with a cookie, unless a page of ours is known to make it.

    :raises ForeignOrigin: another one makes it, or it is not known which.
    """
    if not is_own():
        raise ForeignOrigin


def _is_trusted(origin: str) -> bool:
    if origin in current_app.extensions["origins"]:
        return True
    scheme, _, host = origin.partition("://")
    # A proxy in front may have ended the encryption; a page without any does not speak for a host that has it.
    return host == request.host.lower() and scheme in (request.scheme, "https")


def _origin(url: str) -> str:
    """Return the scheme, host and port of a URL; nobody's for ``null``, as which a browser hides an origin."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower()


def init_app(app: Flask) -> None:
    """Answer browsers which origins may read what the app answers."""
    # "*" names nobody: cookies are not for everybody.
    named = [_origin(url) for url in (*app.config["CORS_ORIGINS"], app.config["FRONTEND_URL"]) if url not in ("", "*")]
    app.extensions["origins"] = frozenset(named)
    CORS(
        app,
        origins=named or "*",
        send_wildcard=not named,
        supports_credentials=bool(named),
        expose_headers=_EXPOSED_HEADERS,
        max_age=600,
    )
    if not named:
        app.after_request(_open_to_any_origin)


def _open_to_any_origin(response: Response) -> Response:
    # Two constant headers, which flask-cors would work out anew for every answer; preflights are left to it.
    if request.method != "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = ", ".join(_EXPOSED_HEADERS)
    return response
