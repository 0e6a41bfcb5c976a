"""What an answer looks like when something is wrong."""

import re
from typing import Any

import pytest
from flask import Flask
from pymongo.errors import AutoReconnect, NetworkTimeout, OperationFailure, ServerSelectionTimeoutError

from tests.people import Answer, Call, Person


def _is_an_error(answer: Answer) -> bool:
    assert {"message", "code", "requestId"} <= answer.body.keys() <= {"message", "code", "requestId", "errors"}
    assert answer.body["requestId"] == answer.headers["X-Request-ID"]
    return answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_404(call: Call, method: str) -> None:
    for path in ("/", "/nowhere", "/user/nobody", "/accounts", "//nowhere", "//health/x", "//api/docs/x"):
        answer = call(method, path)

        # What may be a page, or a file of one, is nothing for other methods.
        assert answer.status in ({404, 405} if path in ("//nowhere", "//api/docs/x") else {404}), path
        assert _is_an_error(answer)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/user/signup", {"POST", "OPTIONS"}),
        ("DELETE", "/user/signin", {"POST", "OPTIONS"}),
        ("GET", "/user/signout", {"POST", "OPTIONS"}),
        ("POST", "/user", {"GET", "HEAD", "PUT", "OPTIONS"}),
        ("PATCH", "/account/transfer", {"POST", "OPTIONS"}),
        ("POST", "/account/balance", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/account/balance", {"GET", "HEAD", "OPTIONS"}),
        ("BREW", "/user/bulk", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_another_method_is_405_and_told_which_are_allowed(
    call: Call, method: str, path: str, allowed: set[str]
) -> None:
    answer = call(method, path)

    assert answer.status == 405
    assert _is_an_error(answer)
    assert set(answer.headers["Allow"].replace(" ", "").split(",")) == allowed


@pytest.mark.parametrize("size", [65_537, 100_000, 2_000_000])
def test_a_large_body_is_413(asha: Person, size: int) -> None:
    answer = asha.call("POST", "/account/transfer", data=b"x" * size, headers=asha.headers)

    assert answer.status == 413
    assert _is_an_error(answer)


def test_a_large_body_is_refused_without_a_token_as_well(call: Call) -> None:
    assert call("POST", "/account/transfer", data=b"x" * 2_000_000).status == 403
    assert call("POST", "/user/signin", data=b"x" * 2_000_000).status == 413


ERRORS = {
    "crash": (RuntimeError("password=hunter2 on db-7.internal:27017"), 500),
    "exit": (KeyError("hunter2"), 500),
    "recursion": (RecursionError("hunter2"), 500),
    "overflow": (OverflowError("MongoDB can only handle up to 8-byte ints, hunter2"), 500),
    "no server": (ServerSelectionTimeoutError("db-7.internal:27017: hunter2"), 503),
    "cut": (AutoReconnect("db-7.internal:27017 hunter2"), 503),
    "slow": (NetworkTimeout("db-7.internal:27017 hunter2"), 503),
    "refused": (OperationFailure("not primary on db-7.internal hunter2", 10107), 503),
}


def _break(app: Flask, endpoint: str, error: Exception) -> None:
    def boom(*_: Any, **__: Any) -> None:
        raise error

    boom._is_public = getattr(app.view_functions[endpoint], "_is_public", False)  # type: ignore[attr-defined]
    app.view_functions[endpoint] = boom


@pytest.mark.parametrize(("error", "status"), ERRORS.values(), ids=ERRORS.keys())
def test_a_failure_tells_nothing_about_the_inside(app: Flask, asha: Person, error: Exception, status: int) -> None:
    _break(app, "account.balance", error)

    answer = asha.get("/account/balance")

    assert answer.status == status
    assert _is_an_error(answer)
    assert answer.body["code"] == {500: "internal_error", 503: "unavailable"}[status]
    for secret in ("hunter2", "internal:", "Traceback", type(error).__name__, "paytm/"):
        assert secret not in repr(answer)


def test_a_database_failure_says_when_to_retry(app: Flask, asha: Person) -> None:
    _break(app, "account.balance", AutoReconnect("gone"))

    assert int(asha.get("/account/balance").headers["Retry-After"]) >= 1


def test_every_route_fails_in_one_way(app: Flask, asha: Person) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/v1", "/health"))]
    for rule in rules:
        _break(app, rule.endpoint, RuntimeError("boom"))

    for rule in rules:
        path = re.sub("<id:[a-z_]+>", "0" * 24, rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            answer = asha.call(method, f"/{path}", json={}, headers=asha.headers)
            assert answer.status == 500
            assert answer.body == {
                "message": "Something went wrong",
                "code": "internal_error",
                "requestId": answer.headers["X-Request-ID"],
            }


@pytest.mark.parametrize("given", ["a", "req-1", "A.b_c-9", "0" * 64, "f47ac10b-58cc-4372-a567-0e02b2c3d479"])
def test_a_sound_request_id_is_kept(call: Call, given: str) -> None:
    answer = call("GET", "/account/balance", headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] == answer.body["requestId"] == given


@pytest.mark.parametrize(
    "given", ["", " ", "0" * 65, "a b", "a,b", "<script>", '"', "a;b", "é", "a/b", "{}", "a\tb", "x" * 5000, "$x"]
)
def test_a_hostile_request_id_is_replaced(call: Call, given: str) -> None:
    answer = call("GET", "/account/balance", headers={"X-Request-ID": given})

    assert answer.headers["X-Request-ID"] == answer.body["requestId"] != given
    assert len(answer.body["requestId"]) >= 16


def test_every_request_has_an_id_of_its_own(call: Call) -> None:
    assert len({call("GET", "/nowhere").body["requestId"] for _ in range(50)}) == 50


def test_a_good_answer_has_a_request_id_too(asha: Person) -> None:
    assert asha.get("/account/balance").headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/account/balance", "/user/bulk", "/nowhere", "//health/live"])
def test_no_answer_is_guessed_at_by_a_browser(asha: Person, path: str) -> None:
    assert asha.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_no_answer_names_the_software(asha: Person) -> None:
    assert not {"X-Powered-By"} & set(asha.get("/account/balance").headers.keys())


def test_field_errors_name_the_field(call: Call) -> None:
    answer = call("POST", "/user/signup", json={"username": "x", "password": "12345"})

    assert answer.body["errors"].keys() == {"username", "password", "firstName", "lastName"}
