"""The embedded MongoDB for development and tests: a real `mongod` as a replica set of one, on loopback."""

import contextlib
import random
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import OperationFailure, PyMongoError

from paytm.dev import child, lock
from paytm.dev.binary import MongodMissing as MongodMissing
from paytm.dev.binary import find_mongod as find_mongod

_REPLICA_SET = "rs0"
_NOT_YET_INITIALIZED = 94
_PORT_TAKEN_EXIT_CODE = 48
# Below the range from which Linux takes ports for outgoing connections: none of them can sit on the port
# while a killed server restarts, and a client that retries cannot connect to itself.
_PORTS = range(20_000, 32_000)
_LOCK_SECONDS = 8.0
# Somebody silent on the port that the replica set remembers holds its start up for 30 s.
_START_SECONDS = 45.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.02
_FLAGS = f"--replSet {_REPLICA_SET} --bind_ip 127.0.0.1 --nounixsocket --noscripting --quiet".split()
# zlib is left out: 6.0.5 leaks memory to clients through it (CVE-2025-14847).
_FLAGS += ["--networkMessageCompressors", "snappy,zstd", "--oplogSize", "512"]
_FLAGS += ["--setParameter", "diagnosticDataCollectionEnabled=false"]
# A primary otherwise waits up to 15 s for members that do not exist.
_FLAGS += ["--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"]
# An API process that is killed leaves its transaction open, and the accounts in it locked, for this long; ours
# last 5 s at most, and the default is 60.
_FLAGS += ["--setParameter", "transactionLifetimeLimitSeconds=8"]


class MongodFailed(RuntimeError):
    """`mongod` did not become a writable primary; the message says why, as far as its log tells."""


def running_uri(data_dir: Path) -> str | None:
    """Return the URI of the `mongod` that serves this data folder now, or None."""
    if lock.is_held(data_dir / "mongod.lock"):
        return _read(data_dir / "mongodb_uri") or None
    return None


class Mongod:
    """One `mongod` on one data folder; it dies with this process.

    `cache_gb` bounds WiredTiger's cache (GB, at least 0.25); `test_commands` allows failCommand and its
    like. As a context manager it starts and stops. It can start again on the same data and port.
    """

    def __init__(self, data_dir: Path, *, test_commands: bool = False, cache_gb: float = 0.5) -> None:
        self.data_dir = data_dir.resolve()
        self.port = int(_read(self.data_dir / "mongod.port") or 0)
        self._log = self.data_dir / "mongod.log"
        self._flags = [*_FLAGS, "--wiredTigerCacheSizeGB", str(cache_gb)]
        if test_commands:
            self._flags += ["--setParameter", "enableTestCommands=1"]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process started last. Raises RuntimeError before the first start."""
        if self._process is None:
            raise RuntimeError("this mongod was not started")
        return self._process

    @property
    def pid(self) -> int:
        """The process id."""
        return self.process.pid

    @property
    def uri(self) -> str:
        """The address for clients, with the database's name in it."""
        return f"mongodb://127.0.0.1:{self.port}/paytm?replicaSet={_REPLICA_SET}"

    def start(self) -> str:
        """Start, wait for a writable primary and return the URI. Raises MongodMissing or MongodFailed."""
        binary = find_mongod()
        (self.data_dir / "db").mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with lock.hold(self.data_dir / "mongod.lock", note="", seconds=_LOCK_SECONDS) as held:
                self._start(binary, held)
        except lock.LockHeldError as error:
            raise MongodFailed(f"{self.data_dir} is in use by another mongod ({error.note}).") from None
        _write(self.data_dir / "mongod.port", str(self.port))
        _write(self.data_dir / "mongodb_uri", self.uri)
        return self.uri

    def stop(self) -> None:
        """Shut down cleanly, or by force after ten seconds; harmless when it does not run."""
        if self._process and self._process.poll() is None:
            child.stop(self._process, seconds=_STOP_SECONDS)
        (self.data_dir / "mongodb_uri").unlink(missing_ok=True)

    def kill(self) -> None:
        """End it with SIGKILL, as a crash would; harmless when it does not run."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def pause(self) -> None:
        """Freeze it (SIGSTOP) with its connections open, as a hanging disk or host would."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a paused one go on."""
        self.process.send_signal(signal.SIGCONT)

    def _start(self, binary: Path, held: int) -> None:
        deadline = time.monotonic() + _START_SECONDS
        try:
            while not self._listens(binary, held, deadline):
                self.port = 0
            self._become_primary(deadline)
        except BaseException:
            self.kill()
            raise

    def _listens(self, binary: Path, held: int, deadline: float) -> bool:
        """Launch the process and wait until it listens; False if somebody else took the port first."""
        self.port = self.port if _is_free(self.port) else free_port()
        _write(self._log, "")
        with self._log.open("ab") as log:
            command = [str(binary), "--dbpath", str(self.data_dir / "db"), "--port", str(self.port)]
            # SIGKILL, because a paused process would never see a gentler signal; the journal makes it safe.
            self._process = child.spawn(
                [*command, *self._flags],
                on_parent_death=signal.SIGKILL,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # mongod inherits the lock's descriptor: the lock holds exactly as long as mongod lives.
                pass_fds=[held],
            )
        lock.leave_note(held, f"pid {self.pid}")
        while b"Waiting for connections" not in self._log.read_bytes():
            if self._process.poll() == _PORT_TAKEN_EXIT_CODE:
                return False
            self._check(deadline)
            time.sleep(_POLL_SECONDS)
        return True

    def _become_primary(self, deadline: float) -> None:
        """Give the replica set its configuration where it lacks one, and wait for the election."""
        member = f"127.0.0.1:{self.port}"
        direct = f"mongodb://{member}/?directConnection=true&serverSelectionTimeoutMS=1000&socketTimeoutMS=5000"
        with MongoClient[dict[str, Any]](direct) as client:
            while True:
                # The server refuses commands while it loads its configuration: the next round asks again.
                with contextlib.suppress(PyMongoError):
                    if client.admin.command("hello")["isWritablePrimary"]:
                        return
                    _configure(client.admin, member)
                self._check(deadline)
                time.sleep(_POLL_SECONDS)

    def _check(self, deadline: float) -> None:
        """Raise MongodFailed if the process ended or the time is up."""
        code = self.process.poll()
        if code is None and time.monotonic() < deadline:
            return
        what = f"is not ready after {_START_SECONDS:.0f} s" if code is None else f"ended with code {code}"
        lines = _read(self._log).splitlines()[-5:]
        hint = " (apt-get install libcurl4)" if any("libcurl" in line for line in lines) else ""
        raise MongodFailed("\n".join([f"mongod {what}{hint}. The end of {self._log}:", *lines]))


def _configure(admin: Database[dict[str, Any]], member: str) -> None:
    """Initiate the replica set, or move it to the address that its only member has now."""
    try:
        config = admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != _NOT_YET_INITIALIZED:
            raise
        admin.command("replSetInitiate", {"_id": _REPLICA_SET, "members": [{"_id": 0, "host": member}]})
        return
    if config["members"][0]["host"] != member:
        config["members"][0]["host"] = member
        config["version"] += 1
        admin.command("replSetReconfig", config, force=True)


def free_port() -> int:
    """Return a port that a server can have now, and again when it restarts."""
    return next(port for port in random.sample(_PORTS, len(_PORTS)) if _is_free(port))


def _is_free(port: int) -> bool:
    """Say whether mongod could listen on the port; 0, which stands for no port, is not."""
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return port > 0


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        return ""


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
