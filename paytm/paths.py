"""How paths are read: clients write ``/user/signUp`` and ``/user/`` and mean the same route.

It is done without a redirect, which would break the preflight of a request from another origin.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask

from paytm.api import PREFIX

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_SLASHES = re.compile("/{2,}")


class LenientPaths:
    """Brings the case and the slashes of an API path to their one form; ids are lower-case hexadecimal anyway."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"].lower()
        if "//" in path:
            path = _SLASHES.sub("/", path)
        if path.startswith(PREFIX):
            environ["PATH_INFO"] = path.rstrip("/")
        return self._application(environ, start_response)


def init_app(app: Flask) -> None:
    """Read the app's API paths leniently."""
    app.wsgi_app = LenientPaths(app.wsgi_app)  # type: ignore[method-assign]
