"""The gunicorn worker: gevent's own HTTP server, which costs less per request than gunicorn's.

It adds what that one lacks: a limit on idle connections, a clean and quick end for all of them at a restart, a share of
them for each worker, turns for those of one worker, and the socket beneath a request that opens a WebSocket.
"""

import io
import re
import socket
from contextlib import suppress
from time import monotonic
from typing import Any

from gevent import Timeout, get_hub, idle
from gevent.pywsgi import OldMessage, headers_factory
from gevent.thread import LockType
from gunicorn.workers.ggevent import GeventPyWSGIWorker, PyWSGIHandler, PyWSGIServer

from paytm.occupancy import Occupancy

# The module is loaded before the workers are forked.
OCCUPANCY = Occupancy()

# So long a connection is left to a worker with fewer, which may be busy.
_COURTESY_SECONDS = 0.002
# Longer than proxies keep theirs (nginx: 60 s), so that it is the proxy who closes and no request meets a closed end.
_IDLE_SECONDS = 75

# Headers as nearly all clients write them: each in a line of its own, without a space in front of the colon.
# Nothing is tried twice, so that no client can make it slow.
_PLAIN_HEADER = rb"([!#$%&'*+.^_`|~0-9A-Za-z-]++):[ \t]*+([^\r\n]*+)\r\n"
_HEADER = re.compile(_PLAIN_HEADER)
_PLAIN_HEAD = re.compile(rb"(?:" + _PLAIN_HEADER + rb")*+\r\n")
# What the library refuses to read more of; the last line is empty.
_MOST_LINES, _LONGEST_LINE = 100, 65536


class Server(PyWSGIServer):
    """Ends its connections when it stops accepting new ones: the idle ones at once, the others with their answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.idle: set[Any] = set()
        self.web_sockets: set[Any] = set()
        self.is_stopping = False
        self._offered = self._seen = 0.0

    def do_read(self) -> Any:
        if OCCUPANCY.is_crowded():
            now = monotonic()
            if now - self._seen > _COURTESY_SECONDS:
                self._offered = now  # Another worker took the last one.
            self._seen = now
            if now - self._offered < _COURTESY_SECONDS:
                return None  # The loop asks again at once, unless another worker is quicker.
        self._seen = 0.0
        accepted = super().do_read()
        if accepted:
            OCCUPANCY.add(1)
        return accepted

    def handle(self, *args: Any) -> None:
        try:
            super().handle(*args)
        finally:
            OCCUPANCY.add(-1)

    def close(self) -> None:
        super().close()
        self.is_stopping = True
        OCCUPANCY.depart()
        for connection in tuple(self.idle):
            # A request that has arrived is still read and answered; after it the connection is at its end.
            with suppress(OSError):  # The client was quicker.
                connection.shutdown(socket.SHUT_RD)
        for connection in tuple(self.web_sockets):
            # Its client connects again, to another worker; told to go in so many words, it would stay away.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def read_headers(source: Any, *_: Any) -> OldMessage:
    """Read the headers of a request as the library does, plain ones without its parser, which takes them for a mail."""
    head = b""
    for _number in range(_MOST_LINES):
        line = source.readline(_LONGEST_LINE + 1)
        head += line
        if line in (b"\r\n", b"\n", b"") or len(line) > _LONGEST_LINE:
            break
    if not _PLAIN_HEAD.fullmatch(head):
        return headers_factory(io.BytesIO(head))
    headers = OldMessage()
    for name, value in _HEADER.findall(head):
        headers[name.decode("ascii")] = value.decode("iso-8859-1")
    return headers


class Handler(PyWSGIHandler):
    """One connection."""

    MessageClass = staticmethod(read_headers)

    def read_requestline(self) -> str:
        connection = self.socket
        self.server.idle.add(connection)
        line: str = ""  # As at the end of a connection.
        try:
            # Where client and database are as quick as we are, nothing that a connection does has to wait, and it would
            # be served on and on while others do. So each request comes after a look at who else is ready.
            idle(get_hub().loop.MAXPRI)
            with Timeout(_IDLE_SECONDS, False):
                line = super().read_requestline()
            return line
        finally:
            self.server.idle.discard(connection)

    def get_environ(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environ()
        # Where the WebSocket's side looks for it.
        environ["gunicorn.socket"] = self.socket
        return environ

    def handle_one_response(self) -> None:
        if self.headers.get("Upgrade", "").lower() != "websocket":
            super().handle_one_response()
            return
        connection = self.socket
        self.server.web_sockets.add(connection)
        try:
            if self.server.is_stopping:
                connection.shutdown(socket.SHUT_RDWR)
            super().handle_one_response()
        finally:
            self.server.web_sockets.discard(connection)
            # What follows on it is no HTTP.
            self.close_connection = True

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        # A client that is told so opens another connection, to another worker, and never meets a closed end.
        last = [("Connection", "close")] if self.server.is_stopping else []
        return super().start_response(status, [*headers, *last], exc_info)

    def log_request(self) -> None:
        """Leave it to the application, which logs each request with its id."""


class Worker(GeventPyWSGIWorker):
    """What ``worker_class`` names."""

    server_class = Server
    wsgi_handler = Handler

    def patch(self) -> None:
        super().patch()
        # Whoever notifies a Condition has its lock, and sees to that by trying to take it once more. gevent lets all
        # others run when that fails as it has to, and each operation of MongoDB's driver would make them wait for it.
        LockType._is_owned = LockType.locked

    def run(self) -> None:
        OCCUPANCY.enter(self.age)
        super().run()
