"""`make run`: everything starts, and Ctrl-C stops all of it."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from time import monotonic

from tests.server import ROOT, free_port

_START_SECONDS = 60


def _wait_for(words: str, log: Path, run: subprocess.Popen[bytes]) -> None:
    pause, deadline = Event(), monotonic() + _START_SECONDS
    while words not in log.read_text():
        assert run.poll() is None, log.read_text()
        assert monotonic() < deadline, log.read_text()
        pause.wait(0.1)


def _processes(data_dir: Path) -> list[int]:
    """Return the processes that were started with a data folder."""
    mark = f"DATA_DIR={data_dir}\0".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environment.read_bytes() + b"\0":
                found.append(int(environment.parent.name))
        except OSError:
            continue
    return found


def test_the_worker_runs_beside_the_api_and_ctrl_c_stops_both(tmp_path: Path) -> None:
    data_dir, log = tmp_path / "data", tmp_path / "log"
    settings = {"DATA_DIR": str(data_dir), "PORT": str(free_port()), "MONGODB_URI": "", "PAYTM_ENV": "development"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "dev"]
    with log.open("wb") as output:
        run = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output)
    try:
        _wait_for("Ready on", log, run)
        _wait_for('"event":"worker_started"', log, run)
        begun = monotonic()
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0
    finally:
        run.kill()
        run.wait()

    assert monotonic() - begun < 12
    assert '"event":"worker_stopped"' in log.read_text()
    assert _processes(data_dir) == []
