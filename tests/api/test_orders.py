"""Ordering, paying from the wallet or on delivery, cancelling, letting expire, refunding: it all adds up."""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId

from paytm import clock
from paytm.ledger import holds
from paytm.order import closing
from tests.api.stored import MONEY, count, stored
from tests.ordering import act, left, order, seen
from tests.people import Call, Person, sign_up
from tests.shop import merchant, offer

pytestmark = pytest.mark.usefixtures("shop_adds_up")

UNKNOWN = "f" * 24
KEPT = (*MONEY, "orders", "payments", "products", "holds")


@pytest.fixture
def asha(asha: Person) -> Person:
    """Who sells."""
    return merchant(asha)


@pytest.fixture
def meena(call: Call) -> Person:
    """Who sells, too."""
    return merchant(sign_up(call, "Meena", "Das"))


@pytest.fixture
def lamp(asha: Person) -> str:
    """Ten lamps for 50 rupees each."""
    return offer(asha)


def test_an_order_is_paid_from_the_wallet_at_once(asha: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 2})

    assert made.status == 201
    assert (made.body["status"], made.body["amount"]) == ("paid", 100)
    assert (ravi.balance(), asha.balance(), left(ravi, lamp)) == (0, 200, 8)
    (item,) = seen(ravi, made)["items"]
    assert item == {"productId": lamp, "name": "Brass lamp", "price": 50, "quantity": 2, "merchant": asha.id}


def test_an_order_keeps_names_and_prices_as_they_were(asha: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 1})
    asha.call("PATCH", f"/product/{lamp}", json={"name": "Tin lamp", "price": 60}, headers=asha.headers)

    (item,) = seen(ravi, made)["items"]
    assert (item["name"], item["price"]) == ("Brass lamp", 50)


def test_several_merchants_get_exactly_their_shares(asha: Person, meena: Person, ravi: Person, lamp: str) -> None:
    tea, milk = offer(meena, "Tea", price="3.33"), offer(meena, "Milk", price="0.01")

    made = order(ravi, {lamp: 1, tea: 3, milk: 1})

    assert made.body["amount"] == 60
    assert (ravi.balance(), asha.balance(), meena.balance()) == (40, 150, 110)
    assert count("transactions", kind="purchase") == 1


def test_lines_of_one_product_add_up(ravi: Person, lamp: str) -> None:
    items = [{"productId": lamp, "quantity": 1}, {"productId": lamp, "quantity": 1}]
    form = {"items": items, "method": "wallet", "idempotencyKey": "k"}

    assert ravi.call("POST", "/order", json=form, headers=ravi.headers).body["amount"] == 100
    assert left(ravi, lamp) == 8


def test_a_repetition_orders_once(asha: Person, ravi: Person, lamp: str) -> None:
    first, second = (order(ravi, {lamp: 1}, idempotencyKey="k") for _ in range(2))

    assert first.body == second.body
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert (asha.balance(), left(ravi, lamp)) == (150, 9)


@pytest.mark.parametrize("method", ["wallet", "hold", None])
def test_a_key_of_another_order_is_refused(ravi: Person, lamp: str, method: str) -> None:
    order(ravi, {lamp: 1}, method, idempotencyKey="k")

    assert order(ravi, {lamp: 2}, method, idempotencyKey="k").body["code"] == "idempotency_key_reused"
    assert left(ravi, lamp) == 9


def test_a_key_is_needed(ravi: Person, lamp: str) -> None:
    assert order(ravi, {lamp: 1}, idempotencyKey=None).body["code"] == "idempotency_key_required"
    assert order(ravi, {lamp: 1}, None, idempotencyKey=None).body["code"] == "idempotency_key_required"


@pytest.mark.parametrize("method", ["wallet", "hold"])
def test_who_cannot_pay_has_no_order(ravi: Person, lamp: str, method: str) -> None:
    before = stored(*KEPT)

    assert order(ravi, {lamp: 3}, method).body["code"] == "insufficient_balance"
    assert stored(*KEPT) == before


def test_the_same_key_orders_when_there_is_money(asha: Person, ravi: Person, lamp: str) -> None:
    order(ravi, {lamp: 3}, idempotencyKey="k")
    asha.send(ravi, 50)

    assert order(ravi, {lamp: 3}, idempotencyKey="k").status == 201


def test_more_than_is_left_is_refused(asha: Person, ravi: Person) -> None:
    rare = offer(asha, price=1, stock=1)
    before = stored(*KEPT)

    answer = order(ravi, {rare: 2})

    assert (answer.status, answer.body["code"]) == (409, "out_of_stock")
    assert answer.body["errors"] == {"product": rare, "left": 1}
    assert stored(*KEPT) == before


