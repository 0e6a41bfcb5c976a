"""One gunicorn for all tests of this folder: each of them has an empty database and new people."""

from collections.abc import Iterator

import pytest
from flask import Flask

from paytm.dev.mongod import Mongod
from tests.conftest import ENVIRONMENT
from tests.server import Server, running


@pytest.fixture(scope="session")
def gunicorn(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    settings = ENVIRONMENT | {"MONGODB_URI": mongod.uri}
    with running(settings, tmp_path_factory.mktemp("gunicorn")) as server:
        yield server


@pytest.fixture
def server(app: Flask, gunicorn: Server) -> Iterator[Server]:
    """gunicorn with two workers, on the database of ``app``."""
    yield gunicorn
    gunicorn.hang_up()
