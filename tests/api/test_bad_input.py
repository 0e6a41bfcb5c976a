"""Hostile and broken requests: each is refused with a 4xx, and nothing is written."""

import gzip
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.api.stored import MONEY, stored
from tests.people import PASSWORD, Answer, Call, Person, sign_up

AMOUNTS = {
    "zero": "0",
    "negative": "-1",
    "minus zero": "-0.0",
    "a tenth of a paisa": "0.001",
    "one paisa and a bit": "0.30000000000000004",
    "beyond a double": "1e400",
    "beyond a Decimal": "1e9999999999999999999",
    "beyond a Decimal, small": "1e-9999999999999999999",
    "a million digits": "1e999999",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "minus Infinity": "-Infinity",
    "true": "true",
    "false": "false",
    "text": '"abc"',
    "full-width digits": '"１００"',
    "Arabic digits": '"١٠٠"',
    "empty text": '""',
    "a blank": '" "',
    "negative text": '"-5"',
    "exponent text": '"1e1"',
    "hexadecimal text": '"0x10"',
    "underscored text": '"1_0"',
    "NaN text": '"NaN"',
    "Infinity text": '"Infinity"',
    "text of a tenth of a paisa": '"0.001"',
    "text with NUL": '"10\\u0000"',
    "text of 4000 digits": f'"{"9" * 4000}"',
    "null": "null",
    "list": "[]",
    "list of one": "[5]",
    "object": "{}",
    "operator": '{"$gt": 0}',
    "2^53": str(2**53),
    "2^63": str(2**63),
    "2^64": str(2**64),
    "4000 digits": "9" * 4000,
    "5000 digits": "9" * 5000,
    "above the maximum": "1000000.01",
}


def _post(person: Person, path: str, body: str | bytes, content_type: str = "application/json") -> Answer:
    return person.call("POST", path, data=body, content_type=content_type, headers=person.headers)


def test_a_bad_amount_is_refused_and_writes_nothing(asha: Person, ravi: Person) -> None:
    before = stored(*MONEY)

    for name, amount in AMOUNTS.items():
        answer = _post(asha, "/account/transfer", f'{{"to": "{ravi.id}", "amount": {amount}}}')

        assert answer.status == 400, (name, answer)
        assert {"message", "code", "requestId"} <= answer.body.keys()
        assert stored(*MONEY) == before, name


@pytest.mark.parametrize("name", ["zero", "text", "null", "full-width digits", "true", "above the maximum"])
def test_a_bad_amount_is_named_as_such(asha: Person, ravi: Person, name: str) -> None:
    answer = _post(asha, "/account/transfer", f'{{"to": "{ravi.id}", "amount": {AMOUNTS[name]}}}')

    assert (answer.body["message"], answer.body["code"]) == ("Invalid amount", "invalid_amount")


def test_a_missing_amount_is_an_invalid_amount(asha: Person, ravi: Person) -> None:
    answer = asha.call("POST", "/account/transfer", json={"to": ravi.id}, headers=asha.headers)

    assert (answer.status, answer.body["message"]) == (400, "Invalid amount")


PAYEES = {
    "undefined": "undefined",
    "empty": "",
    "null": None,
    "a number": 7,
    "a list": [],
    "an operator": {"$ne": None},
    "too short": "abc",
    "not hexadecimal": "z" * 24,
    "blanks": " " * 24,
    "hexadecimal and blanks": "ab" * 11 + "  ",
    "twelve characters": "abcdefghijkl",
    "full-width digits": "１" * 24,
    "with NUL": "a" * 23 + "\0",
    "nobody": "0123456789abcdef01234567",
    "the system account": "0" * 24,
    "an e-mail": "ravi@example.com",
    "5000 characters": "a" * 5000,
}


def test_a_bad_payee_is_an_invalid_account_and_writes_nothing(asha: Person) -> None:
    before = stored(*MONEY)

    for name, to in PAYEES.items():
        answer = asha.send(to, 5)

        assert (answer.status, answer.body["message"]) == (400, "Invalid account"), name
        assert stored(*MONEY) == before, name


def test_nobody_pays_himself(asha: Person) -> None:
    before = stored(*MONEY)

    answer = asha.send(asha, 5, key="to-myself")

    assert (answer.status, answer.body["code"]) == (400, "self_transfer")
    assert stored(*MONEY) == before


