"""Payments by card, asked for and told of many times at the same moment."""

from collections.abc import Iterator

import pytest
from bson import ObjectId
from flask import Flask

from paytm.dev.mongod import Mongod
from tests.api.stored import count
from tests.concurrency.together import at_once
from tests.conftest import ENVIRONMENT
from tests.paying import WEBHOOK, session_of, started, top_up
from tests.people import Person, sign_up
from tests.server import Server, running
from tests.stand_in import StandIn


@pytest.fixture(scope="module")
def stripe() -> Iterator[StandIn]:
    stand_in = StandIn().start()
    yield stand_in
    stand_in.stop()


@pytest.fixture(scope="module")
def shop(mongod: Mongod, stripe: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn with two workers, to which the stand-in's webhooks go when a test says so."""
    settings = ENVIRONMENT | stripe.settings | {"MONGODB_URI": mongod.uri}
    with running(settings, tmp_path_factory.mktemp("shop")) as server:
        stripe.set(deliver=False, webhook_url=server.url + WEBHOOK)
        yield server
        server.hang_up()


@pytest.fixture
def asha(app: Flask, shop: Server) -> Person:
    return sign_up(shop.call)


def test_one_event_ten_times_at_once_has_one_effect(stripe: StandIn, asha: Person) -> None:
    _, session = started(asha)
    stripe.pay(session)
    first, second = stripe.events[-2:]

    answers = at_once(10, lambda number: stripe.deliver(first if number % 2 else second))

    assert set(answers) == {200}
    assert asha.balance() == 150
    assert (count("receipts"), count("transactions", ownerId=ObjectId(asha.id), kind="topup")) == (1, 1)


def test_one_key_at_once_opens_one_page(stripe: StandIn, asha: Person) -> None:
    stripe.set(delay_seconds=0.1)

    answers = at_once(6, lambda _: top_up(asha))

    assert {answer.status for answer in answers} == {201}
    (payment,) = {answer.body["paymentId"] for answer in answers}
    (url,) = {answer.body["paymentUrl"] for answer in answers}
    made = {kind: _made(stripe, kind, payment) for kind in ("sessions", "payment_intents")}
    assert made["sessions"] == [session_of(url)]
    assert len(made["payment_intents"]) == 1


def _made(stripe: StandIn, kind: str, payment: str) -> list[str]:
    return [made["id"] for made in stripe.parts.store.all(kind) if made["metadata"]["paymentId"] == payment]
