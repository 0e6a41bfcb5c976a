"""File locks that hold exactly as long as a process lives, however it ends."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

_POLL_SECONDS = 0.05
_NOTE_BYTES = 200


class LockHeldError(RuntimeError):
    """Another process holds the lock; `note` is what it left there about itself."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@contextlib.contextmanager
def hold(file: Path, *, note: str, seconds: float = 0) -> Iterator[int]:
    """Hold the lock and leave a note; a holder that is just ending gets so many seconds to let go.

    Gives the file descriptor: a child that inherits it holds the lock as well, until the child ends.
    Raises LockHeldError.
    """
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _acquire(descriptor, time.monotonic() + seconds)
        leave_note(descriptor, note)
        yield descriptor
    finally:
        # Closing gives the lock up only here, unlike LOCK_UN, which would take it from the child too.
        os.close(descriptor)


def leave_note(descriptor: int, note: str) -> None:
    """Replace the holder's note, one short line."""
    os.pwrite(descriptor, note.ljust(_NOTE_BYTES).encode(), 0)


def is_held(file: Path) -> bool:
    """Say whether a process holds the lock now."""
    if not file.exists():
        return False
    with file.open("rb") as lock:
        try:
            # Shared, so that two who look at once do not take each other for a holder.
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise LockHeldError(os.pread(descriptor, _NOTE_BYTES, 0).decode().strip()) from None
        time.sleep(_POLL_SECONDS)
