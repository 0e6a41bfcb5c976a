"""What tests run against: the real application on a real mongod, one of each for a pytest process."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient

from paytm import db, logs
from paytm.app import create_app
from paytm.cashbook import audit as cashbook_audit
from paytm.cli import COLLECTIONS
from paytm.dev.mongod import Mongod
from paytm.ledger import audit
from paytm.migrations.record import COLLECTION as RECORD
from paytm.migrations.steps import MIGRATIONS
from paytm.migrations.upgrade import Upgrade
from paytm.order import audit as orders
from paytm.product import stock
from tests import people
from tests.people import Answer, Call, Person
from tests.receivers import Listener, Mailbox
from tests.redis_server import BINARY, RedisServer
from tests.server import Server, free_port, running
from tests.stand_in import StandIn

# Settings as the environment has them; amounts in rupees.
ENVIRONMENT = {
    "PAYTM_ENV": "development",
    "JWT_SECRET": "a-secret-that-only-tests-know-0123456789",
    "OPENING_BALANCE_MIN": "100",
    "OPENING_BALANCE_MAX": "100",
    "RATELIMIT_ENABLED": "false",
    # The cheapest argon2 there is: tests sign up thousands of people.
    "ARGON2_MEMORY_KIB": "8",
    "ARGON2_TIME_COST": "1",
    "WEB_CONCURRENCY": "2",
}


# A file system in memory, and what of it has to be free: some ten databases at a time, with 250 MB each.
MEMORY = "/dev/shm"
MEMORY_BYTES = 6 * 1024**3


def pytest_configure() -> None:
    """Keep the databases in memory where there is room, because every commit waits for the disk otherwise."""
    if os.path.isdir(MEMORY) and shutil.disk_usage(MEMORY).free > MEMORY_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are processors: tests of faults wait most of their time."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    """A replica set of one that allows failpoints; tests that kill a server start one of their own."""
    with Mongod(tmp_path_factory.mktemp("mongod"), test_commands=True, cache_gb=0.25) as server:
        yield server


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it in the end."""
    items.sort(key=lambda item: item.path.parent.name not in ("deploy", "e2e"))


