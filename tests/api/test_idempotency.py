"""One key, one payment, one answer."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.api.stored import MONEY, count, stored
from tests.conftest import caller
from tests.people import Answer, Person, sign_up


def _keyed(person: Person, payee: Person, amount: Any = 5, **request: Any) -> Answer:
    headers = person.headers | request.pop("headers", {})
    body = {"to": payee.id, "amount": amount, **request}
    return person.call("POST", "/account/transfer", json=body, headers=headers)


@pytest.mark.parametrize("first", ["header", "body", "both"])
@pytest.mark.parametrize("second", ["header", "body", "both"])
def test_a_key_is_the_same_in_the_header_and_in_the_body(asha: Person, ravi: Person, first: str, second: str) -> None:
    ways: dict[str, Any] = {
        "header": {"headers": {"Idempotency-Key": "k-1"}},
        "body": {"idempotencyKey": "k-1"},
        "both": {"headers": {"Idempotency-Key": "k-1"}, "idempotencyKey": "k-1"},
    }
    answers = [_keyed(asha, ravi, **ways[first]), _keyed(asha, ravi, **ways[second])]

    assert [answer.status for answer in answers] == [200, 200]
    assert answers[0].body == answers[1].body
    assert asha.balance() == 95


@pytest.mark.parametrize(
    "changes",
    [{"amount": 6}, {"note": "x"}, {"amount": "5.01"}, {"to": "self"}],
    ids=["amount", "note", "paisa", "payee"],
)
def test_a_key_for_another_request_is_refused(app: Flask, asha: Person, ravi: Person, changes: dict[str, Any]) -> None:
    third = sign_up(caller(app.test_client()))
    assert _keyed(asha, ravi, idempotencyKey="k").status == 200
    before = stored(*MONEY)

    changes = {"to": third.id} if "to" in changes else changes
    answer = _keyed(asha, ravi, idempotencyKey="k", **changes)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert stored(*MONEY) == before
    assert _keyed(asha, ravi, idempotencyKey="k").status == 200


@pytest.mark.parametrize("amount", [5, "5", "5.00", "5.0", " 5"])
def test_the_same_amount_in_another_spelling_is_the_same_request(asha: Person, ravi: Person, amount: Any) -> None:
    first, second = _keyed(asha, ravi, 5, idempotencyKey="k"), _keyed(asha, ravi, amount, idempotencyKey="k")

    assert second.body == first.body
    assert asha.balance() == 95


def test_the_key_of_another_user_is_another_key(asha: Person, ravi: Person) -> None:
    assert asha.send(ravi, 5, key="k").status == 200
    assert ravi.send(asha, 7, key="k").status == 200
    assert (asha.balance(), ravi.balance()) == (102, 98)


def test_a_refusal_for_want_of_money_stays_with_its_key(asha: Person, ravi: Person) -> None:
    first = asha.send(ravi, 150, key="k")
    assert ravi.send(asha, 100).status == 200

    again = asha.send(ravi, 150, key="k")

    assert (first.status, again.status) == (400, 400)
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert asha.balance() == 200
    assert count("transactions", key="k", status="declined") == 1


def test_a_refusal_without_a_key_is_forgotten(asha: Person, ravi: Person) -> None:
    assert asha.send(ravi, 150).status == 400
    ravi.send(asha, 100)

    assert asha.send(ravi, 150).status == 200
    assert count("transactions", status="declined") == 0


@pytest.mark.parametrize("body", [{"amount": 0}, {"amount": "x"}, {"to": "undefined"}, {"note": "x" * 300}])
def test_a_malformed_request_uses_no_key_up(asha: Person, ravi: Person, body: dict[str, Any]) -> None:
    assert _keyed(asha, ravi, idempotencyKey="k", **body).status == 400

    assert _keyed(asha, ravi, idempotencyKey="k").status == 200


def test_a_request_without_a_token_uses_no_key_up(asha: Person, ravi: Person) -> None:
    body = {"to": ravi.id, "amount": 5, "idempotencyKey": "k"}
    assert asha.call("POST", "/account/transfer", json=body).status == 403

    answer = _keyed(asha, ravi, idempotencyKey="k")

    assert (answer.status, answer.headers.get("Idempotent-Replayed")) == (200, None)


def test_a_refused_reuse_uses_no_other_key_up(asha: Person, ravi: Person) -> None:
    _keyed(asha, ravi, 5, idempotencyKey="k")
    _keyed(asha, ravi, 6, idempotencyKey="k")

    assert _keyed(asha, ravi, 6, idempotencyKey="k2").status == 200


BAD_KEYS = ["", "x" * 256, "clé", "a\tb", "a\x7fb", "१"]


@pytest.mark.parametrize("key", [*BAD_KEYS, 5, True, ["k"], {"$ne": None}, "a\nb", "a\0b"])
def test_a_bad_key_in_the_body_is_refused(asha: Person, ravi: Person, key: Any) -> None:
    before = stored(*MONEY)

    answer = _keyed(asha, ravi, idempotencyKey=key)

    assert (answer.status, answer.body["code"]) == (400, "invalid_idempotency_key")
    assert stored(*MONEY) == before


@pytest.mark.parametrize("key", ["", "x" * 256, "cl\xe9", "a\tb", "a\x7fb"])
def test_a_bad_key_in_the_header_is_refused(asha: Person, ravi: Person, key: str) -> None:
    before = stored(*MONEY)

    answer = _keyed(asha, ravi, headers={"Idempotency-Key": key})

    assert (answer.status, answer.body["code"]) == (400, "invalid_idempotency_key")
    assert stored(*MONEY) == before


def test_two_different_keys_in_one_request_are_refused(asha: Person, ravi: Person) -> None:
    answer = _keyed(asha, ravi, headers={"Idempotency-Key": "a"}, idempotencyKey="b")

    assert (answer.status, answer.body["code"]) == (400, "invalid_idempotency_key")


@pytest.mark.parametrize("key", ["k", "x" * 255, "a b", '"quoted"', "$ne", "a.b", "{}", "'; --", "~!@#%^&*()"])
def test_any_printable_key_works(asha: Person, ravi: Person, key: str) -> None:
    first, second = asha.send(ravi, 5, key=key), asha.send(ravi, 5, key=key)

    assert (first.status, first.body) == (second.status, second.body) == (200, first.body)
    assert asha.balance() == 95


def test_null_is_no_key(asha: Person, ravi: Person) -> None:
    assert [_keyed(asha, ravi, idempotencyKey=None).status for _ in range(2)] == [200, 200]
    assert asha.balance() == 90


def test_keys_that_differ_in_case_are_two(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5, key="Key")
    asha.send(ravi, 5, key="key")

    assert asha.balance() == 90


def test_a_key_works_again_after_signing_in_again(asha: Person, ravi: Person) -> None:
    first = asha.send(ravi, 5, key="k")
    changed = asha.call("PUT", "/user", json={"password": "another-horse"}, headers=asha.headers)
    asha.token = changed.body["token"]

    assert asha.send(ravi, 5, key="k").body == first.body
    assert asha.balance() == 95


def test_a_replay_ignores_what_became_of_the_balance(asha: Person, ravi: Person) -> None:
    first = asha.send(ravi, 60, key="k")
    asha.send(ravi, 40)

    assert asha.send(ravi, 60, key="k").body == first.body
    assert asha.balance() == 0


def test_many_of_one_key_at_once_pay_once_with_one_body(app: Flask, asha: Person, ravi: Person) -> None:
    payers = [Person(caller(app.test_client()), asha.token, asha.id, asha.username) for _ in range(8)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda payer: payer.send(ravi, 5, key="k"), payers))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["transactionId"] for answer in answers}) == 1
    assert asha.balance() == 95