def test_nobody_buys_from_oneself(asha: Person, lamp: str) -> None:
    assert order(asha, {lamp: 1}).body["code"] == "self_transfer"
    assert left(asha, lamp) == 10


MALFORMED: list[dict[str, Any]] = [
    {"items": []},
    {"items": "lamp"},
    {"items": [None]},
    {"items": [{"productId": "x", "quantity": 1}]},
    {"items": [{"productId": UNKNOWN, "quantity": 1}]},
    *({"items": [{"productId": UNKNOWN, "quantity": wrong}]} for wrong in (0, -1, 1.5, True, "1", None, 1001, 10**40)),
    {"items": [{"productId": UNKNOWN, "quantity": 1}] * 51},
    {"items": [{"productId": UNKNOWN, "quantity": 1000}] * 2},
    {"method": "cash"},
    {"method": None},
    {"account": "x"},
    {"idempotencyKey": "\u20b9"},
]


def test_malformed_orders_are_refused(ravi: Person) -> None:
    sound = {"items": [{"productId": UNKNOWN, "quantity": 1}], "method": "wallet", "idempotencyKey": "k"}

    for form in MALFORMED:
        answer = ravi.call("POST", "/order", json=sound | form, headers=ravi.headers)

        assert answer.status == 400, (form, answer)

    assert count("orders") == 0


def test_an_account_of_ones_own_pays(asha: Person, ravi: Person, lamp: str) -> None:
    opened = ravi.call("POST", "/account", json={"name": "Savings"}, headers=ravi.headers)
    savings = opened.body["account"]["id"]
    ravi.send(savings, 60)

    assert order(ravi, {lamp: 1}, account=savings).status == 201
    assert (ravi.balance(), asha.balance()) == (40, 150)
    assert order(ravi, {lamp: 1}, account=asha.id).status == 404


def test_the_limits_of_the_account_hold(call_with: Callable[..., Call], ravi: Person, lamp: str) -> None:
    ravi.call = call_with(LIMIT_DAY_AMOUNT="60")

    assert order(ravi, {lamp: 1}).status == 201
    assert order(ravi, {lamp: 1}).body["code"] == "limit_exceeded"


class TestLater:
    """Paying within half an hour."""

    def test_an_order_waits_with_its_stock(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 2}, None)

        assert (made.status, made.body["payLater"], made.body["status"]) == (201, True, "pending")
        assert made.body["expiresAt"] == seen(ravi, made)["expiresAt"]
        assert (ravi.balance(), asha.balance(), left(ravi, lamp)) == (100, 100, 8)

    @pytest.mark.parametrize("method", ["wallet", "hold"])
    def test_it_is_paid_once(self, ravi: Person, lamp: str, method: str) -> None:
        made = order(ravi, {lamp: 1}, None)
        first, second = (act(ravi, made, "pay", method=method) for _ in range(2))

        assert (first.status, second.status) == (200, 200)
        assert second.headers["Idempotent-Replayed"] == "true"
        assert ravi.get("/account/balance").body["available"] == 50

    def test_it_is_not_paid_in_two_ways(self, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, None)
        act(ravi, made, "pay", method="wallet")

        assert act(ravi, made, "pay", method="hold").status == 409

    def test_who_has_not_the_money_tries_again(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 3}, None)

        assert act(ravi, made, "pay", method="wallet").body["code"] == "insufficient_balance"
        asha.send(ravi, 50)
        assert act(ravi, made, "pay", method="wallet").body["status"] == "paid"

    def test_nobody_else_pays_it(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, None)

        assert act(asha, made, "pay", method="wallet").status == 404
        assert act(ravi, UNKNOWN, "pay", method="wallet").status == 404

    @pytest.mark.parametrize("touch", ["look", "pay", "cancel", "sweep"])
    def test_it_expires_and_its_stock_comes_back_once(
        self, ravi: Person, lamp: str, later: Callable[..., None], touch: str
    ) -> None:
        made = order(ravi, {lamp: 2}, None)
        later(minutes=30)

        for _ in range(2):
            if touch == "pay":
                assert act(ravi, made, "pay", method="wallet").status == 409
            elif touch == "cancel":
                assert act(ravi, made, "cancel").status == 409
            elif touch == "sweep":
                closing.expire_due(clock.now(), 10)
            assert seen(ravi, made)["status"] == "expired"
        assert (left(ravi, lamp), ravi.balance()) == (10, 100)

    def test_a_list_shows_it_expired_before_anything_touches_it(
        self, ravi: Person, lamp: str, later: Callable[..., None]
    ) -> None:
        order(ravi, {lamp: 1}, None)
        later(minutes=30)

        assert [made["status"] for made in ravi.get("/order").body["orders"]] == ["expired"]

    def test_how_long_it_waits_is_a_setting(
        self, call_with: Callable[..., Call], ravi: Person, lamp: str, later: Callable[..., None]
    ) -> None:
        ravi.call = call_with(ORDER_LIFETIME="2")
        made = order(ravi, {lamp: 1}, None)
        later(seconds=2)

        assert seen(ravi, made)["status"] == "expired"

    def test_it_is_cancelled(self, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 2}, None)

        assert act(ravi, made, "cancel").body["order"]["status"] == "cancelled"
        assert act(ravi, made, "cancel").status == 200
        assert left(ravi, lamp) == 10
        assert act(ravi, made, "pay", method="wallet").status == 409

    def test_others_do_not_cancel_it(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, None)

        assert act(asha, made, "cancel").status == 404

    def test_what_is_paid_is_not_cancelled(self, ravi: Person, lamp: str) -> None:
        assert act(ravi, order(ravi, {lamp: 1}), "cancel").status == 409


