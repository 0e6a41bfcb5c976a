"""WebSockets on the sockets of our gunicorn worker, bounded in both directions.

engineio takes :class:`WebSocket` and :class:`Packets` in place of its own, which a client can make grow without end.
"""

import queue
import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import gevent
import structlog
from simple_websocket import ConnectionClosed, Server

log = structlog.get_logger()

LARGEST_MESSAGE_BYTES = 16 * 1024
MOST_WAITING_PACKETS = 256
_MOST_UNREAD_MESSAGES = 32
# Who reads nothing for so long is not there any more.
_SEND_SECONDS = 10
# Who opens a connection says within this time who it is, and who was told to go has this time to do it.
HANDSHAKE_SECONDS = 10
FAREWELL_SECONDS = 2


class Packets(queue.Queue[Any]):
    """What waits to be sent to a client; one that lets too much pile up loses its connection."""

    cut: Callable[[], None] = staticmethod(lambda: None)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        # None tells the writer to end, and has to arrive.
        if item is not None and self.qsize() >= MOST_WAITING_PACKETS:
            self.cut()
        else:
            super().put(item, block, timeout)


class _Wire:
    """A socket on which each frame goes out whole, whichever greenlet sends it; it stays the server's to close."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._sending = threading.Lock()

    def send(self, data: bytes) -> None:
        with self._sending, gevent.Timeout(_SEND_SECONDS, TimeoutError("the client does not read")):
            self._connection.sendall(data)

    def recv(self, size: int) -> bytes:
        return self._connection.recv(size)

    def close(self) -> None:
        with suppress(OSError):  # It may be at its end already.
            self._connection.shutdown(socket.SHUT_RDWR)


class _Connection(Server):
    """What simple-websocket makes of a socket, with a bound on what arrives faster than it is read."""

    def _handle_events(self) -> bool:
        if super()._handle_events() and len(self.input_buffer) <= _MOST_UNREAD_MESSAGES:
            return True
        # The library wakes who reads before it says that the connection has ended; who is quick waits for ever then.
        self.connected = False
        self.event.set()
        return False


class WebSocket:
    """A connection as engineio's drivers make it.

    :param handler: the method of an engineio socket that talks over it.
    """

    def __init__(self, handler: Callable[["WebSocket"], Iterable[bytes]], server: object) -> None:
        self._handler = handler
        self.is_admitted = False

    def __call__(self, environ: dict[str, Any], start_response: object) -> Iterable[bytes]:
        self._wire = _Wire(environ["gunicorn.socket"])
        # Compression would cost each connection some 300 KB, and lets little become much.
        plain = {name: value for name, value in environ.items() if name != "HTTP_SEC_WEBSOCKET_EXTENSIONS"}
        own = {"gunicorn.socket": self._wire}
        try:
            self._ws = _Connection({**plain, **own}, max_message_size=LARGEST_MESSAGE_BYTES)
        except Exception:  # Whatever is wrong with its handshake, the client has nothing more to say.
            self._wire.close()
            return []
        engine_socket: Any = self._handler.__self__  # type: ignore[attr-defined]
        engine_socket.queue.cut = self._wire.close
        engine_socket.web_socket = self
        patience = threading.Timer(HANDSHAKE_SECONDS, self._end_unless_admitted)
        patience.daemon = True
        patience.start()
        try:
            return self._handler(self)
        except Exception as error:
            # A packet that engineio cannot read; it leaves its socket open then.
            log.info("socket_packet_malformed", error=type(error).__name__)
            engine_socket.close(wait=False, abort=True)
            return []
        finally:
            patience.cancel()
            self._wire.close()

    def _end_unless_admitted(self) -> None:
        if not self.is_admitted:
            self._wire.close()

    def send(self, message: str | bytes) -> None:
        try:
            self._ws.send(message)
        except ConnectionClosed as error:
            raise OSError("the connection is closed") from error

    def wait(self) -> str | None:
        """Return the next message; None at the end, and instead of a binary one, which nobody has to send."""
        try:
            message = self._ws.receive()
        except ConnectionClosed:
            return None
        return message if isinstance(message, str) else None

    def close(self) -> None:
        with suppress(Exception):  # It may be at its end already, in ways of several libraries.
            self._ws.close()
        self._wire.close()

    def close_soon(self) -> None:
        """Close it when what was sent has had time to arrive; most clients are quicker and do it themselves."""
        farewell = threading.Timer(FAREWELL_SECONDS, self._wire.close)
        farewell.daemon = True
        farewell.start()
