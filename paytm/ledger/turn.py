"""Taking turns at committing among the processes of one host, so that their batches do not collide.

Two transactions that touch one account cannot both commit: the later one would have to start again. This is about
speed alone. MongoDB keeps the ledger right without it, between hosts as well.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import structlog
from gevent import get_hub, monkey

log = structlog.get_logger()


class Turn:
    """A lock that the kernel gives back when its holder dies; where there can be none, everybody goes at once.

    :param path: a file that all processes of the host share.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _file(self) -> int | None:
        # Opened at the first use, by each process for itself: a descriptor that is inherited would share the lock.
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            log.warning("commit_turn_unavailable", error=str(error))
            return None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn, hold it, and pass it on."""
        if self._file is None:
            yield
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _wait(self._file)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)


def _wait(file: int) -> None:
    if monkey.is_module_patched("threading"):
        # The wait is the kernel's and would stop the whole event loop.
        get_hub().threadpool.apply(fcntl.flock, (file, fcntl.LOCK_EX))
    else:
        fcntl.flock(file, fcntl.LOCK_EX)
