"""Sending money, as clients do it."""

from tests.people import Person


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
