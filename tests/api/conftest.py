"""What the tests of the routes share."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import caller
from tests.people import Call


@pytest.fixture
def call_with(app: Flask, make_app: Callable[..., Flask]) -> Callable[..., Call]:
    """Make requests to an application with settings on top of the tests' own, on the database of ``app``."""

    def start(**settings: str) -> Call:
        return caller(make_app(**settings).test_client())

    return start
