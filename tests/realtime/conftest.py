"""Two servers on one database, and clients from npm."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from flask import Flask

from paytm import db
from paytm.dev.mongod import Mongod
from tests.conftest import ENVIRONMENT
from tests.npm import install
from tests.people import Person, sign_up
from tests.realtime.listeners import Node
from tests.server import Server, running

CLIENT = Path(__file__).parent / "client"


@pytest.fixture(scope="session")
def node_process() -> Iterator[Node]:
    install(CLIENT)
    node = Node(CLIENT)
    yield node
    node.stop()


@pytest.fixture
def node(node_process: Node, app: Flask) -> Iterator[Node]:
    """Clients, whose sockets are closed when the test is over, and are written down as such."""
    yield node_process
    node_process.hang_up()
    wait_until(lambda: db.database()["presence"].find_one({"online": True}) is None)


@pytest.fixture(scope="session")
def pair(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two servers with one process each, on which everybody sees everybody online."""
    settings = ENVIRONMENT | {"MONGODB_URI": mongod.uri, "WEB_CONCURRENCY": "1", "PRESENCE_OPEN": "true"}
    folders = (tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two"))
    with running(settings, folders[0]) as one, running(settings, folders[1]) as two:
        yield one, two


@pytest.fixture
def servers(app: Flask, pair: tuple[Server, Server]) -> Iterator[tuple[Server, Server]]:
    """Two servers with one process each, on the database of ``app``, in which nothing may fail."""
    yield pair
    for server in pair:
        server.hang_up()
        assert '"level":"error"' not in server.log.read_text()


@pytest.fixture
def people(servers: tuple[Server, Server]) -> tuple[Person, Person]:
    """Asha at the first server, and Ravi at the second."""
    one, two = servers
    return sign_up(one.call, "Asha", "Rao"), sign_up(two.call, "Ravi", "Iyer")


def wait_until(reached: Callable[[], bool], seconds: float = 15) -> None:
    """Wait until something is so."""
    pause, deadline = Event(), monotonic() + seconds
    while not reached():
        assert monotonic() < deadline
        pause.wait(0.05)
