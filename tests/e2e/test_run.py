"""`make run`: everything starts, and Ctrl-C stops all of it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from paytm.dev.mongod import Mongod
from paytm.payment.gateway import Gateway
from tests.server import ROOT, free_port

_START_SECONDS = 60


def _wait_for(words: str, log: Path, run: subprocess.Popen[bytes]) -> None:
    pause, deadline = Event(), monotonic() + _START_SECONDS
    while words not in log.read_text():
        assert run.poll() is None, log.read_text()
        assert monotonic() < deadline, log.read_text()
        pause.wait(0.1)


def _read(process: int, name: str) -> bytes:
    return Path("/proc", str(process), name).read_bytes() + b"\0"


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


@contextmanager
def _running(tmp_path: Path, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start everything on the data folder ``data``, with its output in ``log``; kill what is left in the end."""
    settings = {
        "DATA_DIR": str(tmp_path / "data"),
        "PORT": str(free_port()),
        "MONGODB_URI": "",
        "PAYTM_ENV": "development",
        "STRIPE_SECRET_KEY": "",
        **settings,
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "dev"]
    with (tmp_path / "log").open("wb") as output:
        run = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, stdout=output, stderr=output)
    try:
        yield run
    finally:
        run.kill()
        run.wait()


def test_the_worker_runs_beside_the_api_and_ctrl_c_stops_both(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with _running(tmp_path) as run:
        _wait_for("Ready on", log, run)
        _wait_for('"event":"worker_started"', log, run)
        begun = monotonic()
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0

    assert monotonic() - begun < 12
    assert '"event":"worker_stopped"' in log.read_text()
    assert _processes(tmp_path / "data") == []


def test_a_stand_in_for_stripe_runs_where_it_ran_before_and_ctrl_c_stops_it(tmp_path: Path, mongod: Mongod) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "stripe.port").write_text("12177")
    with _running(tmp_path, MONGODB_URI=mongod.uri) as run:
        _wait_for("Ready on", tmp_path / "log", run)
        told = re.search(r"No STRIPE_SECRET_KEY: .*(http://127\.0\.0\.1:\d+)", (tmp_path / "log").read_text())
        assert told
        made = Gateway("sk_test_1", url=told[1]).create_intent(payment="p1", amount=100, key="k")
        (worker,) = [id_ for id_ in _processes(tmp_path / "data") if b"worker" in _read(id_, "cmdline")]
        assert f"STRIPE_API_URL={told[1]}\0".encode() in _read(worker, "environ")
        run.send_signal(signal.SIGINT)
        assert run.wait(20) == 0

    assert told[1].endswith(":12177")
    assert _processes(tmp_path / "data") == []
    assert made.id in (tmp_path / "data" / "stripe.json").read_text()
