"""docker/docker-compose.yml as Docker Compose understands it: what is started, and with which settings."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server import ROOT

# Programs of this virtual environment come first, as they do in the image; Debian keeps nginx where only root looks.
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"])


def program(name: str) -> str | None:
    """Return where a program is, if it is installed."""
    return shutil.which(name, path=PATH)


def services(file: str = "docker-compose.yml", **variables: str) -> dict[str, Any]:
    """Return the services of a compose file by name, of all profiles, as the variables make them.

    :raises subprocess.CalledProcessError: the file does not keep to the Compose specification.
    """
    done = subprocess.run(
        ["docker-compose", "--file", str(ROOT / "docker" / file), "--profile", "*", "config", "--format", "json"],
        env={**os.environ, "PATH": PATH, **variables},
        capture_output=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)["services"]
    return found
