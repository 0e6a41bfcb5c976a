"""What orders ask of card payments: a page wanted and abandoned in their transactions, and money told to them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import Conflict
from paytm.payment import card_refunds, checkout, receipts, records
from paytm.payment.gateway import Item
from tests.api.stored import count
from tests.conftest import caller
from tests.paying import give_back, hear_all, paid, session_of, status, sweep
from tests.people import Call, Person
from tests.stand_in import StandIn

ITEMS = [Item("Chai", 1500, 2), Item("Samosa", 2000)]


@pytest.fixture
def call(shop: Flask) -> Call:
    return caller(shop.test_client())


@pytest.fixture
def payment(asha: Person) -> ObjectId:
    """The payment of an order of 50 rupees, whose way is not chosen yet."""
    expires_at = clock.now() + timedelta(minutes=30)
    made = records.new("order", ObjectId(asha.id), 5000, method=None, expires_at=expires_at, order=ObjectId())
    db.transaction(lambda session: records.insert(made, session=session))
    return made["_id"]


def _want(payment: ObjectId) -> None:
    until = paid(str(payment))["expiresAt"]
    db.transaction(lambda session: checkout.want(payment, ITEMS, expires_at=until, session=session))


def _open(shop: Flask, payment: ObjectId) -> str:
    with shop.test_request_context():
        return session_of(checkout.open_page(payment))


def _abandon(payment: ObjectId) -> None:
    def body(session: ClientSession) -> None:
        records.close(payment, "cancelled", session=session)
        checkout.abandon(payment, session=session)

    db.transaction(body)


def test_a_page_shows_what_was_ordered(shop: Flask, stripe: StandIn, asha: Person, payment: ObjectId) -> None:
    _want(payment)
    session = _open(shop, payment)
    _want(payment)

    assert "Chai × 2" in stripe.page(session)
    assert _open(shop, payment) == session
    assert (status(asha, str(payment))["method"], len(stripe.parts.store.all("sessions"))) == ("card", 1)
    assert status(asha, str(payment))["orderId"] == str(paid(str(payment))["order"])


def test_a_page_that_nobody_wants_is_not_opened(shop: Flask, payment: ObjectId) -> None:
    with pytest.raises(Conflict):
        _open(shop, payment)


def test_a_payment_that_is_over_has_no_page(shop: Flask, payment: ObjectId) -> None:
    _want(payment)
    _abandon(payment)

    with pytest.raises(Conflict):
        _want(payment)
    with pytest.raises(Conflict):
        _open(shop, payment)


def test_an_abandoned_page_is_closed_at_once(shop: Flask, stripe: StandIn, payment: ObjectId) -> None:
    _want(payment)
    session = _open(shop, payment)
    _abandon(payment)

    with shop.app_context():
        checkout.close_page(payment)

    assert stripe.gateway().session(session).status == "expired"
    assert "dueAt" not in paid(str(payment))["card"]


def test_closing_a_page_does_not_need_stripe(shop: Flask, stripe: StandIn, payment: ObjectId) -> None:
    _want(payment)
    session = _open(shop, payment)
    _abandon(payment)
    stripe.set(fail_next=1, status=0)

    with shop.app_context():
        checkout.close_page(payment)
    assert stripe.gateway().session(session).status == "open"
    sweep(shop)

    assert stripe.gateway().session(session).status == "expired"


def test_a_page_that_opens_while_its_payment_ends_is_closed(
    shop: Flask, stripe: StandIn, payment: ObjectId, monkeypatch: pytest.MonkeyPatch
) -> None:
    _want(payment)
    make = checkout.Gateway.create_session

    def late(*arguments: Any, **options: Any) -> Any:
        _abandon(payment)
        sweep(shop)
        return make(*arguments, **options)

    monkeypatch.setattr(checkout.Gateway, "create_session", late)
    with pytest.raises(Conflict):
        _open(shop, payment)
    sweep(shop)

    assert [session["status"] for session in stripe.parts.store.all("sessions")] == ["expired"]


@pytest.mark.parametrize("is_payable", [True, False])
def test_money_is_told_to_the_order_or_goes_back(
    shop: Flask, call: Call, stripe: StandIn, payment: ObjectId, monkeypatch: pytest.MonkeyPatch, is_payable: bool
) -> None:
    told: list[str] = []

    def by_card(about: Any, intent: str) -> Callable[[ClientSession], bool]:
        def body(session: ClientSession) -> bool:
            told.append(intent)
            if is_payable:
                records.settle(about["_id"], method="card", session=session)
            return is_payable

        return body

    monkeypatch.setitem(receipts.SETTLEMENTS, "order", by_card)
    _want(payment)
    session = _open(shop, payment)
    stripe.pay(session)

    assert hear_all(call, stripe) == {200}
    give_back(shop)

    assert told == [stripe.gateway().session(session).intent]
    assert count("receipts", status="settled" if is_payable else "returned") == 1
    assert len(stripe.parts.store.all("refunds")) == (0 if is_payable else 1)


def test_an_order_can_give_a_part_of_its_money_back(
    shop: Flask, call: Call, stripe: StandIn, asha: Person, payment: ObjectId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(receipts.SETTLEMENTS, "order", lambda *_: lambda session: True)
    _want(payment)
    session = _open(shop, payment)
    stripe.pay(session)
    hear_all(call, stripe)
    intent = stripe.gateway().session(session).intent or ""

    for _ in range(2):
        row = card_refunds.new(payment=payment, intent=intent, amount=1000, reason="order_refund")
        db.transaction(lambda session, row=row: card_refunds.insert(row, session=session))  # type: ignore[misc]
    give_back(shop)
    hear_all(call, stripe)

    assert [refund["amount"] for refund in stripe.parts.store.all("refunds")] == [1000, 1000]
    assert status(asha, str(payment))["refunded"] == 20
    assert count("webhook_inbox", status="dead") == 0
    assert count("card_refunds", status="made") == 2


@pytest.mark.parametrize(
    ("collection", "wanted", "index"),
    [
        ("payments", {"card.dueAt": {"$lte": clock.now()}}, "card_due"),
        ("payments", {"card.intents": "pi_1"}, "card_intents"),
        ("payments", {"card.session": "cs_1"}, "card_session"),
        ("webhook_inbox", {"dueAt": {"$lte": clock.now()}}, "due"),
        ("card_refunds", {"intent": "pi_1"}, "intent"),
    ],
)
def test_what_the_worker_and_webhooks_look_for_has_an_index(
    app: Flask, collection: str, wanted: dict[str, Any], index: str
) -> None:
    plan = db.database()[collection].find(wanted).explain()["queryPlanner"]["winningPlan"]

    assert plan["inputStage"]["indexName"] == index
