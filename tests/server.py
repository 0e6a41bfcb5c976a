"""The application as it is deployed: gunicorn on a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.people import Answer

ROOT = Path(__file__).parent.parent
_START_SECONDS = 30


class Server:
    """gunicorn with the given settings (environment variables), as ``make run`` and deployments start it.

    :param log: the file that gets its output.
    """

    def __init__(self, port: int, settings: dict[str, str], log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.log = log
        self._settings = settings | {"PORT": str(port), "HOST": "127.0.0.1"}
        self._process: subprocess.Popen[bytes] | None = None
        self._http = threading.local()
        self._sessions: list[requests.Session] = []

    def start(self) -> "Server":
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
                cwd=ROOT,
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until("/health/live")
        return self

    def wait_until(self, path: str, status: int = 200, seconds: float = _START_SECONDS) -> None:
        """Wait until a path answers with a status."""
        pause = threading.Event()
        for _ in range(int(seconds * 10)):
            try:
                if requests.get(self.url + path, timeout=10).status_code == status:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            pause.wait(0.1)
        raise AssertionError(f"{path} did not answer {status}:\n{self.log.read_text()[-2000:]}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def worker_pids(self) -> list[int]:
        found = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def send_signal(self, number: signal.Signals) -> None:
        """Send gunicorn's master a signal."""
        os.kill(self.pid, number)

    def exit_code(self, seconds: float = 20) -> int:
        """Wait for its end."""
        assert self._process is not None
        return self._process.wait(seconds)

    def hang_up(self) -> None:
        """Close the connections that clients keep open."""
        for session in self._sessions:
            session.close()

    def stop(self) -> None:
        """End it as an operator does, and wait for the requests in flight."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()

    def call(self, method: str, path: str, *, json: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """Make a request over HTTP; each thread keeps a connection of its own.

        :raises requests.RequestException: there was no answer.
        """
        if not hasattr(self._http, "session"):
            self._http.session = requests.Session()
            self._sessions.append(self._http.session)
        url = self.url + (path[1:] if path.startswith("//") else f"/api/v1{path}")
        response = self._http.session.request(method, url, json=json, headers=headers, timeout=15)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        # A 204 has the content type and no content.
        body = response.json() if is_json and response.content else None
        return Answer(response.status_code, body, response.headers)


@contextmanager
def running(settings: dict[str, str], folder: Path) -> Iterator[Server]:
    """Run gunicorn while the block does, with a data folder of its own."""
    server = Server(free_port(), settings | {"DATA_DIR": str(folder)}, folder / "log").start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
