"""One gunicorn for all tests of this folder: each of them has an empty database and new people."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.server import Server


@pytest.fixture
def server(app: Flask, gunicorn: Server) -> Iterator[Server]:
    """gunicorn with two workers, on the database of ``app``."""
    yield gunicorn
    gunicorn.hang_up()
