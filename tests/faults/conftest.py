"""What breaks things, and puts them right again when the test is over."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from pymongo import MongoClient

from paytm.dev.mongod import Mongod
from tests.conftest import ENVIRONMENT
from tests.people import Person, sign_up
from tests.receivers import Mailbox
from tests.server import ROOT, Server

# fail(command, …, times=1, way=…)
Fail = Callable[..., None]
# start_worker(**settings)
StartWorker = Callable[..., subprocess.Popen[bytes]]


def end_transactions(mongod: Mongod) -> None:
    """Free what broken transactions still lock, so that the next test need not wait for it."""
    with MongoClient[dict[str, Any]](mongod.uri) as client:
        client.admin.command("killAllSessions", [])


@pytest.fixture(scope="session")
def spare_mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    with Mongod(tmp_path_factory.mktemp("spare"), test_commands=True, cache_gb=0.25) as server:
        yield server


@pytest.fixture
def own_mongod(spare_mongod: Mongod) -> Iterator[Mongod]:
    """A database server to stop, kill or freeze; it runs again when the test is over."""
    yield spare_mongod
    spare_mongod.resume()
    if spare_mongod.process.poll() is not None:
        spare_mongod.start()
    end_transactions(spare_mongod)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let applications and servers give up after 2 s; for tests in which nothing gets better by waiting."""
    monkeypatch.setitem(ENVIRONMENT, "DATABASE_TIMEOUT", "2")


@pytest.fixture
def no_open_transactions(mongod: Mongod) -> Iterator[None]:
    """Leave none behind."""
    yield
    end_transactions(mongod)


@pytest.fixture
def failpoint(no_open_transactions: None, app: Flask, mongod: Mongod) -> Iterator[Callable[..., None]]:
    """Switch a failpoint of the database server: ``failpoint(name, mode, data)``; all are off after the test."""
    used = set()
    with MongoClient[dict[str, Any]](mongod.uri) as client:

        def switch(name: str, mode: str | dict[str, Any], data: dict[str, Any] | None = None) -> None:
            used.add(name)
            client.admin.command("configureFailPoint", name, mode=mode, **({"data": data} if data else {}))

        yield switch
        for name in used:
            switch(name, "off")


@pytest.fixture
def fail(failpoint: Callable[..., None]) -> Fail:
    """Let the next ``times`` of some commands fail in a way: ``fail("commitTransaction", closeConnection=True)``.

    Every client of the server is hit, so the commands are such as only the application uses meanwhile.
    """

    def set_up(*commands: str, times: int = 1, **way: Any) -> None:
        failpoint("failCommand", {"times": times}, {"failCommands": list(commands), **way})

    return set_up


@pytest.fixture
def shared_server(app: Flask, gunicorn: Server) -> Iterator[Server]:
    """gunicorn with two workers, for tests that do it no harm; it starts once."""
    yield gunicorn
    gunicorn.hang_up()


@pytest.fixture
def people(server: Server) -> list[Person]:
    """Six people, for traffic."""
    with ThreadPoolExecutor(6) as pool:
        return list(pool.map(lambda _: sign_up(server.call), range(6)))


def wait_until(reached: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    pause, deadline = Event(), monotonic() + seconds
    while not reached():
        assert monotonic() < deadline
        pause.wait(0.1)


@pytest.fixture
def start_worker(app: Flask, mailbox: Mailbox, tmp_path: Path) -> Iterator[StartWorker]:
    """Start ``flask worker`` with settings on top of the tests' own, on the database of ``app``."""
    started: list[subprocess.Popen[bytes]] = []
    fixed = {"MONGODB_URI": app.config["MONGODB_URI"], "DATA_DIR": str(tmp_path), "SMTP_URL": mailbox.url}

    def start(**settings: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **ENVIRONMENT, **fixed, "DELIVERIES_PER_SECOND": "500", **settings}
        with (tmp_path / "log").open("ab") as log:
            command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
            started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()
