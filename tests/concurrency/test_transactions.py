"""Refunds, payment requests and payouts at the same moment, over HTTP to two workers."""

import pytest

from paytm.user import roles
from tests.concurrency.together import at_once
from tests.people import Answer, Call, Person, sign_up
from tests.server import Server

_TIMES = 20


def post(person: Person, path: str, **body: object) -> Answer:
    return person.call("POST", f"/transaction{path}", json=body, headers=person.headers)


@pytest.fixture
def call(server: Server) -> Call:
    return server.call


def test_refunds_at_once_never_exceed_the_original(asha: Person, ravi: Person) -> None:
    body = {"fromAccount": asha.id, "toAccount": ravi.id, "amount": 50, "idempotencyKey": "p"}
    paid = post(asha, "", **body).body["transaction"]["id"]

    answers = at_once(_TIMES, lambda number: post(ravi, f"/{paid}/refund", amount=8, idempotencyKey=f"{number}"))

    assert sorted(answer.status for answer in answers) == [201] * 6 + [400] * (_TIMES - 6)
    assert {answer.body["code"] for answer in answers if answer.status == 400} == {"refund_too_large"}
    assert (asha.balance(), ravi.balance()) == (98, 102)


def test_a_refund_with_one_key_happens_once(asha: Person, ravi: Person) -> None:
    body = {"fromAccount": asha.id, "toAccount": ravi.id, "amount": 50, "idempotencyKey": "p"}
    paid = post(asha, "", **body).body["transaction"]["id"]

    answers = at_once(_TIMES, lambda _: post(ravi, f"/{paid}/refund", idempotencyKey="r"))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["transaction"]["id"] for answer in answers}) == 1
    assert (asha.balance(), ravi.balance()) == (100, 100)


def test_a_request_is_paid_once_whatever_the_keys(asha: Person, ravi: Person) -> None:
    asked = post(ravi, "/request", **{"from": asha.id, "amount": 30}).body["request"]["id"]

    answers = at_once(_TIMES, lambda number: post(asha, f"/request/{asked}/pay", idempotencyKey=f"{number}"))

    assert sorted(answer.status for answer in answers) == [201] + [409] * (_TIMES - 1)
    assert (asha.balance(), ravi.balance()) == (70, 130)


def test_a_request_is_paid_or_cancelled_and_not_both(asha: Person, ravi: Person) -> None:
    for number in range(10):
        asked = post(ravi, "/request", **{"from": asha.id, "amount": 1}).body["request"]["id"]
        before = asha.balance()

        def do(which: int, asked: str = asked, number: int = number) -> Answer:
            if which:
                return post(ravi, f"/request/{asked}/cancel")
            return post(asha, f"/request/{asked}/pay", idempotencyKey=f"{number}")

        paid, cancelled = at_once(2, do)

        assert sorted((paid.status // 100, cancelled.status // 100)) == [2, 4]
        assert asha.balance() == before - (paid.status == 201)


def test_refunds_and_transfers_of_the_same_money(asha: Person, ravi: Person) -> None:
    body = {"fromAccount": asha.id, "toAccount": ravi.id, "amount": 50, "idempotencyKey": "p"}
    paid = post(asha, "", **body).body["transaction"]["id"]

    def do(number: int) -> Answer:
        if number % 2:
            return ravi.send(asha, 30, key=f"{number}")
        return post(ravi, f"/{paid}/refund", amount=5, idempotencyKey=f"{number}")

    answers = at_once(_TIMES, do)

    sent = sum(answer.status == 200 for answer in answers)
    refunded = sum(answer.status == 201 for answer in answers)
    assert {answer.status for answer in answers} <= {200, 201, 400}
    assert ravi.balance() == 150 - 30 * sent - 5 * refunded
    assert asha.balance() == 50 + 30 * sent + 5 * refunded


def test_payouts_at_once_spend_no_money_twice(asha: Person, ravi: Person, server: Server) -> None:
    roles.grant(asha.username, roles.MERCHANT)
    mira = sign_up(server.call)
    transfers = [{"toAccount": person.id, "amount": 15} for person in (ravi, mira)]

    answers = at_once(_TIMES, lambda number: post(asha, "/bulk", transfers=transfers, idempotencyKey=f"{number}"))

    assert sorted(answer.status for answer in answers) == [201] * 3 + [400] * (_TIMES - 3)
    assert (asha.balance(), ravi.balance(), mira.balance()) == (10, 145, 145)
