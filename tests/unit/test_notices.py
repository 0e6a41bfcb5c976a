"""What is kept of Stripe's events."""

from typing import Any

import pytest
from bson import ObjectId

from paytm import clock
from paytm.payment import notices
from paytm.payment.gateway import Event

PAYMENT = "0123456789abcdef01234567"
SESSION = {
    "object": "checkout.session",
    "id": "cs_1",
    "payment_intent": "pi_1",
    "payment_status": "paid",
    "amount_total": 5000,
    "currency": "inr",
    "metadata": {"paymentId": PAYMENT},
    "customer_details": {"email": "card.holder@example.com"},
}


def _read(kind: str, about: dict[str, Any]) -> notices.Notice:
    return notices.read(Event("evt_1", kind, clock.now(), about))


def test_a_sessions_money_is_at_its_own_intent() -> None:
    notice = _read("checkout.session.completed", SESSION)

    assert (notice.kind, notice.intent, notice.payment) == (notices.PAID, "pi_1", ObjectId(PAYMENT))
    assert (notice.amount, notice.currency, notice.about) == (5000, "inr", "cs_1")


def test_an_intents_money_is_what_was_received() -> None:
    notice = _read("payment_intent.succeeded", {"object": "payment_intent", "id": "pi_1", "amount_received": 70})

    assert (notice.kind, notice.intent, notice.amount, notice.payment) == (notices.PAID, "pi_1", 70, None)


def test_a_session_that_is_not_paid_yet_is_no_news() -> None:
    assert _read("checkout.session.completed", SESSION | {"payment_status": "unpaid"}).kind == notices.OTHER


def test_nothing_of_the_payer_is_kept() -> None:
    assert "card.holder" not in str(_read("checkout.session.completed", SESSION).document())


def test_what_is_kept_is_read_as_it_was() -> None:
    notice = _read("payment_intent.payment_failed", SESSION | {"last_payment_error": {"code": "card_declined"}})

    assert notices.stored("evt_1", notice.document()) == notice
    assert notice.error == "card_declined"


@pytest.mark.parametrize("metadata", [None, [], "x", {"paymentId": 5}, {"paymentId": "x"}, {"paymentId": None}])
def test_metadata_that_name_no_payment_are_none(metadata: Any) -> None:
    assert _read("payment_intent.succeeded", {"metadata": metadata, "last_payment_error": []}).payment is None
