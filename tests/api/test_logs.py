"""What stands in the log: ids, routes and times, and nobody's secrets."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.api.identity import FOREIGN, browser, log_in, register
from tests.conftest import caller, empty_database
from tests.people import PASSWORD, Call, Person, sign_up
from tests.telling import hush, pay, relay_of, work


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.BytesIO]:
    """What the application writes to its standard error; asked for before the application is made."""
    written = io.BytesIO()
    stderr = io.TextIOWrapper(written, write_through=True)
    monkeypatch.setattr(sys, "stderr", stderr)
    yield written
    stderr.close()


@pytest.fixture
def logged(log: io.BytesIO, make_app: Callable[..., Flask], request: pytest.FixtureRequest) -> Flask:
    """The application at the level that a test asks for, by default the most talkative."""
    app = make_app(LOG_LEVEL=getattr(request, "param", "debug"), RATELIMIT_ENABLED="true")
    empty_database()
    return app


@pytest.fixture
def call(logged: Flask) -> Call:
    return caller(logged.test_client())


def _lines(log: io.BytesIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def _whole_session(call: Call) -> list[str]:
    """Do everything there is to do, well and badly; return what must not be in the log."""
    asha, ravi = sign_up(call, "Ashalata", "Raopatil"), sign_up(call, "Ravindra", "Iyengar")
    fresh = call("POST", "/user/signin", json={"username": asha.username, "password": PASSWORD}).body["token"]
    call("POST", "/user/signin", json={"username": asha.username, "password": "wrong-secret"})
    call("POST", "/user/signin", json={"username": "someone@example.net", "password": "wrong-secret"})
    call("POST", "/user/signup", json={"username": asha.username, "password": PASSWORD})
    call("GET", "/user/bulk?filter=findme&password=in-the-query", headers=asha.headers)
    call("GET", "/user/someone@example.net/in-the-path")
    asha.send(ravi, 5, note="private-note", key="private-key")
    asha.send(ravi, 5000)
    asha.get("/account/transactions?cursor=in-the-query")
    call("GET", "/user/me", headers={"Authorization": "Bearer bad-token-value", "Cookie": "session=private-cookie"})
    call("POST", "/account/transfer", data=b'{"broken-body', content_type="application/json", headers=asha.headers)
    changed = call("PUT", "/user", json={"password": "my-new-secret", "firstName": "Newname"}, headers=asha.headers)
    call("POST", "/user/signout", headers={"Authorization": f"Bearer {changed.body['token']}"})
    secrets = [PASSWORD, "wrong-secret", "my-new-secret", "bad-token-value", "private-cookie", "$argon2"]
    secrets += [asha.token, ravi.token, fresh, changed.body["token"], asha.token.split(".")[2]]
    secrets += [asha.username, ravi.username, "example.net", "example.com"]
    secrets += ["findme", "in-the-query", "in-the-path", "broken-body", "private-note", "private-key"]
    return [*secrets, "Ashalata", "Raopatil", "Ravindra", "Newname"]


def test_a_whole_session_leaves_no_secret_in_the_log(log: io.BytesIO, call: Call) -> None:
    secrets = _whole_session(call)

    text = log.getvalue().decode()
    assert text.count('"event":"request"') >= 15
    assert [secret for secret in secrets if secret in text] == []


def test_the_identity_routes_leave_no_secret_in_the_log(log: io.BytesIO, logged: Flask) -> None:
    page = browser(logged)
    user = register(page.call, name="Ashalata Raopatil").body["user"]
    secrets = [page.cookie("accessToken"), page.cookie("refreshToken")]
    page.call("POST", "/auth/refresh")
    secrets += [page.cookie("accessToken"), page.cookie("refreshToken")]
    log_in(page.call, user["email"], "wrong-secret")
    page.on(FOREIGN).call("POST", "/auth/logout")
    page.call("PUT", "/auth/update-profile", json={"password": "my-new-secret", "currentPassword": PASSWORD})

    text = log.getvalue().decode()
    assert text.count('"event":"request"') == 5
    secrets += [user["email"], PASSWORD, "wrong-secret", "my-new-secret", "Ashalata", FOREIGN]
    assert [secret for secret in secrets if secret and secret in text] == []


def test_each_request_is_one_line_of_json(log: io.BytesIO, call: Call) -> None:
    person = sign_up(call)
    answer = person.get("/account/balance")

    *_, line = _lines(log)
    assert line | {"milliseconds": 0, "timestamp": ""} == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "route": "/api/v1/account/balance",
        "status": 200,
        "milliseconds": 0,
        "requestId": answer.headers["X-Request-ID"],
        "userId": person.id,
        "timestamp": "",
    }


def test_an_unknown_path_is_not_written_down(log: io.BytesIO, call: Call) -> None:
    call("GET", "/user/asha@example.com")

    (line,) = _lines(log)
    assert (line["route"], line["status"]) == (None, 404)


def _crash(logged: Flask, error: Exception) -> None:
    def boom(*_: Any, **__: Any) -> None:
        password = "the-local-secret"
        raise error from KeyError(len(password))

    logged.view_functions["account.balance"] = boom


def test_a_crash_is_logged_with_its_trace_and_request(log: io.BytesIO, logged: Flask, call: Call) -> None:
    person = sign_up(call)
    _crash(logged, RuntimeError("boom"))

    answer = person.get("/account/balance")

    (crash,) = [line for line in _lines(log) if line["event"] == "unhandled_error"]
    assert crash["requestId"] == answer.body["requestId"]
    assert "boom" in json.dumps(crash["exception"])


def test_a_crash_leaves_no_local_variable_in_the_log(log: io.BytesIO, logged: Flask, call: Call) -> None:
    person = sign_up(call)
    _crash(logged, RuntimeError("boom"))

    person.get("/account/balance")

    text = log.getvalue().decode()
    assert '"event":"unhandled_error"' in text
    assert [secret for secret in ("the-local-secret", person.token, person.username) if secret in text] == []


@pytest.mark.parametrize("given", ['x","level":"fatal', "a\\nb", "\x1b[31m"])
def test_a_header_cannot_forge_a_line(log: io.BytesIO, call: Call, given: str) -> None:
    call("GET", "/user/bulk", headers={"X-Request-ID": given, "User-Agent": given})

    (line,) = _lines(log)
    assert line["level"] == "info"
    assert given not in log.getvalue().decode()


def test_a_refusal_is_logged_as_a_request_and_not_as_an_error(log: io.BytesIO, call: Call) -> None:
    call("GET", "/account/balance")

    assert [(line["event"], line["status"], line["level"]) for line in _lines(log)] == [("request", 403, "info")]


@pytest.mark.parametrize("logged", ["warning"], indirect=True)
def test_a_quiet_level_writes_no_requests(log: io.BytesIO, call: Call) -> None:
    call("GET", "/account/balance")

    assert log.getvalue() == b""


def test_a_person_is_told_apart_by_id_only(log: io.BytesIO, call: Call) -> None:
    person: Person = sign_up(call)
    person.get("/user/me")

    assert {line["userId"] for line in _lines(log) if "userId" in line} == {person.id}


def test_a_delivery_is_one_line_without_address_or_text(
    logged: Flask, log: io.BytesIO, call: Call, tmp_path: Path
) -> None:
    asha, ravi = sign_up(call, "Ashalata", "Raopatil"), sign_up(call, "Ravindra", "Iyengar")
    hush()
    pay(asha, ravi, 5, note="a secret between us")
    log.seek(0)
    log.truncate()

    work(relay_of(logged, DATA_DIR=tmp_path))

    text = log.getvalue().decode()
    assert text.count('"event":"delivered"') == len(text.splitlines()) == 2
    for private in (asha.username, ravi.username, "Ashalata", "Ravindra", "secret", "5.00"):
        assert private not in text
