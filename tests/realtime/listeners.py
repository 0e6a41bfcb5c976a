"""Real Socket.IO clients, from npm, in one node process."""

import json
import subprocess
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from tests.people import Person

_PATIENCE_SECONDS = 15


class Listener:
    """One client; ``events`` are what it was told, in order, as pairs of name and data."""

    def __init__(self, node: "Node", number: int) -> None:
        self._node = node
        self._number = number
        self.events: list[tuple[str, Any]] = []
        self.times: list[int] = []

    def wait_for(self, event: str, times: int = 1, seconds: float = _PATIENCE_SECONDS) -> Any:
        """Wait until an event has come so many times, and return the data of the last one."""
        with self._node.news:
            assert self._node.news.wait_for(lambda: len(self.all(event)) >= times, seconds), (event, self.events)
        return self.all(event)[times - 1]

    def wait_until(self, reached: Callable[[], bool], seconds: float = _PATIENCE_SECONDS) -> None:
        """Wait until something about this client is so."""
        with self._node.news:
            assert self._node.news.wait_for(reached, seconds), self.events

    def all(self, event: str) -> list[Any]:
        """Return the data of all events of a name."""
        return [data for name, data in self.events if name == event]

    def emit(self, event: str, data: Any) -> None:
        self._node.command(self._number, "emit", event=event, data=data)

    def write(self, packet: str) -> None:
        """Send a WebSocket message as it is."""
        self._node.command(self._number, "write", packet=packet)

    def close(self) -> None:
        self._node.command(self._number, "close")


class Node:
    """A node process with clients.

    :param folder: has client.js and its node_modules.
    """

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", "client.js"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._numbers = count()
        self._listeners: dict[int, Listener] = {}
        self.news = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def open(self, url: str, token: Any = None, **options: Any) -> Listener:
        """Open a socket; options are those of client.js."""
        number = next(self._numbers)
        listener = self._listeners[number] = Listener(self, number)
        auth = {} if token is None else {"auth": {"token": token}}
        self.command(number, "open", url=url, **auth, **options)
        return listener

    def connect(self, url: str, person: Person, **options: Any) -> Listener:
        """Open a socket of a person, and wait until it is welcome."""
        listener = self.open(url, person.token, **options)
        listener.wait_for("getOnlineUsers")
        return listener

    def command(self, number: int, do: str, **content: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": do, **content}) + "\n")
        self._process.stdin.flush()

    def hang_up(self) -> None:
        """Close all sockets."""
        for listener in self._listeners.values():
            listener.close()
        self._listeners.clear()

    def stop(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            told = json.loads(line)
            listener = self._listeners.get(told["id"])
            if listener is not None:
                with self.news:
                    listener.events.append((told["event"], told.get("data")))
                    listener.times.append(told["at"])
                    self.news.notify_all()
