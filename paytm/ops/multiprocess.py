"""Where the processes of one server count together: a folder that the server makes when it starts.

``prometheus_client`` asks the environment for it at the moment that it is imported.
"""

import errno
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

_ROOM_BYTES = 8 * 1024 * 1024


def prepare(root: Path) -> Path:
    """Return a new folder, which is this server's while one of its processes lives, and remove those of the dead.

    Several servers may share the root: the old and the new one of an upgrade, or containers with one volume.

    :raises OSError: there can be none here.
    """
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not has_room(root):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    for old in root.glob("[!.]*"):
        descriptor = _lock(old)
        if descriptor is not None:
            shutil.rmtree(old, ignore_errors=True)
            os.close(descriptor)
    # Nobody takes it for a dead server's before it is locked. The lock is never given back: workers inherit it, and
    # the kernel frees it when the last of them is dead.
    hidden = Path(tempfile.mkdtemp(dir=root, prefix="."))
    _lock(hidden)
    return hidden.rename(root / hidden.name[1:])


def has_room(folder: Path) -> bool:
    """Tell whether the disk has room for more: the kernel kills who writes to a mapped file and finds none."""
    return shutil.disk_usage(folder).free >= _ROOM_BYTES


def forget(folder: Path, process: int) -> None:
    """Take back what a process that has died said of its own state; what it has counted stays.

    The library's own function for it would have the server load the library, before gevent and for all workers.
    """
    for file in folder.glob(f"gauge_live*_{process}.db"):
        file.unlink(missing_ok=True)


def _lock(folder: Path) -> int | None:
    """Lock a folder, and return the descriptor that holds the lock; None where it is somebody else's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
