"""What Stripe tells: each payment has one effect, in any order and at any repetition, and no money is swallowed."""

import json
import random
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask

from paytm import clock, db
from paytm.errors import Unavailable
from paytm.payment import receipts, topups
from tests.api.stored import count
from tests.conftest import caller
from tests.paying import change, give_back, hear, hear_all, invent, paid, session_of, started, status, sweep, top_up
from tests.people import Call, Person
from tests.stand_in import StandIn


@pytest.fixture
def call(shop: Flask) -> Call:
    return caller(shop.test_client())


def _inbox() -> dict[str, str]:
    return {event["_id"]: event["status"] for event in db.database()["webhook_inbox"].find()}


def _receipt() -> dict[str, Any]:
    (receipt,) = db.database()["receipts"].find()
    return receipt


def _card(app: Flask, *arguments: str) -> list[str]:
    result = app.test_cli_runner().invoke(args=["card", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_what_stripe_did_not_sign_is_refused(call: Call) -> None:
    signatures: list[dict[str, str]] = [{}, *({"Stripe-Signature": text} for text in ("", "t=1,v1=00", "t=x", "\xff"))]

    answers = [call("POST", "/payment/webhook", data=b'{"id": "evt_1"}', headers=headers) for headers in signatures]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(400, "invalid_signature")}
    assert count("webhook_inbox") == 0


def test_events_come_in_any_order_and_as_often_as_they_like(call: Call, stripe: StandIn, asha: Person) -> None:
    for number in range(3):
        _, session = started(asha, 10 + number, key=f"key-{number}")
        stripe.pay(session)
    events = stripe.events * 3
    random.Random(3).shuffle(events)

    assert {hear(call, stripe, event).status for event in events} == {200}

    assert asha.balance() == 133
    assert (count("receipts"), count("transactions", kind="topup"), count("card_refunds")) == (3, 3, 0)
    assert set(_inbox().values()) == {"done"}


def test_nothing_is_kept_of_who_paid(call: Call, stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.pay(session)
    hear_all(call, stripe)

    kept = [*db.database()["webhook_inbox"].find(), *db.database()["receipts"].find()]

    assert "Card Holder" not in str(kept)
    assert "card.holder" not in str(kept)


def test_a_promise_of_money_is_no_money(call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.promise(session)
    hear_all(call, stripe)
    assert (asha.balance(), status(asha, payment)["status"]) == (100, "pending")

    stripe.settle(session)
    hear_all(call, stripe)

    assert (asha.balance(), status(asha, payment)["status"]) == (150, "succeeded")


def test_a_declined_card_leaves_the_payment_open(call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.fail(session)
    hear_all(call, stripe)

    assert (paid(payment)["card"]["lastError"], status(asha, payment)["status"]) == ("card_declined", "pending")


def test_other_events_are_noted_and_ignored(call: Call, stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.fail(session)
    event = invent(stripe, "customer.created", stripe.events[0], object="customer", id="cus_1")

    assert hear(call, stripe, event).status == 200

    assert _inbox() == {event["id"]: "ignored"}


def test_an_event_of_an_unknown_payment_waits_until_it_is_known(
    shop: Flask, call: Call, stripe: StandIn, asha: Person
) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    row = db.database()["payments"].find_one_and_delete({"_id": ObjectId(payment)})
    assert row is not None
    assert hear_all(call, stripe) == {200}
    assert set(_inbox().values()) == {"waiting"}

    db.database()["payments"].insert_one(row)
    db.database()["webhook_inbox"].update_many({}, {"$set": {"dueAt": clock.now()}})
    sweep(shop)

    assert (asha.balance(), set(_inbox().values())) == (150, {"done"})


def test_an_event_that_waits_for_days_is_shown_to_operators(
    shop: Flask, call: Call, stripe: StandIn, asha: Person
) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    db.database()["payments"].delete_one({"_id": ObjectId(payment)})
    hear_all(call, stripe)
    old = {"receivedAt": clock.now() - timedelta(days=4), "dueAt": clock.now()}
    db.database()["webhook_inbox"].update_many({}, {"$set": old})

    sweep(shop)

    assert set(_inbox().values()) == {"dead"}
    assert len([line for line in _card(shop, "list") if "unknown payment" in line]) == 2
    assert _card(shop, "retry", stripe.events[0]["id"]) == ["It will be tried again."]
    assert _inbox()[stripe.events[0]["id"]] == "waiting"


def test_money_is_found_by_its_intent_without_metadata(call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.fail(session)
    hear_all(call, stripe)
    stripe.pay(session)
    bare = invent(stripe, "payment_intent.succeeded", stripe.events[-2], metadata={})

    assert hear(call, stripe, bare).status == 200

    assert (asha.balance(), status(asha, payment)["status"]) == (150, "succeeded")


def test_a_failed_effect_stays_retryable(
    shop: Flask, call: Call, stripe: StandIn, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, session = started(asha)
    stripe.pay(session)

    def broken(*_: Any) -> Any:
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setitem(receipts.SETTLEMENTS, "topup", broken)
        assert hear_all(call, stripe) == {503}
    kept = list(db.database()["webhook_inbox"].find())
    assert {(event["status"], event["reason"], event["attempts"]) for event in kept} == {("failed", "Unavailable", 1)}
    assert asha.balance() == 100

    db.database()["webhook_inbox"].update_many({}, {"$set": {"dueAt": clock.now()}})
    sweep(shop)

    assert (asha.balance(), set(_inbox().values())) == (150, {"done"})


def test_what_fails_within_the_transaction_leaves_nothing(
    call: Call, stripe: StandIn, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment, session = started(asha)
    stripe.pay(session)

    def half(*arguments: Any) -> Any:
        body = topups.by_card(*arguments)

        def broken(session: Any) -> bool:
            body(session)
            raise ZeroDivisionError

        return broken

    with monkeypatch.context() as patched:
        patched.setitem(receipts.SETTLEMENTS, "topup", half)
        assert hear_all(call, stripe) == {503}
    assert (count("receipts"), count("transactions", kind="topup"), paid(payment)["status"]) == (0, 0, "pending")

    assert hear_all(call, stripe) == {200}
    assert asha.balance() == 150


def _is_given_back(shop: Flask, stripe: StandIn, reason: str) -> None:
    assert (_receipt()["status"], _receipt()["reason"]) == ("returned", reason)
    assert any("due" in line for line in _card(shop, "list"))

    give_back(shop)

    (refund,) = stripe.parts.store.all("refunds")
    (row,) = db.database()["card_refunds"].find()
    assert (row["status"], row["refund"]) == ("made", refund["id"])
    assert refund["metadata"]["refundId"] == str(row["_id"])
    assert any(reason in line for line in _card(shop, "list"))


@pytest.mark.parametrize("end", ["expired", "cancelled"])
def test_money_that_comes_too_late_goes_back(shop: Flask, call: Call, stripe: StandIn, asha: Person, end: str) -> None:
    payment, session = started(asha)
    change(payment, status=end)
    stripe.pay(session)
    assert hear_all(call, stripe) == {200}

    _is_given_back(shop, stripe, f"payment_{end}")
    assert asha.balance() == 100
    assert status(asha, payment)["refunded"] == 50
    assert hear_all(call, stripe) == {200}
    assert set(_inbox().values()) == {"done"}


def test_an_amount_that_differs_goes_back(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    change(payment, amount=Int64(4999))
    hear_all(call, stripe)

    _is_given_back(shop, stripe, "amount_differs")
    assert asha.balance() == 100


def test_money_in_another_currency_goes_back(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.pay(session)

    hear(call, stripe, invent(stripe, "payment_intent.succeeded", stripe.events[0], currency="usd"))

    _is_given_back(shop, stripe, "currency_differs")


def test_money_for_an_account_that_takes_none_goes_back(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    db.database()["accounts"].update_one({"_id": ObjectId(asha.id)}, {"$set": {"status": "frozen"}})
    stripe.pay(session)
    hear_all(call, stripe)

    _is_given_back(shop, stripe, "declined")
    assert paid(payment)["status"] == "cancelled"


def test_a_payment_that_is_made_twice_is_kept_once(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    hear_all(call, stripe)
    again = stripe.call("POST", "/payment_intents", {"amount": 5000, "currency": "inr", "metadata[paymentId]": payment})
    hear(
        call,
        stripe,
        invent(stripe, "payment_intent.succeeded", stripe.events[0], id=again.json()["id"], amount_received=5000),
    )

    assert asha.balance() == 150
    assert sorted(row["status"] for row in db.database()["receipts"].find()) == ["returned", "settled"]


def test_a_refund_is_made_once_though_its_answer_was_lost(
    shop: Flask, call: Call, stripe: StandIn, asha: Person
) -> None:
    payment, session = started(asha)
    change(payment, status="expired")
    stripe.pay(session)
    hear_all(call, stripe)

    for when in ("after", "within"):
        stripe.set(fail_next=1, status=500 if when == "within" else 0, when=when, only="POST /v1/refunds")
        db.database()["deliveries"].update_many({"state": "due"}, {"$set": {"dueAt": clock.now()}})
        give_back(shop)
    stripe.set(fail_next=0)
    db.database()["deliveries"].update_many({"state": "due"}, {"$set": {"dueAt": clock.now()}})
    give_back(shop)

    assert len(stripe.parts.store.all("refunds")) == 1
    assert count("card_refunds", status="made") == 1


def test_a_refund_that_nobody_asked_for_is_shown(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.pay(session)
    hear_all(call, stripe)
    intent = stripe.gateway().session(session).intent or ""
    stripe.gateway().refund(intent=intent, amount=1200, key="by-hand", metadata={})
    assert hear_all(call, stripe) == {200}

    assert _inbox()[stripe.events[-1]["id"]] == "dead"
    (line,) = _card(shop, "list")
    assert "₹12.00" in line
    assert "nobody" in line
    _card(shop, "dismiss", stripe.events[-1]["id"])
    assert _card(shop, "list") == []


def test_an_abandoned_page_is_closed_by_the_worker(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> None:
    answer = top_up(asha)
    session = session_of(answer.body["paymentUrl"])
    topups.expire(ObjectId(answer.body["paymentId"]))
    stripe.set(fail_next=1, status=0, only="POST /v1/checkout/sessions")
    sweep(shop)
    assert stripe.gateway().session(session).status == "open"

    db.database()["payments"].update_many({}, {"$set": {"card.dueAt": clock.now()}})
    sweep(shop)

    assert stripe.gateway().session(session).status == "expired"
    assert hear_all(call, stripe) == {200}


def test_money_on_an_abandoned_page_goes_back_without_a_webhook(shop: Flask, stripe: StandIn, asha: Person) -> None:
    payment, session = started(asha)
    stripe.pay(session)
    topups.expire(ObjectId(payment))

    sweep(shop)

    _is_given_back(shop, stripe, "payment_expired")


def test_a_body_that_is_no_event_is_refused(call: Call, stripe: StandIn) -> None:
    event = {"id": "evt_x", "type": "payment_intent.succeeded", "created": 1, "data": {"object": {"metadata": [1]}}}
    with stripe.parts.store.open():
        stripe.parts.store.put("events", "evt_x", event)

    assert hear(call, stripe, event).status == 200
    assert json.dumps(_inbox()) == '{"evt_x": "waiting"}'
