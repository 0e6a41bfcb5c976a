"""The same money for many transfers at once, over HTTP to two workers."""

from tests.concurrency.together import at_once
from tests.people import Person, sign_up
from tests.server import Server


def test_the_whole_balance_can_be_sent_only_once(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    answers = at_once(50, lambda number: asha.send(ravi, 100, key=f"key-{number}"))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 49
    assert {answer.body["message"] for answer in answers if answer.status == 400} == {"Insufficient balance"}
    assert (asha.balance(), ravi.balance()) == (0, 200)


def test_without_keys_the_whole_balance_is_also_sent_only_once(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    answers = at_once(50, lambda _: asha.send(ravi, 100))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 49
    assert (asha.balance(), ravi.balance()) == (0, 200)


def test_different_payees_share_no_money_twice(server: Server) -> None:
    asha, *payees = at_once(21, lambda _: sign_up(server.call))

    answers = at_once(20, lambda number: asha.send(payees[number], 30))

    assert sorted(answer.status for answer in answers) == [200] * 3 + [400] * 17
    assert sorted(payee.balance() for payee in payees) == [100] * 17 + [130] * 3
    assert asha.balance() == 10


def test_money_that_just_arrived_is_spent_only_once(server: Server) -> None:
    asha, ravi, meera = (sign_up(server.call) for _ in range(3))

    def pass_on(number: int) -> tuple[Person, int]:
        payer, payee = (asha, ravi) if number % 2 else (ravi, meera)
        return payer, payer.send(payee, 100, key=f"key-{number}").status

    paid = [payer.id for payer, status in at_once(40, pass_on) if status == 200]
    # Ravi pays once from his own money, and once more if Asha's arrived in time.
    assert paid.count(asha.id) == 1
    assert paid.count(ravi.id) in (1, 2)
    assert (asha.balance(), ravi.balance()) == (0, 200 - 100 * paid.count(ravi.id))