# Each would be accepted if its body were sound; the status is the route's own for a malformed body.
ROUTES = {
    "signup": ("POST", "/user/signup", 411),
    "signin": ("POST", "/user/signin", 411),
    "update": ("PUT", "/user", 411),
    "transfer": ("POST", "/account/transfer", 400),
}
JSON = "application/json"


def _sound(route: str, person: Person, payee: Person) -> dict[str, Any]:
    names = {"firstName": "Mira", "lastName": "Das"}
    return {
        "signup": {"username": "mira@example.com", "password": PASSWORD, **names},
        "signin": {"username": person.username, "password": PASSWORD},
        "update": names,
        "transfer": {"to": payee.id, "amount": "5"},
    }[route]


def _text(body: dict[str, Any], extra: str) -> bytes:
    return (json.dumps(body)[:-1] + f', "extra": {extra}}}').encode()


# What is made of a sound body, its content type, and the status where it is not the route's own.
BODIES: dict[str, Any] = {
    "bad UTF-8": (lambda body: _text(body, '"?"').replace(b"?", b"\xff"), JSON, None),
    "overlong UTF-8": (lambda body: _text(body, '"?"').replace(b"?", b"\xc0\x80"), JSON, None),
    "UTF-8 surrogate": (lambda body: _text(body, '"?"').replace(b"?", b"\xed\xa0\x80"), JSON, None),
    "UTF-16": (lambda body: json.dumps(body).encode("utf-16"), JSON, None),
    "top-level list": (lambda body: json.dumps([body]), JSON, None),
    "top-level null": (lambda body: "null", JSON, None),
    "top-level text": (lambda body: json.dumps(json.dumps(body)), JSON, None),
    "top-level number": (lambda body: "1", JSON, None),
    "top-level true": (lambda body: "true", JSON, None),
    "blank": (lambda body: " ", JSON, None),
    "cut off": (lambda body: json.dumps(body)[:-1], JSON, None),
    "something behind it": (lambda body: json.dumps(body) + "x", JSON, None),
    "NUL behind it": (lambda body: json.dumps(body) + "\0", JSON, None),
    "two of them": (lambda body: json.dumps(body) * 2, JSON, None),
    "single quotes": (lambda body: json.dumps(body).replace('"', "'"), JSON, None),
    "duplicate keys": (lambda body: json.dumps(body)[:-1] + "," + json.dumps(body)[1:], JSON, None),
    "duplicate keys further in": (lambda body: _text(body, '{"a": 1, "a": 2}'), JSON, None),
    "lone surrogate": (lambda body: _text(body, '"\\ud800"'), JSON, None),
    "lone surrogate as a name": (lambda body: _text(body, '{"\\udfff": 1}'), JSON, None),
    "30k nesting": (lambda body: _text(body, "[" * 30_000 + "]" * 30_000), JSON, None),
    "30k nested objects": (lambda body: '{"a":' * 10_000, JSON, None),
    "100k nesting": (lambda body: "[" * 100_000, JSON, 413),
    "NaN": (lambda body: _text(body, "NaN"), JSON, None),
    "giant exponent": (lambda body: _text(body, "1e9999999999999999999"), JSON, None),
    "5000 digits": (lambda body: _text(body, "9" * 5000), JSON, None),
    "form with the type of JSON": (urlencode, JSON, None),
    "text/plain": (json.dumps, "text/plain", 415),
    "no content type": (json.dumps, None, 415),
    "form": (urlencode, "application/x-www-form-urlencoded", 415),
    "multipart": (lambda body: b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415),
    "2 MB": (lambda body: _text(body, f'"{"x" * 2_000_000}"'), JSON, 413),
    "2 MB of text": (lambda body: "x" * 2_000_000, "text/plain", 413),
}


@pytest.mark.parametrize("route", ROUTES)
def test_a_broken_body_is_refused_and_writes_nothing(asha: Person, ravi: Person, route: str) -> None:
    method, path, malformed = ROUTES[route]
    before = stored()

    for name, (make, content_type, status) in BODIES.items():
        body = make(_sound(route, asha, ravi))
        answer = asha.call(method, path, data=body, content_type=content_type, headers=asha.headers)

        assert answer.status == (status or malformed), (name, answer)
        assert {"message", "code", "requestId"} <= answer.body.keys()
        assert stored() == before, name


