"""What bounds a WebSocket in both directions."""

import base64
import socket
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from simple_websocket import ConnectionClosed

from paytm.realtime import wire
from paytm.realtime.wire import MOST_WAITING_PACKETS, Packets, WebSocket

HANDSHAKE = {
    "HTTP_HOST": "localhost",
    "HTTP_UPGRADE": "websocket",
    "HTTP_CONNECTION": "Upgrade",
    "HTTP_SEC_WEBSOCKET_VERSION": "13",
    "HTTP_SEC_WEBSOCKET_KEY": base64.b64encode(bytes(16)).decode(),
    "HTTP_SEC_WEBSOCKET_EXTENSIONS": "permessage-deflate",
}


class Talk:
    """Stands where engineio's socket does: reads until the end, and writes what waits."""

    def __init__(self) -> None:
        self.queue = Packets()
        self.web_socket: Any = None
        self.begun = threading.Event()
        self.ended = threading.Event()

    def handle(self, connection: WebSocket) -> list[bytes]:
        threading.Thread(target=self._write, args=[connection], daemon=True).start()
        self.begun.set()
        while connection.wait() is not None:
            pass
        self.queue.put(None)
        self.ended.set()
        return []

    def _write(self, connection: WebSocket) -> None:
        try:
            while (packet := self.queue.get()) is not None:
                connection.send(packet)
        except (OSError, ConnectionClosed):
            pass


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
def peer(talk: Talk) -> Iterator[socket.socket]:
    """The client's end of a connection that was just opened."""
    ours, theirs = socket.socketpair()
    environ = {**HANDSHAKE, "gunicorn.socket": ours}
    threading.Thread(target=lambda: WebSocket(talk.handle, None)(environ, None), daemon=True).start()
    theirs.settimeout(10)
    answer = theirs.recv(4096).lower()
    assert b"101" in answer
    assert b"deflate" not in answer
    assert talk.begun.wait(10)
    yield theirs
    theirs.close()
    talk.ended.wait(10)
    ours.close()


def frame(opcode: int, content: bytes) -> bytes:
    """Return a client's frame, masked with zeros."""
    return bytes([0x80 | opcode, 0x80 | 126]) + len(content).to_bytes(2, "big") + bytes(4) + content


def test_who_does_not_read_loses_the_connection(talk: Talk, peer: socket.socket) -> None:
    # More than the kernel's buffers hold, so that the writer waits while the rest piles up.
    for _ in range(2 * MOST_WAITING_PACKETS + 200):
        talk.queue.put("x" * 20_000)

    assert talk.ended.wait(10)
    assert talk.queue.qsize() <= MOST_WAITING_PACKETS + 1


@pytest.mark.parametrize("content", [frame(1, b"x" * 20_000), frame(2, b"\0"), b"GET / HTTP/1.1\r\n\r\n" * 3])
def test_what_is_too_large_binary_or_no_frame_ends_the_connection(
    talk: Talk, peer: socket.socket, content: bytes
) -> None:
    peer.sendall(content)

    assert talk.ended.wait(10)


class QuickReader(threading.Event):
    """An event whose waiter has run on, and waits again, before whoever set it does anything more."""

    def __init__(self) -> None:
        super().__init__()
        self._taken = threading.Event()

    def set(self) -> None:
        self._taken.clear()
        super().set()
        self._taken.wait(1)

    def clear(self) -> None:
        super().clear()
        self._taken.set()


def test_a_reader_that_is_quicker_than_the_end_learns_of_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(wire, "_Connection", partial(wire._Connection, event_class=QuickReader))
    request.getfixturevalue("peer").sendall(frame(1, b"x" * 20_000))

    assert talk.ended.wait(10)


def test_who_says_nothing_has_to_go(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(wire, "HANDSHAKE_SECONDS", 0.05)
    request.getfixturevalue("peer")

    assert talk.ended.wait(10)
