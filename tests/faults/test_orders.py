"""Orders while workers are killed: each key is one order, and stock, payments and ledger agree with it."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from paytm.order.models import STATUSES
from tests.api.stored import count
from tests.faults.retrying import insist
from tests.ordering import act, left, order
from tests.people import Answer, Person, sign_up
from tests.server import Server
from tests.shop import merchant, offer

pytestmark = pytest.mark.usefixtures("shop_adds_up", "no_open_transactions")

_BUYERS, _ORDERS = 4, 10
_METHODS = ("wallet", "hold", None)


def test_every_order_is_placed_once_while_workers_are_killed(start_server: Callable[..., Server]) -> None:
    server = start_server(DATABASE_TIMEOUT="2")
    asha = merchant(sign_up(server.call))
    lamp = offer(asha, price=1, stock=30)
    buyers = [sign_up(server.call) for _ in range(_BUYERS)]

    def buy(number: int) -> list[Answer]:
        return [_buy(server, buyers[number], lamp, turn, is_killer=number == 0) for turn in range(_ORDERS)]

    with ThreadPoolExecutor(_BUYERS) as pool:
        answers = [answer for made in pool.map(buy, range(_BUYERS)) for answer in made]

    assert Counter(answer.status for answer in answers) == {201: 30, 409: 10}
    assert len({answer.body["orderId"] for answer in answers if answer.status == 201}) == count("orders") == 30
    assert {count("orders", status=status) > 0 for status in STATUSES[:3]} == {True}
    assert left(asha, lamp) == 0


def test_an_order_is_paid_once_while_workers_are_killed(start_server: Callable[..., Server]) -> None:
    server = start_server(DATABASE_TIMEOUT="2")
    asha, ravi = merchant(sign_up(server.call)), sign_up(server.call)
    made = [order(ravi, {offer(asha, price=1): 1}, None) for _ in range(10)]

    for number, waiting in enumerate(made):
        if number in (3, 6):
            _kill(server)
        assert insist(lambda waiting=waiting: act(ravi, waiting, "pay", method="wallet")).status == 200

    assert (ravi.balance(), asha.balance()) == (90, 110)


def _buy(server: Server, buyer: Person, lamp: str, turn: int, *, is_killer: bool) -> Answer:
    if is_killer and turn in (3, 6):
        _kill(server)
    method = _METHODS[turn % len(_METHODS)]
    return insist(lambda: order(buyer, {lamp: 1}, method, idempotencyKey=f"key-{turn}"))


def _kill(server: Server) -> None:
    for worker in server.worker_pids():
        os.kill(worker, signal.SIGKILL)
