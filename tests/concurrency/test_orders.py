"""Many buyers and few pieces, over HTTP to two workers: stock, orders and money agree whoever is first."""

from collections import Counter

import pytest

from tests.concurrency.together import at_once
from tests.ordering import act, left, order, seen
from tests.people import Person, sign_up
from tests.server import Server
from tests.shop import merchant, offer

pytestmark = pytest.mark.usefixtures("shop_adds_up")


@pytest.fixture
def asha(server: Server) -> Person:
    """Who sells."""
    return merchant(sign_up(server.call))


@pytest.mark.parametrize("method", ["wallet", "hold"])
def test_ten_pieces_for_fifty_buyers_are_ten_orders(server: Server, asha: Person, method: str) -> None:
    lamp = offer(asha, stock=10)
    buyers = at_once(50, lambda _: sign_up(server.call))

    answers = at_once(50, lambda number: order(buyers[number], {lamp: 1}, method))

    assert Counter(answer.status for answer in answers) == {201: 10, 409: 40}
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"out_of_stock"}
    assert left(asha, lamp) == 0
    assert asha.balance() == (600 if method == "wallet" else 100)


def test_two_orders_of_the_same_products_in_other_orders_both_get_through(server: Server, asha: Person) -> None:
    lamp, tea = offer(asha, price=1, stock=40), offer(asha, "Tea", price=1, stock=40)
    buyers = [sign_up(server.call) for _ in range(4)]

    def buy(number: int) -> int:
        items = {lamp: 1, tea: 1} if number % 2 else {tea: 1, lamp: 1}
        return order(buyers[number % 4], items).status

    assert at_once(40, buy) == [201] * 40
    assert (left(asha, lamp), left(asha, tea)) == (0, 0)


def test_one_key_is_one_order(server: Server, asha: Person) -> None:
    lamp, ravi = offer(asha), sign_up(server.call)

    answers = at_once(20, lambda _: order(ravi, {lamp: 1}, idempotencyKey="k"))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["orderId"] for answer in answers}) == 1
    assert (ravi.balance(), left(asha, lamp)) == (50, 9)


def test_an_order_is_paid_or_cancelled(server: Server, asha: Person) -> None:
    lamp, ravi = offer(asha, price=10), sign_up(server.call)
    made = [order(ravi, {lamp: 1}, None) for _ in range(5)]

    def end(number: int) -> int:
        chosen = made[number // 4]
        return act(ravi, chosen, "pay", method="wallet").status if number % 2 else act(ravi, chosen, "cancel").status

    assert set(at_once(20, end)) <= {200, 409}
    ends = Counter(seen(ravi, one)["status"] for one in made)
    assert ends["paid"] + ends["cancelled"] == 5
    assert ravi.balance() == 100 - 10 * ends["paid"]
    assert left(asha, lamp) == 10 - ends["paid"]


def test_what_is_set_aside_is_captured_or_cancelled(server: Server, asha: Person) -> None:
    lamp, ravi = offer(asha), sign_up(server.call)
    made = order(ravi, {lamp: 1}, "hold")

    at_once(20, lambda number: act(asha, made, "capture") if number % 2 else act(ravi, made, "cancel"))

    end = seen(ravi, made)["status"]
    assert (end, ravi.balance(), left(asha, lamp)) in (("paid", 50, 9), ("cancelled", 100, 10))
    assert ravi.get("/account/balance").body["available"] == ravi.balance()


def test_refunds_at_once_are_never_more_than_was_paid(server: Server, asha: Person) -> None:
    lamp, ravi = offer(asha), sign_up(server.call)
    made = order(ravi, {lamp: 1})

    answers = at_once(20, lambda _: act(asha, made, "refund", amount=20))

    assert Counter(answer.status for answer in answers) == {201: 2, 400: 18}
    assert (ravi.balance(), asha.balance()) == (90, 110)
