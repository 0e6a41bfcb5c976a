"""Payments by card, asked for and told of many times at the same moment."""

from collections.abc import Callable

import pytest
from bson import ObjectId

from tests.api.stored import count
from tests.concurrency.together import at_once
from tests.paying import WEBHOOK, session_of, started, top_up
from tests.people import Person, sign_up
from tests.server import Server
from tests.stand_in import StandIn


@pytest.fixture
def asha(start_server: Callable[..., Server], stripe: StandIn) -> Person:
    """Somebody at a gunicorn of two workers, to which the stand-in's webhooks go when a test says so."""
    server = start_server(**stripe.settings)
    stripe.set(deliver=False, webhook_url=server.url + WEBHOOK)
    return sign_up(server.call)


def test_one_event_ten_times_at_once_has_one_effect(stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.pay(session)
    first, second = stripe.events

    answers = at_once(10, lambda number: stripe.deliver(first if number % 2 else second))

    assert set(answers) == {200}
    assert asha.balance() == 150
    assert (count("receipts"), count("transactions", ownerId=ObjectId(asha.id), kind="topup")) == (1, 1)


def test_one_key_at_once_opens_one_page(stripe: StandIn, asha: Person) -> None:
    stripe.set(delay_seconds=0.1)

    answers = at_once(6, lambda _: top_up(asha))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["paymentUrl"] for answer in answers}) == 1
    assert [session["id"] for session in stripe.parts.store.all("sessions")] == [
        session_of(answers[0].body["paymentUrl"])
    ]
    assert len(stripe.parts.store.all("payment_intents")) == 1
