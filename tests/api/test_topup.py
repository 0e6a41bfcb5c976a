"""Adding money by card: one payment and one page for a key, and money when Stripe says so."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from tests.api.stored import count
from tests.conftest import caller
from tests.paying import change, hear_all, paid, session_of, started, status, sweep, top_up
from tests.people import Call, Person, sign_up
from tests.stand_in import StandIn


@pytest.fixture
def call(shop: Flask) -> Call:
    return caller(shop.test_client())


def test_money_is_added_when_stripe_says_that_it_was_paid(call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha, 50)
    assert status(asha, payment)["status"] == "pending"
    assert asha.balance() == 100

    back = stripe.pay(session)
    assert hear_all(call, stripe) == {200}

    assert asha.balance() == 150
    assert status(asha, payment)["status"] == "succeeded"
    assert back == f"http://localhost/payments/{payment}"
    (line, _) = asha.get("/account/transactions").body["transactions"]
    assert (line["kind"], line["amount"], line["counterparty"]["name"]) == ("topup", 50, "Card")


def test_a_key_stands_for_one_payment_and_page(stripe: StandIn, asha: Person) -> None:
    first, again = top_up(asha), top_up(asha)

    assert (first.status, again.status) == (201, 201)
    assert again.body == first.body
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert top_up(asha, 51).status == 422
    assert count("payments") == 1


def test_the_first_answer_comes_again_when_all_is_over(call: Call, stripe: StandIn, asha: Person) -> None:
    first = top_up(asha)
    stripe.pay(session_of(first.body["paymentUrl"]))
    hear_all(call, stripe)

    assert top_up(asha).body == first.body


def test_an_amount_that_no_card_pays_is_refused(asha: Person) -> None:
    amounts: list[Any] = [0, 0.49, 10**6, True, [5], "\0", "", 10**400, -5, {"$gt": 0}, None, "1e3", 5.001]

    answers = [top_up(asha, amount) for amount in amounts]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(400, "invalid_amount")}
    assert count("payments") == 0


def test_a_key_is_needed(asha: Person) -> None:
    assert top_up(asha, key=None).body["code"] == "idempotency_key_required"


def test_another_account_of_ones_own_can_be_chosen(call: Call, stripe: StandIn, asha: Person, ravi: Person) -> None:
    made = asha.call("POST", "/account", json={"name": "Holiday"}, headers=asha.headers).body["account"]["id"]
    _, session = started(asha, account=made)
    stripe.pay(session)
    hear_all(call, stripe)

    assert asha.get(f"/account/{made}").body["account"]["balance"] == 50
    assert top_up(ravi, account=made).status == 404
    assert top_up(ravi, account={"$ne": 1}).status == 400


def test_a_payment_is_its_payers_alone(asha: Person, ravi: Person) -> None:
    payment, _ = started(asha)

    assert ravi.get(f"/payment/{payment}/status").status == 404


def test_without_a_key_of_stripes_nothing_is_written(app: Flask) -> None:
    asha = sign_up(caller(app.test_client()))

    answer = top_up(asha)

    assert (answer.status, answer.body["code"]) == (503, "card_payments_not_configured")
    assert count("payments") == 0


def test_the_page_comes_later_when_stripe_was_down(stripe: StandIn, asha: Person) -> None:
    stripe.set(fail_next=99, status=0)
    answer = top_up(asha)
    assert (answer.status, answer.body["code"]) == (503, "card_payments_unavailable")

    stripe.set(fail_next=0)

    assert top_up(asha).status == 201
    assert count("payments") == 1


def test_a_slow_stripe_is_not_waited_for(call_with: Callable[..., Call], stripe: StandIn, app: Flask) -> None:
    asha = sign_up(call_with(**stripe.settings | {"STRIPE_TIMEOUT": "0.3"}))
    stripe.set(delay_seconds=5)

    begun = monotonic()

    assert top_up(asha).status == 503
    assert monotonic() - begun < 3


def test_without_the_announcement_the_page_is_opened_all_the_same(call: Call, stripe: StandIn, asha: Person) -> None:
    stripe.set(fail_next=1, status=500, when="within", only="POST /v1/payment_intents")

    payment, session = started(asha)
    stripe.pay(session)
    hear_all(call, stripe)

    assert paid(payment)["card"]["intent"] is None
    assert asha.balance() == 150


def test_a_fault_that_stripe_keeps_under_its_key_is_got_over(stripe: StandIn, asha: Person) -> None:
    stripe.set(fail_next=1, status=500, when="within", only="POST /v1/checkout/sessions")

    payment, _ = started(asha)

    assert paid(payment)["card"]["attempt"] == 2


@pytest.mark.parametrize("step", ["payment_intents", "checkout/sessions"])
def test_a_lost_answer_leads_to_the_same_page(stripe: StandIn, asha: Person, step: str) -> None:
    stripe.set(fail_next=1, status=0, when="after", only=f"POST /v1/{step}")
    assert top_up(asha).status == 503

    started(asha)

    assert len(stripe.parts.store.all("sessions")) == len(stripe.parts.store.all("payment_intents")) == 1


def test_a_refusal_of_stripes_is_told(stripe: StandIn, asha: Person) -> None:
    stripe.set(fail_next=9, status=402, only="POST /v1/checkout/sessions")

    assert top_up(asha).body["code"] == "card_payments_refused"


@pytest.mark.parametrize("step", ["payment_intents", "checkout/sessions"])
def test_the_worker_opens_a_page_that_a_killed_process_left(
    shop: Flask, stripe: StandIn, asha: Person, step: str
) -> None:
    stripe.set(fail_next=1, status=0, when="after", only=f"POST /v1/{step}")
    assert top_up(asha).status == 503
    (payment,) = db.database()["payments"].find()

    change(str(payment["_id"]), **{"card.dueAt": clock.now()})
    sweep(shop)

    (payment,) = db.database()["payments"].find()
    (session,) = stripe.parts.store.all("sessions")
    assert payment["card"]["url"] == session["url"] == status(asha, str(payment["_id"]))["paymentUrl"]
    assert top_up(asha).body["paymentUrl"] == session["url"]


def test_a_payment_that_nobody_made_expires_and_its_page_with_it(shop: Flask, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    change(payment, **{"expiresAt": clock.now(), "card.dueAt": clock.now()})
    assert status(asha, payment)["status"] == "expired"
    assert "paymentUrl" not in status(asha, payment)

    sweep(shop)

    assert paid(payment)["status"] == "expired"
    assert stripe.gateway().session(session).status == "expired"
    assert "dueAt" not in paid(payment)["card"]


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=-30)])
def test_money_of_which_no_webhook_told_is_found(
    shop: Flask, call: Call, stripe: StandIn, asha: Person, late: timedelta
) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    change(payment, **{"expiresAt": clock.now() - late, "card.dueAt": clock.now()})

    sweep(shop)
    assert asha.balance() == 150
    hear_all(call, stripe)

    assert asha.balance() == 150
    assert status(asha, payment)["status"] == "succeeded"


def test_a_page_that_has_closed_by_itself_is_replaced_by_another(call: Call, stripe: StandIn, asha: Person) -> None:
    _, first = started(asha)
    stripe.gateway().expire_session(first)
    hear_all(call, stripe)

    _, second = started(asha)
    assert second != first
    stripe.pay(second)
    hear_all(call, stripe)
    assert asha.balance() == 150


def test_a_page_of_whose_end_no_webhook_told_is_replaced(shop: Flask, stripe: StandIn, asha: Person) -> None:
    payment, first = started(asha)
    stripe.gateway().expire_session(first)
    change(payment, **{"card.dueAt": clock.now()})

    sweep(shop)

    _, second = started(asha)
    assert second != first


def test_a_session_is_open_for_half_an_hour_at_least(
    call_with: Callable[..., Call], stripe: StandIn, app: Flask
) -> None:
    asha = sign_up(call_with(**stripe.settings | {"ORDER_LIFETIME": "5", "FRONTEND_URL": "http://shop.example/"}))

    payment, session = started(asha)

    assert stripe.gateway().session(session).expires_at - clock.now() > timedelta(minutes=30)
    assert paid(payment)["expiresAt"] - clock.now() <= timedelta(seconds=5)
    assert stripe.pay(session) == f"http://shop.example/payments/{payment}"
    assert ObjectId(payment) == paid(payment)["_id"]
