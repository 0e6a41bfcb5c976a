"""``flask reconcile``: Stripe's records beside ours."""

import pytest
from bson.int64 import Int64
from flask import Flask

from paytm import db
from tests.conftest import caller
from tests.paying import change, give_back, hear_all, started
from tests.people import Call, Person
from tests.stand_in import StandIn


@pytest.fixture
def call(shop: Flask) -> Call:
    return caller(shop.test_client())


@pytest.fixture
def intent(shop: Flask, call: Call, stripe: StandIn, asha: Person) -> str:
    """What one of three payments was paid with; the second is given back, and the third is not made."""
    _, session = started(asha, 50, key="kept")
    late, second = started(asha, 20, key="late")
    started(asha, 10, key="unpaid")
    change(late, status="expired")
    for id_ in (session, second):
        stripe.pay(id_)
    hear_all(call, stripe)
    give_back(shop)
    return stripe.gateway().session(session).intent or ""


def _reconcile(shop: Flask, code: int) -> list[str]:
    with shop.app_context():
        result = shop.test_cli_runner().invoke(args=["reconcile", "--since", "2"])
    assert result.exit_code == code, result.output
    return result.stdout.splitlines()


def test_what_agrees_is_counted_and_announcements_are_no_difference(shop: Flask, intent: str) -> None:
    lines = _reconcile(shop, 0)

    assert (lines[0], lines[4]) == ("payments: 2 matched", "refunds: 1 matched")


def test_money_that_is_missing_here_is_named(shop: Flask, intent: str) -> None:
    db.database()["receipts"].delete_one({"_id": intent})

    assert f"payments: 1 missing here  {intent}" in _reconcile(shop, 1)


def test_money_that_is_missing_there_is_named(shop: Flask, intent: str) -> None:
    receipt = db.database()["receipts"].find_one({"_id": intent}) or {}
    db.database()["receipts"].insert_one({**receipt, "_id": "pi_nobody_knows"})

    assert "payments: 1 missing there  pi_nobody_knows" in _reconcile(shop, 1)


def test_amounts_that_differ_are_named(shop: Flask, intent: str) -> None:
    db.database()["receipts"].update_one({"_id": intent}, {"$set": {"amount": Int64(4999)}})

    assert f"payments: 1 amount differs  {intent}" in _reconcile(shop, 1)


def test_a_refund_that_nobody_here_made_is_named(shop: Flask, stripe: StandIn, intent: str) -> None:
    made = stripe.gateway().refund(intent=intent, amount=100, key="by-hand", metadata={})

    assert f"refunds: 1 missing here  {made.id}" in _reconcile(shop, 1)


def test_without_stripe_it_says_so(app: Flask) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["reconcile"])

    assert (result.exit_code, result.stderr) == (1, "Error: Card payments are not available here\n")
