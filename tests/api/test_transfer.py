"""Sending money, as clients do it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from paytm.ledger import posting, refusals
from tests.api.stored import MONEY, stored
from tests.conftest import caller
from tests.people import Call, Person, sign_up


def test_money_moves_from_one_balance_to_the_other(asha: Person, ravi: Person) -> None:
    answer = asha.send(ravi, 33.33)

    assert (answer.status, answer.body["message"]) == (200, "Transfer successful")
    assert (asha.balance(), ravi.balance()) == (66.67, 133.33)


def test_an_amount_may_be_a_numeric_string(asha: Person, ravi: Person) -> None:
    assert asha.send(ravi, "20.50").status == 200
    assert ravi.balance() == 120.5


def test_a_repeated_key_pays_once_and_gets_the_same_answer(asha: Person, ravi: Person) -> None:
    first, second = asha.send(ravi, 10, key="rent-november"), asha.send(ravi, 10, key="rent-november")

    assert first.body == second.body
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert asha.balance() == 90


def test_a_repetition_without_a_key_pays_again(asha: Person, ravi: Person) -> None:
    first, second = asha.send(ravi, 10), asha.send(ravi, 10)

    assert first.body["transactionId"] != second.body["transactionId"]
    assert asha.balance() == 80


def test_the_whole_balance_can_be_sent(asha: Person, ravi: Person) -> None:
    assert asha.send(ravi, 100).status == 200
    assert (asha.balance(), ravi.balance()) == (0, 200)


@pytest.mark.parametrize("amount", [100.01, 101, "100.01", 999_999.99])
def test_more_than_the_balance_is_refused_and_writes_nothing(asha: Person, ravi: Person, amount: object) -> None:
    before = stored(*MONEY)

    answer = asha.send(ravi, amount)

    assert (answer.status, answer.body["message"]) == (400, "Insufficient balance")
    assert answer.body["code"] == "insufficient_balance"
    assert stored(*MONEY) == before


def test_a_transfer_is_one_transaction_with_two_entries(asha: Person, ravi: Person) -> None:
    answer = asha.send(ravi, "12.34", note="chai")

    transactions, entries = stored("transactions", "entries").values()
    made = transactions[-1]
    assert answer.body["transactionId"] == str(made["_id"])
    assert (made["kind"], made["status"], made["amount"]) == ("transfer", "completed", 1234)
    assert (str(made["from"]), str(made["to"]), str(made["ownerId"]), made["note"]) == (
        asha.id,
        ravi.id,
        asha.id,
        "chai",
    )
    lines = [(str(line["account"]), line["amount"], line["balance"], line["seq"]) for line in entries[-2:]]
    assert sorted(lines) == sorted([(asha.id, -1234, 8766, 2), (ravi.id, 1234, 11234, 2)])


@pytest.mark.parametrize("note", ["", "चाय ☕", "x" * 200, "  rent  ", "<script>", "$set"])
def test_a_note_goes_with_the_money(asha: Person, ravi: Person, note: str) -> None:
    assert asha.send(ravi, 1, note=note).status == 200

    line = ravi.get("/account/transactions").body["transactions"][0]
    assert line["note"] == (note.strip() or None)


def test_an_amount_up_to_the_maximum_may_be_sent(call_with: Callable[..., Call]) -> None:
    call = call_with(TRANSFER_MAX="50")
    asha, ravi = sign_up(call), sign_up(call)

    assert asha.send(ravi, 50).status == 200
    assert asha.send(ravi, 50.01).body["message"] == "Invalid amount"


def test_a_payee_cannot_hold_more_than_a_json_number_can(call_with: Callable[..., Call], asha: Person) -> None:
    rich = sign_up(call_with(OPENING_BALANCE_MIN="10000000000000", OPENING_BALANCE_MAX="10000000000000"))
    before = stored(*MONEY)

    answer = asha.send(rich, 0.01)

    assert (answer.status, answer.body["code"]) == (400, "balance_too_large")
    assert stored(*MONEY) == before


def test_a_lone_transfer_does_not_wait_for_company(app: Flask, asha: Person, ravi: Person) -> None:
    engine = app.extensions["ledger"]
    assert asha.send(ravi, 1).status == 200
    assert engine._waiting.empty()


def test_many_at_once_each_move_their_money(app: Flask, call: Call) -> None:
    people = [sign_up(caller(app.test_client())) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        jobs = [(people[number % 6], people[(number * 5 + 1) % 6]) for number in range(60)]
        answers = list(pool.map(lambda job: job[0].send(job[1], 1) if job[0] is not job[1] else None, jobs))

    assert {answer.status for answer in answers if answer} == {200}
    assert sum(person.balance() for person in people) == 600


def test_a_closed_engine_answers_503_with_a_time_to_retry(app: Flask, asha: Person, ravi: Person) -> None:
    app.extensions["ledger"].close()

    answer = asha.send(ravi, 1, key="k")

    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_every_reason_to_decline_has_an_answer() -> None:
    reasons = {posting.INSUFFICIENT_BALANCE, posting.UNKNOWN_PAYEE, posting.INACTIVE_PAYER, posting.BALANCE_TOO_LARGE}
    assert set(refusals._REFUSALS) == reasons
