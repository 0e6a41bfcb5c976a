"""Settling records with users: requests for what is owed, transfers of what one owes, each once."""

from datetime import timedelta
from typing import Any

import pytest

from paytm.cashbook import settlement
from tests.api.stored import count, stored
from tests.bookkeeping import ask, noted, read, settle, write
from tests.people import Answer, Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")


def answer_request(person: Person, record: dict[str, Any], how: str) -> Answer:
    """Pay, decline or cancel the request that settles a record."""
    path = f"/transaction/request/{record['settledBy']['requestId']}/{how}"
    return person.call("POST", path, json={"idempotencyKey": "p"}, headers=person.headers)


def test_a_debit_becomes_a_request_for_money(asha: Person, ravi: Person) -> None:
    record = noted(asha, note="a secret")

    answer = settle(asha, record["id"], ravi, note="for the rice")

    (request,) = ravi.get("/transaction/request").body["requests"]
    settled = answer.body["record"]["settledBy"]
    assert (answer.status, answer.headers["ETag"]) == (201, '"2"')
    assert (settled["userId"], settled["requestId"], settled["status"]) == (ravi.id, request["id"], "pending")
    assert (request["payee"], request["amount"], request["note"]) == (asha.id, 12.5, "for the rice")
    assert (asha.balance(), ravi.balance()) == (100, 100)


def test_a_credit_becomes_a_transfer(asha: Person, ravi: Person) -> None:
    record = noted(asha, transactionType="credit")

    settled = settle(asha, record["id"], ravi).body["record"]["settledBy"]

    (made,) = ravi.get("/transaction?kind=transfer").body["transactions"]
    assert (settled["userId"], settled["transactionId"], settled["status"]) == (ravi.id, made["id"], "paid")
    assert (asha.balance(), ravi.balance()) == (87.5, 112.5)


@pytest.mark.parametrize(
    ("how", "who", "standing"), [("pay", 1, "paid"), ("decline", 1, "declined"), ("cancel", 0, "cancelled")]
)
def test_a_record_tells_what_became_of_its_request(
    asha: Person, ravi: Person, how: str, who: int, standing: str
) -> None:
    record = settle(asha, noted(asha)["id"], ravi).body["record"]

    answer_request((asha, ravi)[who], record, how)

    assert read(asha, record["id"])["settledBy"]["status"] == standing
    assert ask(asha, "GET").body["records"][0]["settledBy"]["status"] == standing
    assert read(asha, record["id"])["version"] == 2


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_key_settles_once(asha: Person, ravi: Person, kind: str) -> None:
    record = noted(asha, transactionType=kind)

    first, again = (settle(asha, record["id"], ravi, "k") for _ in range(2))
    other = settle(asha, record["id"], ravi, "k", note="else")

    assert (first.status, again.status, first.body) == (201, 201, again.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert count("payment_requests") + count("transactions", kind="transfer") == 1


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_settled_record_is_not_settled_again_or_changed(asha: Person, ravi: Person, kind: str) -> None:
    record = noted(asha, transactionType=kind)
    settle(asha, record["id"], ravi, "a")

    answers = [settle(asha, record["id"], ravi, "b"), write(asha, "PATCH", record["id"], "*", note="x")]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(409, "conflict")] * 2
    assert read(asha, record["id"])["version"] == 2
    assert count("payment_requests") + count("transactions", kind="transfer") == 1


def test_a_record_whose_request_came_to_nothing_is_free_again(asha: Person, ravi: Person) -> None:
    record = settle(asha, noted(asha)["id"], ravi, "a").body["record"]
    answer_request(ravi, record, "decline")

    again = settle(asha, record["id"], ravi, "b").body["record"]
    answer_request(ravi, again, "decline")
    changed = write(asha, "PATCH", record["id"], "*", transactionAmount=7)

    assert again["settledBy"]["status"] == "pending"
    assert again["settledBy"]["requestId"] != record["settledBy"]["requestId"]
    assert (changed.status, "settledBy" in changed.body["record"]) == (200, False)


def test_an_expired_request_is_cancelled_when_another_takes_its_place(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(settlement, "_REQUEST_LIFETIME", timedelta(0))
        record = settle(asha, noted(asha)["id"], ravi, "a").body["record"]

    assert record["settledBy"]["status"] == "expired"
    settle(asha, record["id"], ravi, "b")

    assert [request["status"] for request in stored("payment_requests")["payment_requests"]] == ["cancelled", "pending"]


def test_without_the_money_nothing_is_settled(asha: Person, ravi: Person) -> None:
    record = noted(asha, transactionType="credit", transactionAmount="100.01")

    first, again = (settle(asha, record["id"], ravi) for _ in range(2))

    assert (first.status, first.body["code"]) == (400, "insufficient_balance")
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert read(asha, record["id"]) == record
    assert (asha.balance(), count("cashbook_keys")) == (100, 0)


def test_who_cannot_be_settled_with_is_refused(asha: Person, ravi: Person) -> None:
    for kind in ("debit", "credit"):
        record = noted(asha, transactionType=kind)
        nobody = Person(ravi.call, "", "0123456789abcdef01234567", "")
        assert [
            settle(asha, record["id"], other, f"{kind}{n}").body["code"] for n, other in enumerate((asha, nobody))
        ] == [
            "self_transfer",
            "invalid_account",
        ]
        assert read(asha, record["id"]) == record


def test_a_blocked_person_is_asked_for_nothing(asha: Person, ravi: Person) -> None:
    ravi.call("PUT", f"/message/block/{asha.id}", headers=ravi.headers)
    record = noted(asha)

    assert settle(asha, record["id"], ravi).body["code"] == "blocked"
    assert read(asha, record["id"]) == record


def test_what_is_settled_is_what_was_read(asha: Person, ravi: Person) -> None:
    record = noted(asha, transactionType="credit")
    write(asha, "PATCH", record["id"], '"1"', transactionAmount=90)
    headers = asha.headers | {"If-Match": '"1"'}
    body = {"with": ravi.id, "idempotencyKey": "k"}

    answers = [
        asha.call("POST", f"/cashbook/{record['id']}/settle", json=body, headers=headers | {"If-Match": match})
        for match in ('"1"', '"2"', '"2"')
    ]

    assert [answer.status for answer in answers] == [412, 201, 201]
    assert asha.balance() == 10


@pytest.mark.parametrize(
    "body", [{}, {"with": "x", "idempotencyKey": "k"}, {"with": "0" * 24}, {"idempotencyKey": "k"}]
)
def test_settling_wants_somebody_and_a_key(asha: Person, body: dict[str, str]) -> None:
    record = noted(asha)

    answer = asha.call("POST", f"/cashbook/{record['id']}/settle", json=body, headers=asha.headers)

    assert answer.status == 400


def test_a_record_of_somebody_else_cannot_be_settled(asha: Person, ravi: Person) -> None:
    record = noted(asha, transactionType="credit")

    assert settle(ravi, record["id"], asha).status == 404
    assert ravi.balance() == 100
