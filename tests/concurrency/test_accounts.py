"""Accounts that change while money moves, over HTTP to two workers."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import monotonic

import pytest
from flask import Flask

from tests.api.holding import another, ask, move, operator
from tests.concurrency.together import at_once
from tests.people import Answer, Person, sign_up
from tests.server import Server


@pytest.fixture
def asha(server: Server) -> Person:
    return sign_up(server.call)


@pytest.fixture
def ravi(server: Server) -> Person:
    return sign_up(server.call)


@pytest.fixture
def meera(server: Server) -> Person:
    """An operator."""
    return operator(sign_up(server.call))


@contextmanager
def traffic(request: Callable[[], Answer]) -> Iterator[list[tuple[float, Answer]]]:
    """Make a request again and again in eight threads while the block runs; each with the time of its answer."""
    made: list[tuple[float, Answer]] = []
    over, warm = Event(), Event()

    def repeat() -> None:
        while not over.is_set():
            answer = request()
            made.append((monotonic(), answer))
            if len(made) > 16:
                warm.set()

    with ThreadPoolExecutor(8) as pool:
        clients = [pool.submit(repeat) for _ in range(8)]
        try:
            assert warm.wait(20)
            yield made
        finally:
            over.set()
    for client in clients:
        client.result()


@pytest.mark.parametrize("side", ["payer", "payee"])
def test_no_transfer_completes_after_freezing_has_answered(
    asha: Person, ravi: Person, meera: Person, side: str
) -> None:
    frozen = asha if side == "payer" else ravi

    with traffic(lambda: asha.send(ravi, 0.01)) as made:
        answer = ask(meera, "POST", f"/{frozen.id}/freeze", reason="Chargeback")
        balance = frozen.balance()
        after = [asha.send(ravi, 0.01) for _ in range(20)]

    assert answer.status == 200
    assert {refused.status for refused in after} == {400}
    assert frozen.balance() == balance
    paid = sum(answer.status == 200 for _, answer in made)
    assert asha.balance() == pytest.approx(100 - paid * 0.01)


def test_freezing_and_unfreezing_under_load_leaves_the_ledger_whole(asha: Person, ravi: Person, meera: Person) -> None:
    with traffic(lambda: asha.send(ravi, 0.01)) as made:
        for path in ("freeze", "unfreeze") * 5:
            assert ask(meera, "POST", f"/{asha.id}/{path}", reason="x").status == 200

    assert {answer.status for _, answer in made} <= {200, 400}
    paid = sum(answer.status == 200 for _, answer in made)
    assert asha.balance() == pytest.approx(100 - paid * 0.01)


def test_of_freezers_at_once_one_wins(asha: Person, meera: Person) -> None:
    answers = at_once(12, lambda _: ask(meera, "POST", f"/{asha.id}/freeze", reason="x"))

    assert sorted(answer.status for answer in answers) == [200] + [409] * 11


@pytest.mark.parametrize("keyed", [True, False])
def test_payments_at_once_stay_within_the_days_amount(asha: Person, ravi: Person, meera: Person, keyed: bool) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", dayAmount=12)

    answers = at_once(40, lambda number: asha.send(ravi, 1, key=f"key-{number}" if keyed else None))

    assert sorted(answer.status for answer in answers) == [200] * 12 + [400] * 28
    assert {answer.body["code"] for answer in answers if answer.status == 400} == {"limit_exceeded"}
    assert (asha.balance(), ravi.balance()) == (88, 112)
    used = asha.get(f"/account/{asha.id}/limits").body
    assert (used["day"]["amount"], used["day"]["count"], used["month"]["count"]) == (12, 12, 12)


def test_payments_of_different_size_at_once_stay_within_the_days_amount(
    asha: Person, ravi: Person, meera: Person
) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", dayAmount=30)

    answers = at_once(30, lambda number: asha.send(ravi, 1 + number % 5, key=f"key-{number}"))

    paid = sum(1 + number % 5 for number, answer in enumerate(answers) if answer.status == 200)
    refused = [1 + number % 5 for number, answer in enumerate(answers) if answer.status == 400]
    # Whatever was refused did not fit at its turn, so the smallest would not fit even now.
    assert paid <= 30 < paid + min(refused)
    assert asha.balance() == 100 - paid


def test_payments_at_once_stay_within_the_days_count(asha: Person, ravi: Person, meera: Person) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", dayCount=7)

    answers = at_once(30, lambda _: asha.send(ravi, 1))

    assert sorted(answer.status for answer in answers) == [200] * 7 + [400] * 23


def test_openings_at_once_stay_within_the_number_of_accounts(asha: Person) -> None:
    answers = at_once(16, lambda number: ask(asha, "POST", "", name=f"number {number}"))

    assert sorted(answer.status for answer in answers) == [201] * 9 + [409] * 7
    assert len(asha.get("/account").body["accounts"]) == 10


def test_closings_at_once_close_once(asha: Person) -> None:
    account = another(asha)

    answers = at_once(8, lambda _: ask(asha, "POST", f"/{account}/close"))

    assert sorted(answer.status for answer in answers) == [200] + [409] * 7


@pytest.mark.parametrize("milliseconds", range(0, 12, 2))
def test_a_closed_account_never_holds_money(app: Flask, asha: Person, ravi: Person, milliseconds: int) -> None:
    # Closing begins a little later in each case, so that either may be the first.
    accounts = [another(asha, f"number {number}") for number in range(4)]

    def pay_or_close(number: int) -> object:
        account = accounts[number // 2]
        if number % 2:
            Event().wait(milliseconds * 0.001)
            return ask(asha, "POST", f"/{account}/close").status
        try:
            move(app, ravi.id, account, 1_00)
        except AssertionError:
            return "declined"
        return "paid"

    outcomes = at_once(8, pay_or_close)

    for number, account in enumerate(accounts):
        shown = asha.get(f"/account/{account}").body["account"]
        outcome = outcomes[2 * number], outcomes[2 * number + 1], shown["status"], shown["balance"]
        assert outcome in (("paid", 409, "active", 1), ("declined", 200, "closed", 0))


def test_a_statement_adds_up_while_money_moves(asha: Person, ravi: Person) -> None:
    shown = []
    with traffic(lambda: asha.send(ravi, 0.01)):
        for _ in range(15):
            answer = asha.get(f"/account/{asha.id}/statement?limit=100")
            assert answer.status == 200
            shown.append(answer.body)

    for statement in shown:
        lines = statement["lines"]
        last = lines[-1]["balance"] if lines else statement["openingBalance"]
        assert statement["nextCursor"] is not None or last == statement["closingBalance"]
        moved = sum(round(((line["credit"] or 0) - (line["debit"] or 0)) * 100) for line in lines)
        assert round(last * 100) == round(statement["openingBalance"] * 100) + moved
