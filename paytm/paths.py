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
    """Brings the case and the slashes of an API path to their one form; ids are lower-case hexadecimal anyway.

    :param api: answers such a path, ``others`` every other one, which it has as the client sent it.
    """

    def __init__(self, api: "WSGIApplication", others: "WSGIApplication") -> None:
        self._api = api
        self._others = others

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ["PATH_INFO"].lower()
        if "//" in path:
            path = _SLASHES.sub("/", path)
        if not path.startswith(PREFIX):
            return self._others(environ, start_response)
        environ["PATH_INFO"] = path.rstrip("/")
        return self._api(environ, start_response)


def init_app(app: Flask, api: "WSGIApplication") -> None:
    """Read the app's API paths leniently.

    :param api: the app without what it has in front of it for other paths.
    """
    app.wsgi_app = LenientPaths(api, app.wsgi_app)  # type: ignore[method-assign]
