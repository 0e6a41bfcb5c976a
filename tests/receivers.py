"""Those who are told: a real mail server and a real web server, which remember what came."""

import email
import email.policy
import threading
from collections import deque
from collections.abc import Callable
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.server import free_port

_SECONDS = 30


class _Arrivals:
    """What has come, for a test that waits for it."""

    def __init__(self) -> None:
        self.all: list[Any] = []
        self._changed = threading.Condition()

    def add(self, arrival: Any) -> None:
        with self._changed:
            self.all.append(arrival)
            self._changed.notify_all()

    def wait_until(self, enough: Callable[[list[Any]], bool], seconds: float = _SECONDS) -> list[Any]:
        """Wait until what came is enough, and return it."""
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.all), seconds), f"only {len(self.all)} came"
            return list(self.all)


class Mailbox:
    """A mail server.

    :param replies: what to answer to the next messages instead of accepting them, for example ``451 Later``.
    """

    def __init__(self, *, password: str | None = None, **options: Any) -> None:
        self.arrivals = _Arrivals()
        self.replies: deque[str] = deque()
        self.logins: list[str] = []
        self._password = password
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=free_port(),
            authenticator=self._log_in,
            **options,
        )

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self) -> list[EmailMessage]:
        return list(self.arrivals.all)

    def start(self) -> "Mailbox":
        self._controller.start()
        return self

    def stop(self) -> None:
        self._controller.stop()

    def _log_in(self, server: object, session: object, envelope: object, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.logins.append(given.login.decode())
        return AuthResult(success=given.password.decode() == self._password, handled=False)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        reply = self.replies.popleft() if self.replies else "250 Taken"
        if reply.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            message["X-Delivered-To"] = ", ".join(envelope.rcpt_tos)
            self.arrivals.add(message)
        return reply


class Posted(NamedTuple):
    path: str
    headers: dict[str, str]
    body: bytes


class Listener:
    """A merchant's web server.

    :param statuses: what to answer to the next requests instead of 200.
    """

    def __init__(self) -> None:
        self.arrivals = _Arrivals()
        self.statuses: deque[int] = deque()
        # While it is not set, no answer ends.
        self.goes_on = threading.Event()
        self.goes_on.set()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.arrivals.add(Posted(self.path, dict(self.headers), body))
                self.send_response(listener.statuses.popleft() if listener.statuses else 200)
                self.send_header("Location", f"{listener.url}/elsewhere")
                listener.goes_on.wait(_SECONDS)
                self.end_headers()

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Keep the tests' output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.scheme = "http"

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    @property
    def requests(self) -> list[Posted]:
        return list(self.arrivals.all)

    def start(self) -> "Listener":
        threading.Thread(target=self.server.serve_forever, args=[0.05], daemon=True).start()
        return self

    def stop(self) -> None:
        self.goes_on.set()
        self.server.shutdown()
        self.server.server_close()