class TestOnDelivery:
    """Paying by money that is set aside until the merchant delivers."""

    def test_the_money_is_set_aside(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, "hold")

        assert made.body["status"] == "authorised"
        assert ravi.get("/account/balance").body == {"balance": 100, "available": 50}
        assert ravi.send(asha, 51).body["code"] == "insufficient_balance"

    def test_the_merchant_captures_it_once(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, "hold")
        first, second = (act(asha, made, "capture") for _ in range(2))

        assert (first.status, second.status) == (200, 200)
        assert first.body == second.body
        assert second.headers["Idempotent-Replayed"] == "true"
        assert (ravi.balance(), asha.balance()) == (50, 150)
        assert seen(ravi, made)["status"] == "paid"

    def test_of_a_part_the_rest_is_released(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 2}, "hold")

        assert act(asha, made, "capture", amount="30.50").status == 200
        assert ravi.get("/account/balance").body == {"balance": 69.5, "available": 69.5}
        assert act(asha, made, "capture", amount=1).status == 409

    @pytest.mark.parametrize("amount", [0, -1, 50.01, "x", True])
    def test_a_wrong_amount_captures_nothing(self, asha: Person, ravi: Person, lamp: str, amount: Any) -> None:
        made = order(ravi, {lamp: 1}, "hold")

        assert act(asha, made, "capture", amount=amount).status == 400
        assert seen(asha, made)["status"] == "authorised"

    def test_nobody_else_captures(self, meena: Person, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, "hold")

        assert act(meena, made, "capture").status == 404
        assert act(ravi, made, "capture").status == 404
        assert act(asha, order(ravi, {lamp: 1}), "capture").status == 409

    def test_a_merchant_who_signed_out_captures_nothing(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, "hold")
        asha.call("POST", "/user/signout", headers=asha.headers)

        assert act(asha, made, "capture").status == 403
        assert ravi.balance() == 100

    def test_the_buyer_cancels_before_delivery(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1}, "hold")

        assert act(ravi, made, "cancel").status == 200
        assert ravi.get("/account/balance").body["available"] == 100
        assert act(asha, made, "capture").status == 409
        assert left(ravi, lamp) == 10

    @pytest.mark.parametrize("by_worker_first", [True, False])
    def test_it_expires(
        self,
        call_with: Callable[..., Call],
        asha: Person,
        ravi: Person,
        lamp: str,
        later: Callable[..., None],
        by_worker_first: bool,
    ) -> None:
        ravi.call = asha.call = call_with(HOLD_LIFETIME="60")
        made = order(ravi, {lamp: 1}, "hold")
        later(minutes=1)
        if by_worker_first:
            holds.expire_due(clock.now(), 10)

        assert act(asha, made, "capture").status == 409
        assert seen(ravi, made)["status"] == "expired"
        assert ravi.get("/account/balance").body["available"] == 100

    def test_each_merchant_delivers_a_share(self, asha: Person, meena: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1, offer(meena, price=20): 1}, "hold")

        assert act(asha, made, "capture").status == 200
        assert seen(ravi, made)["status"] == "authorised"
        assert act(ravi, made, "cancel").status == 409
        assert act(meena, made, "capture", amount=5).status == 200
        assert seen(ravi, made)["status"] == "paid"
        assert (ravi.balance(), asha.balance(), meena.balance()) == (45, 150, 105)

    def test_what_one_of_two_did_not_deliver_comes_back(
        self,
        call_with: Callable[..., Call],
        asha: Person,
        meena: Person,
        ravi: Person,
        lamp: str,
        later: Callable[..., None],
    ) -> None:
        ravi.call = call_with(HOLD_LIFETIME="60")
        tea = offer(meena, price=20)
        made = order(ravi, {lamp: 1, tea: 1}, "hold")
        act(asha, made, "capture")
        later(minutes=1)

        assert seen(ravi, made)["status"] == "paid"
        assert (left(ravi, lamp), left(ravi, tea)) == (9, 10)
        assert ravi.get("/account/balance").body == {"balance": 50, "available": 50}


