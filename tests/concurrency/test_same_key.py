"""One idempotency key in many requests at once, over HTTP to two workers."""

import pytest

from paytm import db
from tests.concurrency.together import at_once
from tests.people import Person, sign_up
from tests.server import Server


@pytest.fixture
def people(server: Server) -> list[Person]:
    return at_once(3, lambda _: sign_up(server.call))


def postings(key: str) -> int:
    return db.database()["transactions"].count_documents({"key": key})


def test_the_same_request_at_once_is_posted_once_and_answered_alike(people: list[Person]) -> None:
    asha, ravi, _ = people

    answers = at_once(50, lambda _: asha.send(ravi, 1, key="once"))

    assert {answer.status for answer in answers} == {200}
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert (asha.balance(), ravi.balance(), postings("once")) == (99, 101, 1)


def test_a_declined_request_at_once_is_declined_once_and_answered_alike(people: list[Person]) -> None:
    asha, ravi, _ = people

    answers = at_once(50, lambda _: asha.send(ravi, 500, key="too-much"))

    assert {answer.status for answer in answers} == {400}
    assert len({str(answer.body) for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert (asha.balance(), postings("too-much")) == (100, 1)


@pytest.mark.parametrize("other", ["amount", "payee", "note"])
def test_another_request_under_a_used_key_is_refused_and_changes_nothing(people: list[Person], other: str) -> None:
    asha, ravi, meera = people
    first = asha.send(ravi, 10, key="rent")

    payee, amount, note = meera if other == "payee" else ravi, 11 if other == "amount" else 10, other == "note"
    second = asha.send(payee, amount, key="rent", **({"note": "November"} if note else {}))

    assert (second.status, second.body["code"]) == (422, "idempotency_key_reused")
    assert asha.send(ravi, 10, key="rent").body == first.body
    assert (asha.balance(), ravi.balance(), meera.balance()) == (90, 110, 100)


@pytest.mark.parametrize("other", ["amount", "payee"])
def test_of_different_requests_at_once_under_one_key_one_wins(people: list[Person], other: str) -> None:
    asha, ravi, meera = people

    def send(number: int) -> tuple[float, int, str]:
        payee, amount = (ravi, 1 + number) if other == "amount" else ((ravi, meera)[number % 2], 1)
        answer = asha.send(payee, amount, key="rent")
        return amount if other == "amount" else number % 2, answer.status, answer.body.get("transactionId")

    answers = at_once(24, send)
    winners = {(request, identity) for request, status, identity in answers if status == 200}
    assert len(winners) == 1
    [(won, _)] = winners
    assert {status for request, status, _ in answers if request != won} == {422}
    assert postings("rent") == 1
    assert asha.balance() == (100 - won if other == "amount" else 99)


def test_the_same_key_of_another_user_is_another_key(people: list[Person]) -> None:
    payers, payee = people[:2], people[2]

    answers = at_once(20, lambda number: payers[number % 2].send(payee, 10, key="rent"))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["transactionId"] for answer in answers}) == 2
    assert [person.balance() for person in people] == [90, 90, 120]


def test_a_declined_request_stays_declined_after_money_has_come(people: list[Person]) -> None:
    asha, ravi, _ = people
    declined = asha.send(ravi, 150, key="rent")
    assert ravi.send(asha, 100).status == 200

    again = asha.send(ravi, 150, key="rent")

    assert (again.status, again.body) == (400, declined.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert asha.send(ravi, 150, key="rent-again").status == 200
    assert (asha.balance(), ravi.balance()) == (50, 150)


def test_a_declined_request_is_replayed_alike_while_money_comes(people: list[Person]) -> None:
    asha, ravi, _ = people
    declined = asha.send(ravi, 150, key="rent")

    def race(number: int) -> object:
        return asha.send(ravi, 150, key="rent").body if number % 2 else ravi.send(asha, 5).status

    results = at_once(20, race)
    assert results[::2] == [200] * 10
    assert results[1::2] == [declined.body] * 10
    assert (asha.balance(), ravi.balance()) == (150, 50)
