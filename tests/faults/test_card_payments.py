"""Payments by card while everything breaks: each has one effect, and no money is lost or swallowed."""

import os
import random
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from paytm import clock, db
from paytm.payment import proof
from tests.api.stored import count
from tests.conftest import caller
from tests.faults.conftest import Fail, StartWorker, wait_until
from tests.ordering import left, order
from tests.paying import WEBHOOK, change, hear, hear_all, paid, session_of, started, top_up
from tests.people import Call, Person, sign_up
from tests.server import Server
from tests.shop import merchant, offer
from tests.stand_in import StandIn


@pytest.mark.usefixtures("shop_adds_up")
def test_webhooks_three_times_in_random_order_while_the_api_is_killed(
    start_server: Callable[..., Server], stripe: StandIn, no_open_transactions: None
) -> None:
    server = start_server(**stripe.settings, DATABASE_TIMEOUT="2")
    stripe.set(deliver=False, webhook_url=server.url + WEBHOOK)
    asha, *people = merchant(sign_up(server.call)), *(sign_up(server.call) for _ in range(3))
    lamp = offer(asha, price=10)
    for person in people:
        for number in range(3):
            _, session = started(person, 10, key=f"key-{number}")
            stripe.pay(session)
        for _ in range(2):
            stripe.pay(session_of(order(person, {lamp: 1}, "card").body["paymentUrl"]))
    events = stripe.events * 3
    random.Random(7).shuffle(events)

    def deliver(number: int) -> int:
        if number in (25, 60):
            for worker in server.worker_pids():
                os.kill(worker, signal.SIGKILL)
        return stripe.deliver(events[number])

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(deliver, range(len(events))))
    assert {0, 200} <= answers <= {0, 200, 503}
    server.wait_until("/health/ready")
    # Stripe goes on until it is taken.
    wait_until(lambda: {stripe.deliver(event) for event in stripe.events} == {200})

    assert [person.balance() for person in people] == [130] * 3
    assert (asha.balance(), left(asha, lamp), count("orders", status="paid")) == (160, 4, 6)
    assert (count("receipts"), count("receipts", status="settled"), count("transactions", kind="topup")) == (15, 15, 9)
    assert proof.check() == 15
    assert count("webhook_inbox", status="done") == len(stripe.events) == 30


def test_the_worker_finishes_what_a_killed_api_left(
    make_app: Callable[..., Flask], app: Flask, stripe: StandIn, start_worker: StartWorker
) -> None:
    call = caller(make_app(**stripe.settings).test_client())
    asha = sign_up(call)
    late, session = started(asha, 70, key="late")
    change(late, status="expired")
    stripe.pay(session)
    assert hear_all(call, stripe) == {200}
    stripe.set(fail_next=1, status=0, when="after", only="POST /v1/checkout/sessions")
    assert top_up(asha, key="cut").status == 503
    db.database()["payments"].update_one({"key": "cut"}, {"$set": {"card.dueAt": clock.now()}})

    start_worker(**stripe.settings)

    wait_until(lambda: count("card_refunds", status="made") == 1)
    wait_until(lambda: count("payments", key="cut", **{"card.url": {"$exists": True}}) == 1)
    assert [refund["amount"] for refund in stripe.parts.store.all("refunds")] == [7000]
    assert len(stripe.parts.store.all("sessions")) == 2


@pytest.fixture
def call(make_app: Callable[..., Flask], app: Flask, stripe: StandIn) -> Call:
    return caller(make_app(**stripe.settings).test_client())


@pytest.fixture
def session(call: Call, asha: Person) -> str:
    """A page for 50 rupees."""
    return started(asha)[1]


@pytest.mark.parametrize("command", ["insert", "update", "commitTransaction"])
@pytest.mark.parametrize("way", [{"closeConnection": True}, {"errorCode": 20}])
def test_a_database_that_fails_once_loses_and_doubles_nothing(
    call: Call, stripe: StandIn, asha: Person, session: str, fail: Fail, command: str, way: dict[str, object]
) -> None:
    stripe.pay(session)
    event = stripe.events[0]
    fail(command, **way)

    assert hear(call, stripe, event).status in {200, 503}
    assert hear_all(call, stripe) == {200}

    assert asha.balance() == 150
    assert (count("receipts"), count("transactions", kind="topup")) == (1, 1)


@pytest.mark.parametrize("way", [{"closeConnection": True}, {"errorCode": 20}])
def test_a_page_whose_id_could_not_be_stored_is_found_again(
    call: Call, stripe: StandIn, asha: Person, fail: Fail, way: dict[str, object]
) -> None:
    fail("findAndModify", **way)
    answers = [top_up(asha, key="again") for _ in range(2)]

    (session,) = stripe.parts.store.all("sessions")
    assert answers[1].status == 201
    assert session_of(answers[1].body["paymentUrl"]) == session["id"]
    assert paid(answers[1].body["paymentId"])["card"]["session"] == session["id"]
