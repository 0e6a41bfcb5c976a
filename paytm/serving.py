"""The gunicorn worker: gevent's own HTTP server, which costs less per request than gunicorn's.

It adds what that one lacks: a limit on idle connections, and a quick end for them at a restart.
"""

import socket
from contextlib import suppress
from typing import Any

from gevent import Timeout
from gunicorn.workers.ggevent import GeventPyWSGIWorker, PyWSGIHandler, PyWSGIServer

# Longer than proxies keep theirs (nginx: 60 s), so that it is the proxy who closes and no request meets a closed end.
_IDLE_SECONDS = 75


class Server(PyWSGIServer):
    """Knows its idle connections, and closes them when it stops accepting new ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.idle: set[Any] = set()

    def close(self) -> None:
        super().close()
        for connection in tuple(self.idle):
            # A request that has arrived is still read and answered; after it the connection is at its end.
            with suppress(OSError):  # The client was quicker.
                connection.shutdown(socket.SHUT_RD)


class Handler(PyWSGIHandler):
    """One connection."""

    def read_requestline(self) -> str:
        connection = self.socket
        self.server.idle.add(connection)
        line: str = ""  # As at the end of a connection.
        try:
            with Timeout(_IDLE_SECONDS, False):
                line = super().read_requestline()
            return line
        finally:
            self.server.idle.discard(connection)

    def log_request(self) -> None:
        """Leave it to the application, which logs each request with its id."""


class Worker(GeventPyWSGIWorker):
    """What ``worker_class`` names."""

    server_class = Server
    wsgi_handler = Handler
