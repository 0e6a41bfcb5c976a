"""The processes of a deployment: each starts again as it was, and may be killed or stand still in between."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from paytm.dev import child
from tests.deploy.composition import PATH
from tests.server import ROOT

_STOP_SECONDS = 20
_HELLO_MILLISECONDS = 500


class Process:
    """A command that runs until it is stopped, or this process ends.

    :param log: the file that gets its output.
    """

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = {**os.environ, "PATH": PATH, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = child.spawn(
                self._command,
                on_parent_death=signal.SIGKILL,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def run(self) -> None:
        """Start it and wait for its end, which has to be a good one."""
        self.start()
        assert self._process is not None
        assert self._process.wait() == 0, f"{self.name} failed:\n{self.log.read_text()[-3000:]}"

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def children(self) -> list[int]:
        """Return the processes that it started, such as gunicorn's workers."""
        found = subprocess.run(["pgrep", "-P", str(self.pid)], capture_output=True, text=True, check=False)
        return [int(pid) for pid in found.stdout.split()]

    def kill(self) -> None:
        """End it and its children with SIGKILL, as a host that crashes does."""
        if self.is_running():
            os.killpg(self.pid, signal.SIGKILL)
            assert self._process is not None
            self._process.wait()

    def pause(self) -> None:
        """Freeze it, with its connections open."""
        self.send(signal.SIGSTOP)

    def resume(self) -> None:
        self.send(signal.SIGCONT)

    def stop(self) -> None:
        if self._process is not None:
            child.stop(self._process, seconds=_STOP_SECONDS)


class Member(Process):
    """One of the MongoDB servers, on loopback."""

    def __init__(self, name: str, command: Sequence[str], port: int, data: Path) -> None:
        data.mkdir(exist_ok=True)
        self.port = port
        self.data = data
        own = ["--port", str(port), "--dbpath", str(data), "--nounixsocket", "--quiet"]
        # Statistics of its own, which nobody reads here.
        own += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
        super().__init__(name, [*command, *own], {}, data.with_suffix(".log"))

    def hello(self) -> dict[str, Any]:
        """Return what it says of itself and of the set; nothing where it does not answer."""
        address = f"mongodb://127.0.0.1:{self.port}/?directConnection=true&timeoutMS={_HELLO_MILLISECONDS}"
        try:
            with MongoClient[dict[str, Any]](address) as client:
                return client.admin.command("hello")
        except PyMongoError:
            return {}

    def is_primary(self) -> bool:
        return bool(self.hello().get("isWritablePrimary"))

    def has_rolled_back(self) -> bool:
        """Tell whether it ever took back what it had written, and forget it."""
        taken_back = self.data / "rollback"
        found = taken_back.exists()
        shutil.rmtree(taken_back, ignore_errors=True)
        return found
