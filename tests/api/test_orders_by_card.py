"""Orders that are paid by card, on the page of what stands in for Stripe."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from paytm import clock
from paytm.order import closing
from tests.api.stored import MONEY, count, stored
from tests.conftest import caller
from tests.ordering import act, left, order, seen
from tests.paying import give_back, hear_all, paid, session_of, status, sweep
from tests.people import Answer, Call, Person, sign_up
from tests.shop import merchant, offer
from tests.stand_in import StandIn

pytestmark = pytest.mark.usefixtures("shop_adds_up")


@pytest.fixture
def card_app(app: Flask, make_app: Callable[..., Flask], stripe: StandIn) -> Flask:
    return make_app(**stripe.settings)


@pytest.fixture
def call(card_app: Flask) -> Call:
    return caller(card_app.test_client())


@pytest.fixture
def asha(asha: Person) -> Person:
    """Who sells."""
    return merchant(asha)


@pytest.fixture
def lamp(asha: Person) -> str:
    return offer(asha)


def page(made: Answer) -> str:
    return session_of(made.body["paymentUrl"])


def test_an_order_is_paid_on_stripes_page(call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 2}, "card")
    assert (made.status, made.body["status"], left(ravi, lamp)) == (201, "pending", 8)

    stripe.pay(page(made))
    assert hear_all(call, stripe) == {200}

    assert seen(ravi, made)["status"] == "paid"
    assert status(ravi, made.body["paymentId"])["status"] == "succeeded"
    assert (ravi.balance(), asha.balance()) == (100, 200)


def test_every_event_again_and_backwards_pays_once(
    call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str
) -> None:
    made = order(ravi, {lamp: 1}, "card")
    stripe.pay(page(made))

    for event in [*stripe.events[::-1], *stripe.events, *stripe.events]:
        body, headers = stripe.webhook(event)
        assert call("POST", "/payment/webhook", data=body, headers=headers).status == 200

    assert asha.balance() == 150
    assert count("receipts") == 1


def test_several_merchants_are_paid_by_one_card(call: Call, stripe: StandIn, asha: Person, ravi: Person) -> None:
    meena = merchant(sign_up(call, "Meena", "Das"))
    made = order(ravi, {offer(asha, price="3.33"): 3, offer(meena, price="0.01", stock=60): 51}, "card")
    stripe.pay(page(made))
    hear_all(call, stripe)

    assert (asha.balance(), meena.balance()) == (109.99, 100.51)


def test_a_repetition_leads_to_the_same_page(stripe: StandIn, ravi: Person, lamp: str) -> None:
    first, second = (order(ravi, {lamp: 1}, "card", idempotencyKey="k") for _ in range(2))

    assert first.body == second.body
    assert second.headers["Idempotent-Replayed"] == "true"
    assert left(ravi, lamp) == 9


def test_what_waited_is_paid_by_card(call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 1}, None)
    first, second = (act(ravi, made, "pay", method="card") for _ in range(2))
    assert first.body["paymentUrl"] == second.body["paymentUrl"]

    stripe.pay(page(first))
    hear_all(call, stripe)

    assert (seen(ravi, made)["status"], asha.balance()) == ("paid", 150)


def test_a_declined_card_may_try_again(call: Call, stripe: StandIn, ravi: Person, lamp: str) -> None:
    made = order(ravi, {lamp: 1}, "card")
    stripe.fail(page(made))
    hear_all(call, stripe)
    assert seen(ravi, made)["status"] == "pending"

    stripe.pay(page(made))
    hear_all(call, stripe)
    assert seen(ravi, made)["status"] == "paid"


@pytest.mark.parametrize("end", ["expired", "cancelled", "paid otherwise"])
def test_money_that_comes_too_late_goes_back(
    card_app: Flask, call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str, later: Any, end: str
) -> None:
    made = order(ravi, {lamp: 1}, "card")
    stripe.pay(page(made))
    if end == "expired":
        later(minutes=30)
    elif end == "cancelled":
        assert act(ravi, made, "cancel").status == 200
    else:
        assert act(ravi, made, "pay", method="wallet").body["status"] == "paid"

    assert hear_all(call, stripe) == {200}
    give_back(card_app)

    (receipt,) = stored("receipts")["receipts"]
    assert receipt["status"] == "returned"
    assert [(refund.amount, refund.status) for refund in _refunds(stripe)] == [(5000, "succeeded")]
    assert asha.balance() == (150 if end == "paid otherwise" else 100)
    assert seen(ravi, made)["status"] == ("paid" if end == "paid otherwise" else end)


def _refunds(stripe: StandIn) -> list[Any]:
    now = clock.now()
    return list(stripe.gateway().refunds(now - timedelta(days=1), now + timedelta(days=1)))


@pytest.mark.parametrize("end", ["cancel", "expire"])
def test_the_page_of_an_order_that_ended_is_closed(
    card_app: Flask, stripe: StandIn, ravi: Person, lamp: str, later: Any, end: str
) -> None:
    made = order(ravi, {lamp: 1}, "card")
    if end == "cancel":
        act(ravi, made, "cancel")
    else:
        later(minutes=30)
        closing.expire_due(clock.now(), 10)
        sweep(card_app)

    assert stripe.gateway().session(page(made)).status == "expired"
    assert left(ravi, lamp) == 10


def test_a_refund_goes_to_the_card(
    card_app: Flask, call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str
) -> None:
    made = order(ravi, {lamp: 1}, "card")
    stripe.pay(page(made))
    hear_all(call, stripe)

    assert act(asha, made, "refund", amount=20).status == 201
    assert act(asha, made, "refund", amount=31).body["code"] == "refund_too_large"
    give_back(card_app)
    assert hear_all(call, stripe) == {200}

    assert (ravi.balance(), asha.balance()) == (100, 130)
    assert [refund.amount for refund in _refunds(stripe)] == [2000]
    assert status(ravi, made.body["paymentId"])["refunded"] == 20
    assert {row["status"] for row in stored("card_refunds")["card_refunds"]} == {"made"}


def test_a_merchant_who_takes_no_money_gets_none(
    card_app: Flask, call: Call, stripe: StandIn, asha: Person, ravi: Person
) -> None:
    opened = asha.call("POST", "/account", json={"name": "Till", "kind": "merchant"}, headers=asha.headers)
    till = opened.body["account"]["id"]
    made = order(ravi, {offer(asha, account=till): 1}, "card")
    asha.call("POST", f"/account/{till}/close", headers=asha.headers)
    stripe.pay(page(made))
    assert hear_all(call, stripe) == {200}
    give_back(card_app)

    assert [refund.amount for refund in _refunds(stripe)] == [5000]
    assert seen(ravi, made)["status"] == "pending"


def test_without_stripe_there_is_no_card_and_all_else(call_with: Callable[..., Call], ravi: Person, lamp: str) -> None:
    ravi.call = call_with(STRIPE_SECRET_KEY="")
    before = stored(*MONEY, "orders", "products", "payments")

    answer = order(ravi, {lamp: 1}, "card")
    assert (answer.status, answer.body["code"]) == (503, "card_payments_not_configured")
    assert stored(*MONEY, "orders", "products", "payments") == before
    assert order(ravi, {lamp: 1}, "wallet").status == 201


@pytest.mark.parametrize("when", ["before", "within", "after"])
@pytest.mark.parametrize("step", ["payment_intents", "checkout/sessions"])
def test_a_stripe_that_fails_leaves_an_order_that_can_still_be_paid(
    card_app: Flask, call: Call, stripe: StandIn, asha: Person, ravi: Person, lamp: str, when: str, step: str
) -> None:
    stripe.set(fail_next=2, status=500, when=when, only=f"POST /v1/{step}")
    first = order(ravi, {lamp: 1}, "card", idempotencyKey="k")
    assert first.status in (201, 503)

    stripe.set(fail_next=0)
    made = order(ravi, {lamp: 1}, "card", idempotencyKey="k")
    stripe.pay(page(made))
    hear_all(call, stripe)

    assert (seen(ravi, made)["status"], asha.balance(), left(ravi, lamp)) == ("paid", 150, 9)


def test_an_order_whose_page_was_never_opened_is_repaired(
    card_app: Flask, stripe: StandIn, ravi: Person, lamp: str, later: Any
) -> None:
    stripe.set(fail_next=9, status=0)
    answer = order(ravi, {lamp: 1}, "card")
    assert (answer.status, answer.body["code"]) == (503, "card_payments_unavailable")
    stripe.set(fail_next=0)
    later(minutes=1)
    sweep(card_app)

    (row,) = stored("payments")["payments"]
    assert status(ravi, str(row["_id"]))["paymentUrl"] == paid(str(row["_id"]))["card"]["url"]


@pytest.mark.parametrize("price", ["0.49", "0.01"])
def test_too_little_for_a_card_is_refused(stripe: StandIn, asha: Person, ravi: Person, price: str) -> None:
    assert order(ravi, {offer(asha, price=price): 1}, "card").body["code"] == "invalid_amount"
    assert count("orders") == 0
