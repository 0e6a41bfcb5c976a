"""A Redis of a test's own, which can be frozen and killed."""

import shutil
import signal
import subprocess
from threading import Event

import redis

from tests.server import free_port

BINARY = shutil.which("redis-server")
_START_SECONDS = 20


class RedisServer:
    """Debian's ``redis-server`` on loopback, which keeps nothing."""

    def __init__(self) -> None:
        self.url = f"redis://127.0.0.1:{free_port()}/0"
        self.client = redis.Redis.from_url(self.url)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "RedisServer":
        port = self.url.rpartition(":")[2].partition("/")[0]
        options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([BINARY, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pause = Event()
        for _ in range(_START_SECONDS * 20):
            try:
                if self.client.ping():
                    return self
            except redis.ConnectionError:
                pause.wait(0.05)
        raise AssertionError("redis-server did not start")

    def pause(self) -> None:
        """Freeze it with its connections open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once, be it frozen; harmless when it does not run."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        self.client.close()
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)
