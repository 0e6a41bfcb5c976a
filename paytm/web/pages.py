"""The web client, as its build leaves it: one page, the files that it loads, and what browsers may do with them."""

from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import NotFound
from whitenoise import WhiteNoise

_MISSING = (
    "The API runs, and its document is at /api/docs. To get the pages, install Node.js 20.19 or newer with npm,"
    " and start it anew with: make run\n"
)
_HTML = "text/html"
# Nothing is loaded from elsewhere but pictures that Cloudinary delivers; "self" means sockets, too.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; img-src 'self' data: blob:{pictures}; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
_PICTURES = " https://res.cloudinary.com"
_HEADERS = {
    # Asked for anew each time: an old page would ask for files that a new build has no more.
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
}


def answer() -> Response:
    """Return the one page, whose script shows what the address names; without a build, how to get it.

    :raises NotFound: it is not a browser that asks for a page.
    """
    if request.path != "/" and _HTML not in request.accept_mimetypes.values():
        raise NotFound
    page: str | None = current_app.extensions["web"]
    if page is None:
        return Response(_MISSING, mimetype="text/plain")
    pictures = _PICTURES if current_app.config["CLOUDINARY_URL"] else ""
    policy = {"Content-Security-Policy": _POLICY.format(pictures=pictures)}
    return Response(page, mimetype=_HTML, headers=_HEADERS | policy)


def init_app(app: Flask) -> None:
    """Serve the files beside the routes, as they are now: page and files are of one build."""
    folder: Path = app.config["WEB_DIR"]
    page = folder / "index.html"
    app.extensions["web"] = page.read_text() if page.is_file() else None
    if app.extensions["web"] is None:
        return
    files = WhiteNoise(
        app.wsgi_app,
        folder,
        # The name of an asset has a digest of its content: another content has another name.
        immutable_file_test=lambda path, url: url.startswith("/assets/"),
        max_age=60,
        allow_all_origins=False,
        add_headers_function=_harden,
    )
    # The page has headers of its own.
    files.files.pop("/index.html")
    app.wsgi_app = files  # type: ignore[method-assign]


def _harden(headers: Headers, path: str, url: str) -> Any:
    headers["X-Content-Type-Options"] = "nosniff"