@pytest.mark.parametrize("route", ROUTES)
def test_the_same_bodies_are_accepted_when_sound(asha: Person, ravi: Person, route: str) -> None:
    method, path, _ = ROUTES[route]
    before = stored()

    answer = asha.call(method, path, json=_sound(route, asha, ravi), headers=asha.headers)

    assert answer.status == 200, answer
    assert stored() != before


@pytest.mark.parametrize("route", ROUTES)
def test_an_encoded_body_is_refused(asha: Person, ravi: Person, route: str) -> None:
    method, path, _ = ROUTES[route]
    body = gzip.compress(json.dumps(_sound(route, asha, ravi)).encode())
    before = stored()

    for encoding in ("gzip", "deflate", "br", "x"):
        headers = asha.headers | {"Content-Encoding": encoding}
        answer = asha.call(method, path, data=body, content_type=JSON, headers=headers)

        assert (answer.status, answer.body["code"]) == (415, "unsupported_body"), encoding
        assert stored() == before


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/x+json"])
def test_other_spellings_of_json_are_read(asha: Person, ravi: Person, content_type: str) -> None:
    answer = _post(asha, "/account/transfer", json.dumps({"to": ravi.id, "amount": 5}), content_type)

    assert answer.status == 200


@pytest.mark.parametrize(
    "body",
    [
        {"username": {"$ne": None}, "password": {"$ne": None}},
        {"username": {"$gt": ""}, "password": PASSWORD},
        {"username": ["asha@example.com"], "password": PASSWORD},
        {"username[$ne]": "", "password[$ne]": ""},
        {"username__ne": "", "password__ne": ""},
        {"__raw__": {"username": {"$ne": None}}, "password": PASSWORD},
        {"$where": "1", "password": PASSWORD},
        {"username": True, "password": PASSWORD},
        {"username": 1, "password": 1},
        {"username": None, "password": None},
        {},
    ],
)
def test_operators_sign_nobody_in(asha: Person, body: dict[str, Any]) -> None:
    answer = asha.call("POST", "/user/signin", json=body)

    assert (answer.status, answer.body["message"]) == (411, "Incorrect inputs")


@pytest.mark.parametrize("password", [{"$ne": None}, {"$gt": ""}, [PASSWORD], True, 1, None])
def test_an_operator_is_no_password(asha: Person, password: Any) -> None:
    answer = asha.call("POST", "/user/signin", json={"username": asha.username, "password": password})

    assert (answer.status, answer.body["message"]) == (411, "Incorrect inputs")


@pytest.mark.parametrize(
    "query",
    ["filter[$ne]=x", "filter[]=x", "filter__gt=x", "__raw__=%7B%7D", "$where=1", "username=x", "limit[]=5"],
)
def test_operators_in_a_query_are_ignored(asha: Person, ravi: Person, query: str) -> None:
    answer = asha.call("GET", f"/user/bulk?{query}")

    assert answer.status == 200
    assert {person["_id"] for person in answer.body["user"]} == {asha.id, ravi.id}


@pytest.mark.parametrize("cursor", ["1", "x" * 24, '{"$gt":""}', "", "%00", "0" * 25])
def test_a_bad_cursor_of_people_is_refused(call: Call, cursor: str) -> None:
    assert call("GET", f"/user/bulk?cursor={cursor}").status == 400


@pytest.mark.parametrize("cursor", ["-1", "x", "1.5", "9" * 30, "9" * 5000, "NaN", '{"$gt":0}', str(2**63), "%00", ""])
def test_a_bad_cursor_of_history_is_refused(asha: Person, cursor: str) -> None:
    assert asha.get(f"/account/transactions?cursor={cursor}").status == 400


@pytest.mark.parametrize("limit", ["x", "NaN", "sNaN", "", "1;2", "%00", "0x10", '{"$gt":0}'])
def test_a_limit_that_is_no_number_is_refused(asha: Person, limit: str) -> None:
    assert asha.call("GET", f"/user/bulk?limit={limit}").status == 400
    assert asha.get(f"/account/transactions?limit={limit}").status == 400


@pytest.mark.parametrize("limit", ["1e9", "1e999999999999999999", "Infinity", str(2**64), "9" * 6000])
def test_a_giant_limit_is_capped(asha: Person, ravi: Person, limit: str) -> None:
    answer = asha.call("GET", f"/user/bulk?limit={limit}")

    assert (answer.status, len(answer.body["user"])) == (200, 2)


