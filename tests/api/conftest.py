"""What the tests of the routes share."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from paytm import clock
from tests.conftest import caller
from tests.people import Call


@pytest.fixture
def call_with(app: Flask, make_app: Callable[..., Flask]) -> Callable[..., Call]:
    """Make requests to an application with settings on top of the tests' own, on the database of ``app``."""

    def start(**settings: str) -> Call:
        return caller(make_app(**settings).test_client())

    return start


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let time pass, as ``timedelta`` takes it."""

    def move(**time: float) -> None:
        now = clock.now() + timedelta(**time)
        monkeypatch.setattr(clock, "now", lambda: now)

    return move
