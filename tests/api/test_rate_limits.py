"""How often a caller may use a route."""

from collections.abc import Callable
from itertools import count

import pytest
from flask import Flask

from paytm import ratelimit
from tests.people import PASSWORD, Answer, Call, Person, sign_up

_numbers = count()
LIMITED = {
    "RATELIMIT_READ": ["/user/bulk", "/account/balance", "/account/transactions", "/user/me"],
    "RATELIMIT_TRANSFER": ["/account/transfer"],
    "RATELIMIT_STATEMENT": ["/cashbook/balances", "/cashbook/export"],
    "RATELIMIT_ANALYTICS": ["/analytics"],
    "RATELIMIT_CASHBOOK": ["/cashbook"],
    "RATELIMIT_IMPORT": ["/cashbook/import"],
    "RATELIMIT_SIGN_UP": ["/user/signup"],
}


def _use(call: Call, path: str, person: Person, **request: object) -> Answer:
    if path == "/account/transfer":
        return call("POST", path, json={"to": "0" * 24, "amount": 1}, headers=person.headers, **request)
    if path == "/user/signup":
        name = f"person{next(_numbers)}@example.com"
        form = {"username": name, "password": PASSWORD, "firstName": "A", "lastName": "B"}
        return call("POST", path, json=form, **request)
    if path in ("/cashbook", "/cashbook/import"):
        return call("POST", path, json={}, headers=person.headers)
    return call("GET", path, headers=person.headers, **request)


@pytest.mark.parametrize(("setting", "path"), [(setting, path) for setting in LIMITED for path in LIMITED[setting]])
def test_a_route_is_limited_by_its_setting(
    call_with: Callable[..., Call], asha: Person, setting: str, path: str
) -> None:
    call = call_with(RATELIMIT_ENABLED="true", **{setting: "2 per hour"})

    answers = [_use(call, path, asha) for _ in range(3)]

    assert answers[0].status == answers[1].status != 429
    assert (answers[2].status, answers[2].body["code"]) == (429, "too_many_requests")
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600


def test_routes_are_counted_apart(call_with: Callable[..., Call], asha: Person) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    assert [_use(call, path, asha).status for path in LIMITED["RATELIMIT_READ"]] == [200] * 4


def test_callers_with_a_token_are_counted_apart(call_with: Callable[..., Call], asha: Person, ravi: Person) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    assert [_use(call, "/user/me", person).status for person in (asha, ravi, asha, ravi)] == [200, 200, 429, 429]


def test_callers_without_a_token_are_counted_by_source(call_with: Callable[..., Call], asha: Person) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    sources = ["192.0.2.1", "192.0.2.2", "192.0.2.1"]
    answers = [_use(call, "/user/bulk", asha, environ_base={"REMOTE_ADDR": source}) for source in sources]

    assert [answer.status for answer in answers] == [200, 200, 429]


def test_a_forged_forwarding_header_makes_no_new_source(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    answers = [call("GET", "/user/bulk", headers={"X-Forwarded-For": f"192.0.2.{number}"}) for number in range(3)]

    assert [answer.status for answer in answers] == [200, 429, 429]


def test_another_spelling_of_a_path_is_the_same_route(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    answers = [call("GET", path) for path in ("/user/bulk", "/user/BULK", "/user/bulk/", "/user/bulk?x=1")]

    assert [answer.status for answer in answers] == [200, 429, 429, 429]


@pytest.mark.parametrize("path", ["//health/live", "//health/ready", "//api/openapi.json"])
def test_health_and_documents_are_not_limited(call_with: Callable[..., Call], path: str) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    assert {call("GET", path).status for _ in range(5)} == {200}


def test_a_preflight_is_not_counted(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    assert {call("OPTIONS", "/user/bulk").status for _ in range(5)} <= {200, 204}
    assert call("GET", "/user/bulk").status == 200


def test_a_refused_transfer_for_haste_writes_nothing(
    call_with: Callable[..., Call], asha: Person, ravi: Person
) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_TRANSFER="1 per hour")
    hasty = Person(call, asha.token, asha.id, asha.username)

    assert [hasty.send(ravi, 5, key=key).status for key in ("a", "b")] == [200, 429]
    assert asha.balance() == 95


def test_limits_can_be_switched_off(app: Flask, asha: Person) -> None:
    assert not app.config["RATELIMIT_ENABLED"]
    assert {asha.get("/user/me").status for _ in range(20)} == {200}


def test_counters_that_cannot_be_reached_let_everybody_through(
    call_with: Callable[..., Call], asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unreachable(ratelimit.FixedWindowRateLimiter):
        def hit(self, *_: object, **__: object) -> bool:
            raise ratelimit.StorageError(ConnectionError("no counters"))

    monkeypatch.setattr(ratelimit, "FixedWindowRateLimiter", Unreachable)
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per hour")

    assert {call("GET", "/user/bulk").status for _ in range(3)} == {200}


def test_the_defaults_allow_hundreds_a_minute(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true")

    assert {sign_up(call).get("/user/me").status for _ in range(100)} == {200}