class Workshop:
    """Makes applications on one MongoDB, from settings on top of the tests' own.

    To make one takes longer than most tests do: one with no settings besides serves until a test changes it.
    """

    # Whose the one connection of this process is.
    connected: Flask | None = None

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._standing: Flask | None = None
        self._as_made: object = None

    def make(self, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> Flask:
        """Make an application; the connection to the database becomes its own."""
        for name, value in (self._environment | settings).items():
            monkeypatch.setenv(name, value)
        Workshop.connected = create_app(TESTING=True)
        return Workshop.connected

    def standing(self, monkeypatch: pytest.MonkeyPatch) -> Flask:
        """Return the application that is as good as new."""
        if self._standing is None or _state(self._standing) != self._as_made:
            self._standing = self.make(monkeypatch, {})
            self._as_made = _state(self._standing)
        else:
            logs.configure(self._standing)
            if Workshop.connected is not self._standing:
                db.init_app(self._standing)
                Workshop.connected = self._standing
        return self._standing


def _state(app: Flask) -> object:
    return dict(app.config), dict(app.view_functions), app.extensions["ledger"]._closed


@pytest.fixture(scope="session")
def workshops(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Workshop]:
    """Return the workshop of a MongoDB."""
    environment = ENVIRONMENT | {"DATA_DIR": str(tmp_path_factory.getbasetemp())}
    return cache(lambda uri: Workshop(environment | {"MONGODB_URI": uri}))


@pytest.fixture
def make_app(
    monkeypatch: pytest.MonkeyPatch, mongod: Mongod, workshops: Callable[[str], Workshop]
) -> Iterator[Callable[..., Flask]]:
    """Make an application with settings on top of the tests' own; the database connection is the last one's."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(workshops(mongod.uri).make(monkeypatch, settings))
        return made[-1]

    yield make
    for app in made:
        app.extensions["ledger"].close()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch, mongod: Mongod, workshops: Callable[[str], Workshop]) -> Iterator[Flask]:
    """The application on an empty database, whose ledger has to add up when the test is over."""
    app = workshops(mongod.uri).standing(monkeypatch)
    empty_database()
    yield app
    audit.check()


@pytest.fixture
def shop_adds_up(app: Flask) -> Iterator[None]:
    """Stock, orders, payments and ledger agree when the test is over."""
    yield
    stock.check()
    orders.check()


@pytest.fixture
def cash_books_agree(app: Flask) -> Iterator[None]:
    """Cash books, their versions and what settled their records agree when the test is over."""
    yield
    cashbook_audit.check()


def empty_database() -> None:
    """Leave nothing in any collection; make them first, as ``init-db`` does, where they are missing."""
    target = db.database()
    names = [collection.name for collection in COLLECTIONS]
    if not set(names) <= set(target.list_collection_names()):
        Upgrade(COLLECTIONS, MIGRATIONS).run()
    # One question for all of them: most are empty in most tests.
    first, *others = ([{"$limit": 1}, {"$project": {"_id": 0, "in": {"$literal": name}}}] for name in names)
    unions = [{"$unionWith": {"coll": name, "pipeline": seen}} for name, seen in zip(names[1:], others, strict=True)]
    for found in list(target[names[0]].aggregate([*first, *unions])):
        target[found["in"]].delete_many({})


def remake_database() -> None:
    """Empty the database, and give its collections back the validators and indexes that a test took away."""
    empty_database()
    db.database().drop_collection(RECORD.name)
    Upgrade(COLLECTIONS, MIGRATIONS).run()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def caller(client: FlaskClient) -> Call:
    """Return how people call an application in this process."""

    def call(method: str, path: str, **request: object) -> Answer:
        url = path[1:] if path.startswith("//") else f"/api/v1{path}"
        response = client.open(url, method=method, **request)
        return Answer(response.status_code, response.get_json(silent=True), response.headers)

    return call


@pytest.fixture
def call(client: FlaskClient) -> Call:
    """Make requests in this process."""
    return caller(client)


@pytest.fixture
def asha(call: Call) -> Person:
    return people.sign_up(call, "Asha", "Rao")


@pytest.fixture
def ravi(call: Call) -> Person:
    return people.sign_up(call, "Ravi", "Iyer")


@pytest.fixture
def start_server(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Start gunicorn with settings on top of the tests' own, on the database of ``app``."""
    started: list[Server] = []

    def start(**settings: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        environment = {**ENVIRONMENT, "MONGODB_URI": app.config["MONGODB_URI"], "DATA_DIR": str(folder), **settings}
        started.append(Server(free_port(), environment, folder / "log").start())
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture(scope="session")
def gunicorn(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn with two workers that one pytest process starts once, for tests that do it no harm."""
    settings = ENVIRONMENT | {"MONGODB_URI": mongod.uri}
    with running(settings, tmp_path_factory.mktemp("gunicorn")) as server:
        yield server


@pytest.fixture
def server(start_server: Callable[..., Server]) -> Server:
    """gunicorn with two workers."""
    return start_server()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server that takes everything."""
    server = Mailbox().start()
    yield server
    server.stop()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A merchant's web server."""
    server = Listener().start()
    yield server
    server.stop()


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A real Redis, where Debian's is installed."""
    if BINARY is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    server = RedisServer()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    """Stripe, as far as it is needed; ``make_app(**stripe.settings)`` and servers alike lead to it."""
    stand_in = StandIn().start()
    yield stand_in
    stand_in.stop()


@pytest.fixture
def shop(app: Flask, make_app: Callable[..., Flask], stripe: StandIn) -> Flask:
    """The application with card payments, on the database of ``app``."""
    return make_app(**stripe.settings)
