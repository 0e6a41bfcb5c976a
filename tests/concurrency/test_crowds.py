"""Many clients on few accounts, over HTTP to two workers: everybody is served, and the sum is kept."""

import random

from tests.concurrency.together import at_once
from tests.people import sign_up
from tests.server import Server


def test_two_people_can_pay_each_other_from_32_clients(server: Server) -> None:
    pair = at_once(2, lambda _: sign_up(server.call))

    def pay(number: int) -> set[int]:
        payer, payee = pair[number % 2], pair[1 - number % 2]
        return {payer.send(payee, 0.5, key=f"key-{number}-{turn}").status for turn in range(10)}

    assert at_once(32, pay) == [{200}] * 32
    assert [person.balance() for person in pair] == [100, 100]


def test_64_people_can_pay_one_at_the_same_time(server: Server) -> None:
    payers = at_once(64, lambda _: sign_up(server.call))
    shop = sign_up(server.call)

    def pay(number: int) -> set[int]:
        return {payers[number].send(shop, 1.01).status for _ in range(4)}

    assert at_once(64, pay) == [{200}] * 64
    assert shop.balance() == 100 + 64 * 4 * 1.01
    assert {payer.balance() for payer in payers} == {95.96}


def test_one_can_pay_64_people_at_the_same_time(server: Server) -> None:
    payees = at_once(64, lambda _: sign_up(server.call))
    payer = sign_up(server.call)

    answers = at_once(64, lambda number: payer.send(payees[number], 1))

    assert {answer.status for answer in answers} == {200}
    assert payer.balance() == 36
    assert {payee.balance() for payee in payees} == {101}


def test_everybody_can_pay_everybody_with_every_request_made_twice(server: Server) -> None:
    people = at_once(8, lambda _: sign_up(server.call))

    def pay(number: int) -> list[object]:
        # Two clients make the same choices, so each key is used twice at about the same time.
        choice = random.Random(number // 2)
        bodies: list[object] = []
        for turn in range(8):
            payer, payee = choice.sample(people, 2)
            answer = payer.send(payee, choice.randrange(1, 40), key=f"key-{number // 2}-{turn}")
            assert answer.status in (200, 400), answer
            bodies.append(answer.body)
        return bodies

    answers = at_once(32, pay)
    assert answers[::2] == answers[1::2]
    assert sum(person.balance() for person in people) == 800
