"""What the tests have from npm: installed once, from the lock file beside the package file."""

import fcntl
import shutil
import subprocess
from pathlib import Path

import pytest


def install(folder: Path) -> None:
    """Install what a folder asks for where it is not yet; one pytest process does it for all. Without npm, skip."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip(f"npm is not installed: {folder.name} comes from there")
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        installed = folder / "node_modules" / ".package-lock.json"
        if installed.exists() and installed.stat().st_mtime >= (folder / "package-lock.json").stat().st_mtime:
            return
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"npm cannot install {folder.name}: {done.stderr[-300:]}")