class TestRefunds:
    """Merchants give money of an order back."""

    @pytest.mark.parametrize("method", ["wallet", "hold"])
    def test_in_parts_up_to_what_was_paid(self, asha: Person, ravi: Person, lamp: str, method: str) -> None:
        made = order(ravi, {lamp: 1}, method)
        if method == "hold":
            act(asha, made, "capture")

        assert act(asha, made, "refund", amount="20.50").status == 201
        assert act(asha, made, "refund", amount=30).body["code"] == "refund_too_large"
        assert act(asha, made, "refund").body["transaction"]["amount"] == 29.5
        assert act(asha, made, "refund").body["code"] == "refund_too_large"
        assert (ravi.balance(), asha.balance()) == (100, 100)
        (share,) = seen(ravi, made)["shares"]
        assert (share["paid"], share["refunded"]) == (0, 50)

    def test_a_repetition_refunds_once(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1})
        first, second = (act(asha, made, "refund", idempotencyKey="k") for _ in range(2))

        assert first.body == second.body
        assert second.headers["Idempotent-Replayed"] == "true"
        assert act(asha, made, "refund", amount=1, idempotencyKey="k").status == 422

    def test_only_of_ones_own_share(self, asha: Person, meena: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1, offer(meena, price=20): 1})

        assert act(meena, made, "refund", amount=21).body["code"] == "refund_too_large"
        assert act(meena, made, "refund", account=asha.id).status == 404
        assert act(meena, made, "refund").status == 201
        assert (ravi.balance(), asha.balance(), meena.balance()) == (50, 150, 100)

    def test_buyers_and_strangers_refund_nothing(self, meena: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1})

        assert act(ravi, made, "refund").status == 404
        assert act(meena, made, "refund").status == 404

    def test_a_merchant_without_the_money_refunds_nothing(self, asha: Person, ravi: Person, lamp: str) -> None:
        made = order(ravi, {lamp: 1})
        asha.send(ravi, 149)

        assert act(asha, made, "refund").body["code"] == "insufficient_balance"
        assert seen(ravi, made)["shares"][0]["refunded"] == 0

    @pytest.mark.parametrize("amount", [0, -1, "x", 10**30])
    def test_a_wrong_amount_refunds_nothing(self, asha: Person, ravi: Person, lamp: str, amount: Any) -> None:
        assert act(asha, order(ravi, {lamp: 1}), "refund", amount=amount).status == 400

    def test_what_is_not_paid_is_not_refunded(self, asha: Person, ravi: Person, lamp: str) -> None:
        assert act(asha, order(ravi, {lamp: 1}, None), "refund").body["code"] == "refund_too_large"


def test_orders_are_listed_newest_first_in_pages(asha: Person, ravi: Person, lamp: str) -> None:
    cheap = offer(asha, price=1)
    made = [order(ravi, {cheap: 1}).body["orderId"] for _ in range(5)][::-1]

    for person, role in ((ravi, "buyer"), (asha, "merchant")):
        first = person.get(f"/order?as={role}&limit=3").body
        rest = person.get(f"/order?as={role}&limit=3&cursor={first['nextCursor']}").body
        assert [order["id"] for order in first["orders"] + rest["orders"]] == made
        assert rest["nextCursor"] is None
    assert asha.get("/order").body["orders"] == []


def test_an_order_is_for_those_who_have_a_part_in_it(asha: Person, meena: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 1}).body["orderId"]

    assert seen(asha, made)["buyer"] == ravi.id
    assert meena.get(f"/order/{made}").status == 404


def test_a_purchase_stands_in_both_histories(asha: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 1})

    for person, amount, other in ((ravi, -50, "Asha Rao"), (asha, 50, "Ravi Iyer")):
        newest = person.get("/account/transactions").body["transactions"][0]
        assert abs(newest["amount"]) == abs(amount)
        assert newest["counterparty"]["name"] == other
    assert seen(ravi, made)["transaction"] == str(stored("transactions")["transactions"][-1]["_id"])


def test_a_merchants_closed_account_sells_nothing(asha: Person, ravi: Person) -> None:
    opened = asha.call("POST", "/account", json={"name": "Till", "kind": "merchant"}, headers=asha.headers)
    till = opened.body["account"]["id"]
    lamp = offer(asha, account=till)
    asha.call("POST", f"/account/{till}/close", headers=asha.headers)

    assert order(ravi, {lamp: 1}).body["code"] == "invalid_account"
    assert left(ravi, lamp) == 10


def test_ids_are_not_told_apart(ravi: Person) -> None:
    assert ravi.get(f"/order/{ObjectId()}").status == 404
    assert ravi.get("/order/x").status == 404