@pytest.mark.parametrize("limit", ["0", "-1", "-1e9", "-Infinity", "-1e999999999999999999", "1e-999999999999999999"])
def test_a_limit_below_one_shows_one(asha: Person, ravi: Person, limit: str) -> None:
    answer = asha.call("GET", f"/user/bulk?limit={limit}")

    assert (answer.status, len(answer.body["user"])) == (200, 1)


HOSTILE_FILTERS = [
    "(a%2B)%2B$",
    ".*",
    "[",
    "^",
    "$",
    "a{1,99999}",
    "(?s).",
    "\\",
    "%00",
    "a%00",
    "%ff",
    "%25",
    "%F0%9F%98%80",
]


def test_a_regular_expression_is_literal_text(asha: Person, ravi: Person) -> None:
    for text in HOSTILE_FILTERS:
        answer = asha.call("GET", f"/user/bulk?filter={text}")

        assert (answer.status, answer.body["user"]) == (200, []), text


@pytest.mark.parametrize("text", ["[", "C%2B%2B", "%2B%2B%20[", "[dev]*", "*"])
def test_special_characters_of_a_name_are_found(call: Call, asha: Person, text: str) -> None:
    special = sign_up(call, "C++", "[dev]*")

    answer = call("GET", f"/user/bulk?filter={text}")

    assert [person["_id"] for person in answer.body["user"]] == [special.id]


def test_a_filter_of_four_thousand_letters_finds_nobody(asha: Person) -> None:
    letters = "".join(chr(0x4E00 + number) for number in range(4000))

    answer = asha.call("GET", "/user/bulk", query_string={"filter": letters})

    assert (answer.status, answer.body["user"]) == (200, [])


UNWANTED = {
    "_id": "0123456789abcdef01234567",
    "id": "0123456789abcdef01234567",
    "userId": "0123456789abcdef01234567",
    "role": "admin",
    "isAdmin": True,
    "status": "disabled",
    "balance": 999999,
    "passwordHash": "x",
    "grams": ["zz"],
    "searchName": "zz",
    "createdAt": "1970-01-01T00:00:00Z",
    "kind": "system",
    "seq": 7,
    "$set": {"balance": 1},
    "__class__": "x",
}


def test_unwanted_fields_at_sign_up_change_nothing(call: Call) -> None:
    person = sign_up(call, **UNWANTED)

    (user,), (account,) = stored("users", "accounts").values()
    assert str(user["_id"]) == str(account["_id"]) == person.id != UNWANTED["_id"]
    assert (user["status"], account["balance"], account["kind"], account["seq"]) == ("active", 10000, "wallet", 1)
    assert not user.keys() & {"role", "isAdmin", "balance", "kind", "id", "__class__"}


def test_unwanted_fields_of_an_update_change_nothing(asha: Person, ravi: Person) -> None:
    before = stored()

    body = {**UNWANTED, "username": "root@example.com", "firstName": "Anita"}
    answer = asha.call("PUT", "/user", json=body, headers=asha.headers)

    assert answer.status == 200
    after = stored()
    changed = [new for name in before for old, new in zip(before[name], after[name], strict=True) if old != new]
    assert [str(document["_id"]) for document in changed] == [asha.id]
    assert (changed[0]["firstName"], changed[0]["username"], changed[0]["status"]) == ("Anita", asha.username, "active")
    assert changed[0].keys() == before["users"][0].keys()


def test_unwanted_fields_of_a_transfer_change_nothing(asha: Person, ravi: Person) -> None:
    body = {"from": ravi.id, "ownerId": ravi.id, "kind": "funding", "status": "declined", "userId": ravi.id}

    assert asha.send(ravi, 5, **body).status == 200
    assert (asha.balance(), ravi.balance()) == (95, 105)
    assert stored("transactions")["transactions"][-1]["kind"] == "transfer"


@pytest.mark.parametrize("note", ["x" * 201, 5, ["x"], {"$ne": 1}, True, "a\0b", "a\nb", "a\x1bb"])
def test_a_bad_note_is_refused_and_writes_nothing(asha: Person, ravi: Person, note: Any) -> None:
    before = stored(*MONEY)

    assert asha.send(ravi, 5, note=note).status == 400
    assert stored(*MONEY) == before


@pytest.mark.parametrize("path", ["/user/%00", "/%ff", "/user/../account", "/account/balance/x", "//api", "//%2e%2e/x"])
def test_a_strange_path_is_not_found(asha: Person, path: str) -> None:
    assert asha.get(path).status == 404
