"""What the public clients of the contract do, and may go on doing."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.api.stored import MONEY, stored
from tests.people import PASSWORD, Answer, Call, Person, claims, sign_up

ORIGIN = {"Origin": "http://localhost:5173"}


def _body(path: str, person: Person, payee: Person) -> dict[str, Any] | None:
    if path == "/user/signup":
        return {"username": "mira@example.com", "password": PASSWORD, "firstName": "Mira", "lastName": "Das"}
    if path == "/user/signin":
        return {"username": person.username, "password": PASSWORD}
    return {"/user": {"firstName": "Mira"}, "/account/transfer": {"to": payee.id, "amount": 5}}.get(path)


ROUTES = [
    ("POST", "/user/signup"),
    ("POST", "/user/signin"),
    ("POST", "/user/signout"),
    ("PUT", "/user"),
    ("GET", "/user/me"),
    ("GET", "/user/bulk"),
    ("GET", "/account/balance"),
    ("POST", "/account/transfer"),
    ("GET", "/account/transactions"),
]
SPELLINGS = {
    "as documented": lambda path: path,
    "trailing slash": lambda path: path + "/",
    "two trailing slashes": lambda path: path + "//",
    "doubled slash": lambda path: "/" + path[1:].replace("/", "//"),
    "upper case": str.upper,
    "camel case": lambda path: path.replace("sign", "Sign").replace("up", "Up").replace("tr", "Tr").replace("b", "B"),
    "title case with a slash": lambda path: path.title() + "/",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_path_is_read_in_any_spelling(asha: Person, ravi: Person, method: str, path: str, spell: Any) -> None:
    answer = asha.call(method, spell(path), json=_body(path, asha, ravi), headers=asha.headers)

    assert answer.status == 200, answer


@pytest.mark.parametrize("base", ["/API/V1", "/Api/v1", "/api//v1"])
def test_the_base_of_a_path_is_read_in_any_spelling(asha: Person, base: str) -> None:
    assert asha.call("GET", f"/{base}/account/balance", headers=asha.headers).status == 200


def test_a_query_keeps_its_case_and_its_slashes(call: Call) -> None:
    sign_up(call, "AC//DC", "Live/")

    answer = call("GET", "/user/Bulk/?filter=C//D")

    assert [person["firstName"] for person in answer.body["user"]] == ["AC//DC"]


@pytest.mark.parametrize("path", ["/account/balance", "/account/transfer/", "/user/signUp", "/user/", "/nowhere"])
def test_a_preflight_is_answered_without_a_token_or_redirect(call: Call, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE"):
        asked = {
            **ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
        }

        answer = call("OPTIONS", path, headers=asked)

        assert answer.status in ((200, 204) if path != "/nowhere" else (404,))
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert method in answer.headers["Access-Control-Allow-Methods"]
        allowed = answer.headers["Access-Control-Allow-Headers"].lower()
        assert all(name in allowed for name in ("authorization", "content-type", "idempotency-key"))


def _broken(app: Flask) -> None:
    def boom(**_: object) -> None:
        raise RuntimeError("boom")

    app.view_functions["account.balance"] = boom


ANSWERS: dict[int, Callable[[Person, Person, Flask], Answer]] = {
    200: lambda asha, ravi, app: _open(asha, "GET", "/account/balance"),
    400: lambda asha, ravi, app: _open(asha, "POST", "/account/transfer", json={"to": ravi.id, "amount": 0}),
    403: lambda asha, ravi, app: asha.call("GET", "/account/balance", headers=ORIGIN),
    404: lambda asha, ravi, app: _open(asha, "GET", "/nowhere"),
    405: lambda asha, ravi, app: _open(asha, "DELETE", "/user/signup"),
    411: lambda asha, ravi, app: _open(asha, "POST", "/user/signup", json={}),
    413: lambda asha, ravi, app: _open(asha, "POST", "/account/transfer", json={"x": "x" * 100_000}),
    415: lambda asha, ravi, app: _open(asha, "POST", "/user/signin", data="x"),
    422: lambda asha, ravi, app: [asha.send(ravi, 1, key="k"), _reuse(asha, ravi)][1],
    500: lambda asha, ravi, app: [_broken(app), _open(asha, "GET", "/account/balance")][1],
    503: lambda asha, ravi, app: [app.extensions["ledger"].close(), _send(asha, ravi)][1],
}


def _open(person: Person, method: str, path: str, **request: Any) -> Answer:
    return person.call(method, path, headers=person.headers | ORIGIN, **request)


def _send(person: Person, payee: Person) -> Answer:
    return _open(person, "POST", "/account/transfer", json={"to": payee.id, "amount": 5})


def _reuse(person: Person, payee: Person) -> Answer:
    body = {"to": payee.id, "amount": 2, "idempotencyKey": "k"}
    return _open(person, "POST", "/account/transfer", json=body)


@pytest.mark.parametrize(("status", "provoke"), ANSWERS.items(), ids=map(str, ANSWERS))
def test_every_answer_can_be_read_from_another_origin(
    app: Flask, asha: Person, ravi: Person, status: int, provoke: Any
) -> None:
    answer = provoke(asha, ravi, app)

    assert answer.status == status, answer
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    exposed = answer.headers["Access-Control-Expose-Headers"].lower()
    assert all(name in exposed for name in ("x-request-id", "retry-after", "idempotent-replayed"))


def test_a_refusal_for_haste_can_be_read_from_another_origin(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_READ="1 per minute")

    answers = [call("GET", "/user/bulk", headers=ORIGIN) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 429]
    assert [answer.headers["Access-Control-Allow-Origin"] for answer in answers] == ["*", "*"]


NAMED = "https://wallet.example"


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_named_origin_may_send_credentials(call_with: Callable[..., Call], method: str) -> None:
    call = call_with(CORS_ORIGINS=f"{NAMED},http://localhost:5173")

    answer = call(method, "/user/bulk", headers={"Origin": NAMED, "Access-Control-Request-Method": "GET"})

    assert answer.headers["Access-Control-Allow-Origin"] == NAMED
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{NAMED}.evil.example", "https://walletxexample", "null", "https://x" + NAMED]
)
def test_an_origin_that_is_not_named_gets_nothing(call_with: Callable[..., Call], origin: str) -> None:
    call = call_with(CORS_ORIGINS=NAMED)

    answer = call("GET", "/user/bulk", headers={"Origin": origin})

    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("amount", "paise"),
    [
        ("33.33", 3333),
        ("5", 500),
        ("5.0", 500),
        ("5.5", 550),
        ("0.01", 1),
        ("007", 700),
        (" 5 ", 500),
        (5, 500),
        (5.5, 550),
        (0.29, 29),
        (99.99, 9999),
        (1e1, 1000),
    ],
)
def test_an_amount_may_be_what_an_input_field_holds(asha: Person, ravi: Person, amount: Any, paise: int) -> None:
    assert asha.send(ravi, amount).status == 200
    assert stored("transactions")["transactions"][-1]["amount"] == paise


@pytest.mark.parametrize("amount", [0, "0", "", None, "0.00"])
def test_an_untouched_or_cleared_amount_is_refused_with_a_message(asha: Person, ravi: Person, amount: Any) -> None:
    answer = asha.send(ravi, amount)

    assert (answer.status, answer.body["message"]) == (400, "Invalid amount")


@pytest.mark.parametrize("token", ["null", "undefined", "", "a.b.c", "expired"])
def test_public_routes_ignore_a_bad_token(asha: Person, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"username": asha.username, "password": PASSWORD}
    signup = {**body, "username": "mira@example.com", "firstName": "Mira", "lastName": "Das"}

    assert asha.call("GET", "/user/bulk", headers=headers).status == 200
    assert asha.call("POST", "/user/signin", json=body, headers=headers).status == 200
    assert asha.call("POST", "/user/signup", json=signup, headers=headers).status == 200


@pytest.mark.parametrize("query", ["", "?filter=", "?filter", "?", "?filter=%20", "?x=1&filter=&page=2&_=17", "?&&="])
def test_people_are_listed_without_a_filter(asha: Person, ravi: Person, query: str) -> None:
    answer = asha.call("GET", f"/user/bulk{query}")

    assert [person["_id"] for person in answer.body["user"]] == [asha.id, ravi.id]


@pytest.mark.parametrize("text", ["a", "A", "as", "ASHA", "sha", "rao", "Rao", "asha rao", "asha%20r", "a+r"])
def test_a_name_is_found_in_any_case_from_any_part(asha: Person, ravi: Person, text: str) -> None:
    assert asha.id in [person["_id"] for person in asha.call("GET", f"/user/bulk?filter={text}").body["user"]]


@pytest.mark.parametrize("text", ["(", ")", "*", "+++", "?", "[a", "{", "|", "a|b", "^a", "a$", "'", '"', "<b>", "$a"])
def test_unencoded_special_characters_are_harmless(asha: Person, ravi: Person, text: str) -> None:
    answer = asha.call("GET", "/user/bulk?filter=" + text)

    assert answer.status == 200


def test_unknown_fields_at_sign_up_are_ignored(call: Call) -> None:
    person = sign_up(call, balance=1_000_000, confirmPassword="x", agree=True, nested={"a": [1]})

    assert person.balance() == 100


def test_unknown_fields_elsewhere_are_ignored(asha: Person, ravi: Person) -> None:
    signin = {"username": asha.username, "password": PASSWORD, "remember": True}

    assert asha.call("POST", "/user/signin", json=signin).status == 200
    assert asha.call("PUT", "/user", json={"x": 1, "email": "x"}, headers=asha.headers).status == 200
    assert asha.send(ravi, 5, currency="USD", fee=3).status == 200


def test_an_empty_password_in_an_update_changes_nothing(asha: Person) -> None:
    before = stored("users", "sessions")
    body = {"password": "", "firstName": "Asha", "lastName": "Rao"}

    answer = asha.call("PUT", "/user", json=body, headers=asha.headers)

    assert (answer.status, answer.body) == (200, {"message": "Updated successfully"})
    assert stored("users", "sessions") == before


@pytest.mark.parametrize("to", ["undefined", "null", "", "[object Object]", None, "NaN", "ravi", "123"])
def test_a_payee_that_is_no_id_is_an_invalid_account(asha: Person, to: Any) -> None:
    before = stored(*MONEY)

    answer = asha.send(to, 5)

    assert (answer.status, answer.body["message"]) == (400, "Invalid account")
    assert stored(*MONEY) == before


def test_an_id_may_be_in_upper_case(asha: Person, ravi: Person) -> None:
    assert asha.send(ravi.id.upper(), 5).status == 200
    assert ravi.balance() == 105


@pytest.mark.parametrize(("sent", "left"), [(None, "100"), (50, "50"), ("66.67", "33.33"), ("99.99", "0.01")])
def test_the_balance_is_a_json_number(client: FlaskClient, asha: Person, ravi: Person, sent: Any, left: str) -> None:
    if sent is not None:
        assert asha.send(ravi, sent).status == 200

    answer = client.get("/api/v1/account/balance", headers=asha.headers)

    assert f'"balance":{left}}}' in answer.get_data(as_text=True).replace(" ", "")


def test_a_token_tells_its_user_and_when_it_ends(asha: Person) -> None:
    content = claims(asha.token)

    assert content["userId"] == asha.id == asha.get("/user/me").body["_id"]
    assert isinstance(content["exp"], int)


def test_a_tight_loop_of_reads_is_not_too_much(asha: Person, call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true")

    statuses = {call("GET", "/account/balance", headers=asha.headers).status for _ in range(400)}
    statuses |= {call("GET", "/user/bulk").status for _ in range(400)}

    assert statuses == {200}


def test_a_sound_answer_is_json_in_utf8(client: FlaskClient, call: Call) -> None:
    person = sign_up(call, "Zoë", "हिन्दी")

    answer = client.get("/api/v1/user/me", headers=person.headers)

    assert answer.mimetype == "application/json"
    assert (answer.json["firstName"], answer.json["lastName"]) == ("Zoë", "हिन्दी")
