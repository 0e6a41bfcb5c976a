"""What load balancers ask."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import caller
from tests.people import Call


def test_a_process_that_answers_is_live(call: Call) -> None:
    answer = call("GET", "//health/live")

    assert (answer.status, answer.body) == (200, {"status": "live"})


def test_a_process_with_its_database_is_ready(call: Call) -> None:
    answer = call("GET", "//health/ready")

    assert (answer.status, answer.body) == (200, {"status": "ready"})


@pytest.fixture
def without_database(make_app: Callable[..., Flask]) -> Call:
    uri = "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100"
    return caller(make_app(MONGODB_URI=uri, DATABASE_TIMEOUT="0.3").test_client())


def test_a_process_without_a_database_is_live_but_not_ready(without_database: Call) -> None:
    live, ready = without_database("GET", "//health/live"), without_database("GET", "//health/ready")

    assert (live.status, ready.status, ready.body["code"]) == (200, 503, "unavailable")
    assert int(ready.headers["Retry-After"]) >= 1


def test_without_a_database_nobody_learns_where_it_was(without_database: Call) -> None:
    answer = without_database("GET", "/user/bulk")

    assert answer.status == 503
    assert "127.0.0.1" not in repr(answer.body)


@pytest.mark.parametrize("path", ["//health/live", "//health/ready", "//health/live?x=1"])
def test_health_needs_no_token_and_minds_none(call: Call, path: str) -> None:
    assert call("GET", path, headers={"Authorization": "Bearer null"}).status == 200


@pytest.mark.parametrize("path", ["//health/live", "//health/ready"])
def test_health_is_never_kept_by_a_cache(call: Call, path: str) -> None:
    assert call("GET", path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["//health/live", "//health/ready"])
def test_head_is_answered_as_get_is(call: Call, path: str) -> None:
    assert call("HEAD", path).status == 200
