"""No mongod at all: every route says so in time, and all is well when it is back."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
import requests
from flask import Flask

from paytm.dev.mongod import Mongod
from tests.api.identity import register
from tests.people import PASSWORD, sign_up
from tests.server import Server

# What a valid request to each route brings along; a route that is new here gets an empty body.
_BODIES = {
    "/api/v1/user/signup": {"username": "new@example.com", "password": PASSWORD, "firstName": "N", "lastName": "N"},
    "/api/v1/user/signin": {"username": "new@example.com", "password": PASSWORD},
    "/api/v1/user": {"firstName": "Other"},
    "/api/v1/auth/register": {"email": "new@example.com", "password": PASSWORD, "name": "N"},
    "/api/v1/auth/login": {"email": "new@example.com", "password": PASSWORD},
    "/api/v1/account/transfer": {"to": "0123456789abcdef01234567", "amount": 1},
}


@pytest.fixture
def mongod(own_mongod: Mongod) -> Mongod:
    return own_mongod


def routes(app: Flask) -> list[tuple[str, str]]:
    """Return method and path of every route of the API."""
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        # What nobody signed is refused before anything is read.
        if rule.rule.startswith("/api/v1/") and rule.endpoint != "payment.hear"
    ]


def test_every_route_is_unavailable_in_time(app: Flask, mongod: Mongod, server: Server) -> None:
    asha = sign_up(server.call)
    bodies = _BODIES | {"/api/v1/auth/refresh": {"refreshToken": register(server.call).body["refreshToken"]}}
    mongod.stop()

    def visit(route: tuple[str, str]) -> tuple[tuple[str, str], int, bool, bool]:
        method, path = route
        begun = monotonic()
        url = server.url + re.sub("<[^>]+>", "0" * 24, path)
        answer = requests.request(method, url, json=bodies.get(path), headers=asha.headers, timeout=10)
        return route, answer.status_code, int(answer.headers.get("Retry-After", 0)) >= 1, monotonic() - begun < 7

    # All at once, because each takes as long as somebody waits for a database.
    with ThreadPoolExecutor(len(routes(app))) as pool:
        answers = list(pool.map(visit, routes(app)))
    mongod.start()

    assert len(answers) >= 9
    assert [answer for answer in answers if answer[1:] != (503, True, True)] == []


@pytest.mark.usefixtures("impatient")
def test_it_is_not_ready_but_alive(mongod: Mongod, server: Server) -> None:
    mongod.stop()
    ready, live = server.call("GET", "//health/ready"), server.call("GET", "//health/live")
    mongod.start()

    assert (ready.status, live.status) == (503, 200)
    assert int(ready.headers["Retry-After"]) >= 1


@pytest.mark.usefixtures("impatient")
def test_everything_works_again_when_it_is_back(app: Flask, mongod: Mongod, server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)
    mongod.stop()
    assert asha.send(ravi, 10, key="rent").status == 503
    mongod.start()

    server.wait_until("/health/ready", seconds=15)
    assert asha.send(ravi, 10, key="rent").status == 200
    assert (asha.balance(), sign_up(server.call).balance()) == (90, 100)
    [line] = ravi.get("/account/transactions?limit=1").body["transactions"]
    assert line["amount"] == 10


@pytest.mark.usefixtures("impatient", "app")
def test_the_api_starts_without_a_mongod_and_works_once_there_is_one(
    mongod: Mongod, start_server: Callable[..., Server]
) -> None:
    mongod.stop()
    server = start_server()
    assert server.call("GET", "//health/ready").status == 503
    mongod.start()

    server.wait_until("/health/ready", seconds=15)
    asha, ravi = sign_up(server.call), sign_up(server.call)
    assert asha.send(ravi, 10).status == 200
