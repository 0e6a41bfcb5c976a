"""The gateway: Stripe's library, over HTTP, against the stand-in."""

import ssl
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import stripe as stripe_library
import trustme

from paytm import clock
from paytm.errors import ApiError, CardPaymentsNotConfigured, CardPaymentsRefused, CardPaymentsUnavailable
from paytm.payment import gateway
from paytm.payment.gateway import Gateway, Item, Session
from tests.receivers import Listener
from tests.server import ROOT, free_port
from tests.stand_in import StandIn

ITEMS = [Item("Chai ☕ & Co", 1500, 2), Item("Samosa", 2000)]


def _later(minutes: int = 60) -> datetime:
    return clock.now() + timedelta(minutes=minutes)


def _open(api: Gateway, **options: Any) -> Session:
    asked: dict[str, Any] = {
        "payment": "p1",
        "intent": None,
        "items": ITEMS,
        "amount": 5000,
        "expires_at": _later(),
        "success_url": "http://shop.example/done",
        "cancel_url": "http://shop.example/cart",
        "key": "session-p1",
    }
    return api.create_session(**asked | options)


def _paid(stripe: StandIn, api: Gateway, **options: Any) -> str:
    """Pay a session, and return its intent."""
    session = _open(api, **options)
    stripe.pay(session.id)
    return api.session(session.id).intent or ""


def test_an_intent_announces_a_payment(stripe: StandIn) -> None:
    api = stripe.gateway()

    made = api.create_intent(payment="p1", amount=5000, key="intent-p1")

    assert (made.status, made.amount, made.currency, made.received) == ("requires_payment_method", 5000, "inr", 0)
    assert made.payment == "p1"
    assert abs((clock.now() - made.created).total_seconds()) < 60
    assert api.intent(made.id) == made


def test_a_session_has_a_page_and_names_its_payment_everywhere(stripe: StandIn) -> None:
    api = stripe.gateway()
    intent = api.create_intent(payment="p1", amount=5000, key="intent-p1")
    expires_at = _later().replace(microsecond=0)

    session = _open(api, intent=intent.id, expires_at=expires_at)

    assert (session.status, session.paid, session.intent, session.amount) == ("open", False, None, 5000)
    assert (session.payment, session.expires_at, session.url) == ("p1", expires_at, f"{stripe.url}/c/pay/{session.id}")
    assert "Chai ☕ &amp; Co × 2" in stripe.page(session.id)
    stripe.pay(session.id)
    told = [event["data"]["object"] for event in stripe.events]
    assert [about["metadata"]["paymentId"] for about in told] == ["p1", "p1"]
    assert (told[1]["metadata"]["intentId"], told[1]["client_reference_id"]) == (intent.id, "p1")


def test_a_paid_session_has_an_intent_of_its_own(stripe: StandIn) -> None:
    api = stripe.gateway()
    session = _open(api)
    stripe.pay(session.id)

    paid = api.session(session.id)

    assert (paid.status, paid.paid, paid.url) == ("complete", True, None)
    intent = api.intent(paid.intent or "")
    assert (intent.status, intent.received, intent.payment) == ("succeeded", 5000, "p1")


def test_a_promised_payment_is_complete_and_not_paid(stripe: StandIn) -> None:
    api = stripe.gateway()
    session = _open(api)

    stripe.promise(session.id)

    promised = api.session(session.id)
    assert (promised.status, promised.paid) == ("complete", False)
    assert api.intent(promised.intent or "").status == "processing"


def test_items_have_to_add_up(stripe: StandIn) -> None:
    with pytest.raises(ValueError, match="add up"):
        _open(stripe.gateway(), amount=5001)


def test_the_same_key_brings_the_same_objects(stripe: StandIn) -> None:
    api, expires_at = stripe.gateway(), _later()

    with ThreadPoolExecutor(1) as pool:
        intents = {api.create_intent(payment="p1", amount=5000, key="intent-p1") for _ in range(2)}
        sessions = set(pool.map(lambda _: _open(api, expires_at=expires_at), range(2)))
    refunds = [
        api.refund(intent=_paid(stripe, api, expires_at=expires_at), amount=1, key="refund-p1", metadata={})
        for _ in range(2)
    ]

    assert (len(intents), len(sessions)) == (1, 1)
    assert refunds[0].id == refunds[1].id


def test_a_key_for_something_else_is_refused(stripe: StandIn) -> None:
    api = stripe.gateway()
    api.create_intent(payment="p1", amount=5000, key="k")

    with pytest.raises(CardPaymentsRefused) as refused:
        api.create_intent(payment="p1", amount=5001, key="k")

    assert refused.value.reason == "idempotency_error"


def test_refunds_are_partial_and_never_too_much(stripe: StandIn) -> None:
    api = stripe.gateway()
    intent = _paid(stripe, api)

    part = api.refund(intent=intent, amount=2000, key="r1", metadata={"refundId": "r1"})
    with pytest.raises(CardPaymentsRefused):
        api.refund(intent=intent, amount=3001, key="r2", metadata={})
    api.refund(intent=intent, amount=3000, key="r3", metadata={})
    with pytest.raises(CardPaymentsRefused) as refused:
        api.refund(intent=intent, amount=1, key="r4", metadata={})

    assert (part.status, part.amount, part.intent, part.metadata) == ("succeeded", 2000, intent, {"refundId": "r1"})
    assert refused.value.reason == "charge_already_refunded"


def test_an_expired_session_stays_so(stripe: StandIn) -> None:
    api = stripe.gateway()
    session = _open(api)

    assert (api.expire_session(session.id).status, api.session(session.id).url) == ("expired", None)

    with pytest.raises(CardPaymentsRefused):
        api.expire_session(session.id)


def test_a_cancelled_intent_stays_so(stripe: StandIn) -> None:
    api = stripe.gateway()
    made = api.create_intent(payment="p1", amount=5000, key="k")

    assert api.cancel_intent(made.id).status == "canceled"

    with pytest.raises(CardPaymentsRefused) as refused:
        api.cancel_intent(made.id)
    assert refused.value.reason == "payment_intent_unexpected_state"


@pytest.mark.parametrize("amount", [gateway.MIN_AMOUNT - 1, gateway.MAX_AMOUNT + 1, 0, -1, 2**63, 10**40])
def test_an_amount_that_stripe_does_not_take_is_refused(stripe: StandIn, amount: int) -> None:
    with pytest.raises(CardPaymentsRefused):
        stripe.gateway().create_intent(payment="p1", amount=amount, key="k")


@pytest.mark.parametrize("name", ["\x00", "<script>", "x" * 250, "\u202e"])
def test_any_name_of_a_product_arrives_as_it_is(stripe: StandIn, name: str) -> None:
    session = _open(stripe.gateway(), items=[Item(name, 5000)])

    (item,) = stripe.parts.store.get("sessions", session.id)["_items"]
    assert item["price_data"]["product_data"]["name"] == name


def test_what_is_missing_is_refused_by_its_name(stripe: StandIn) -> None:
    api = stripe.gateway()

    for ask in (api.intent, api.session, api.expire_session, api.cancel_intent):
        for id_ in ("pi_none", "../events", "@evil.example/x", "a b?c=d"):
            with pytest.raises(CardPaymentsRefused) as refused:
                ask(id_)
            assert refused.value.reason in ("resource_missing", "invalid_request_error")


def test_payments_and_refunds_are_listed_over_all_pages(stripe: StandIn) -> None:
    api, begun = stripe.gateway(), clock.now()
    with stripe.parts.store.open():
        made = [stripe.parts.account.create_intent({"amount": 100, "metadata": {}})["id"] for _ in range(205)]
    paid = _paid(stripe, api)
    refunds = [api.refund(intent=paid, amount=1, key=f"r{number}", metadata={}).id for number in range(3)]

    found = [intent.id for intent in api.payments(begun, _later())]

    assert found == [paid, *reversed(made)]
    assert [refund.id for refund in api.refunds(begun, _later())] == refunds[::-1]
    assert list(api.payments(begun - timedelta(days=2), begun - timedelta(days=1))) == []


def test_a_webhook_is_delivered_with_a_signature_that_fits(stripe: StandIn, listener: Listener) -> None:
    stripe.set(webhook_url=f"{listener.url}/api/v1/payment/webhook")
    intent = _paid(stripe, stripe.gateway())
    stripe.wait_until_delivered()

    posted = listener.requests
    events = [gateway.event(one.body, one.headers["Stripe-Signature"], secret=stripe.secret) for one in posted]

    assert [event.type for event in events] == ["payment_intent.succeeded", "checkout.session.completed"]
    assert (events[0].object["id"], events[1].object["payment_intent"]) == (intent, intent)


Ask = Callable[[Gateway], Any]
ASKS: list[Ask] = [
    lambda api: api.create_intent(payment="p1", amount=5000, key="k"),
    _open,
    lambda api: api.intent("pi_1"),
    lambda api: api.session("cs_1"),
    lambda api: api.expire_session("cs_1"),
    lambda api: api.cancel_intent("pi_1"),
    lambda api: api.refund(intent="pi_1", amount=1, key="k", metadata={}),
    lambda api: list(api.payments(clock.now(), _later())),
    lambda api: list(api.refunds(clock.now(), _later())),
]


@pytest.mark.parametrize("ask", ASKS)
def test_without_a_key_nothing_is_asked(ask: Ask) -> None:
    api = gateway.of({"STRIPE_SECRET_KEY": "", "STRIPE_API_URL": "", "STRIPE_TIMEOUT": 1.0})

    with pytest.raises(CardPaymentsNotConfigured):
        ask(api)


@pytest.mark.parametrize("ask", ASKS)
def test_when_nobody_answers_it_is_unavailable(ask: Ask) -> None:
    with pytest.raises(CardPaymentsUnavailable) as failed:
        ask(Gateway("sk_test_1", url=f"http://127.0.0.1:{free_port()}", timeout=1))

    assert (failed.value.status, failed.value.retry_after) == (503, 5)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (0, CardPaymentsUnavailable),
        (500, CardPaymentsUnavailable),
        (503, CardPaymentsUnavailable),
        (429, CardPaymentsUnavailable),
        (409, CardPaymentsUnavailable),
        (400, CardPaymentsRefused),
        (401, CardPaymentsRefused),
        (402, CardPaymentsRefused),
        (403, CardPaymentsRefused),
        (404, CardPaymentsRefused),
    ],
)
def test_a_failure_is_passing_or_final(stripe: StandIn, status: int, error: type[ApiError]) -> None:
    stripe.set(fail_next=1, status=status)
    api = stripe.gateway()

    with pytest.raises(error):
        api.create_intent(payment="p1", amount=5000, key="k")

    assert api.create_intent(payment="p1", amount=5000, key="k").payment == "p1"


def test_a_failure_of_the_second_page_is_none_of_the_librarys(stripe: StandIn) -> None:
    with stripe.parts.store.open():
        for _ in range(101):
            stripe.parts.account.create_intent({"amount": 100, "metadata": {}})
    pages = stripe.gateway().payments(clock.now() - timedelta(minutes=1), _later())
    next(pages)
    stripe.set(fail_next=1)

    with pytest.raises(CardPaymentsUnavailable):
        list(pages)


def test_a_lost_answer_is_found_with_the_same_key(stripe: StandIn) -> None:
    stripe.set(fail_next=1, status=0, when="after")
    api = stripe.gateway()

    with pytest.raises(CardPaymentsUnavailable):
        api.create_intent(payment="p1", amount=5000, key="k")

    made = api.create_intent(payment="p1", amount=5000, key="k")
    assert [intent.id for intent in api.payments(clock.now() - timedelta(minutes=1), _later())] == [made.id]


def test_a_slow_answer_is_given_up_in_time(stripe: StandIn) -> None:
    stripe.set(delay_seconds=5)
    begun = monotonic()

    with pytest.raises(CardPaymentsUnavailable):
        stripe.gateway(timeout=0.3).create_intent(payment="p1", amount=5000, key="k")

    assert monotonic() - begun < 4


_DRIPPING = """
import socket, sys, threading, time
from paytm.errors import CardPaymentsUnavailable
from paytm.payment.gateway import Gateway

listener = socket.create_server(("127.0.0.1", 0))

def drip():
    connection, _ = listener.accept()
    connection.sendall(b"HTTP/1.1 200 OK\\r\\n")
    for number in range(1000):
        connection.sendall(b"X-%d: x\\r\\n" % number)
        time.sleep(0.05)

threading.Thread(target=drip, daemon=True).start()
begun = time.monotonic()
try:
    Gateway("sk_test_1", url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=0.5).intent("pi_1")
except CardPaymentsUnavailable:
    print(time.monotonic() - begun)
"""


@pytest.mark.parametrize("prelude", ["", "from gevent import monkey; monkey.patch_all()"], ids=["threads", "gevent"])
def test_an_answer_that_drips_is_given_up_in_time(prelude: str) -> None:
    command = [sys.executable, "-c", prelude + _DRIPPING]

    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=ROOT, check=False)

    assert ended.returncode == 0, ended.stderr
    assert 0.4 < float(ended.stdout.splitlines()[-1]) < 5


@pytest.mark.parametrize("status", [200, 302, 403, 502])
def test_an_answer_that_is_not_stripes_is_none(listener: Listener, status: int) -> None:
    listener.statuses.append(status)

    with pytest.raises(CardPaymentsUnavailable):
        Gateway("sk_test_1", url=listener.url).create_intent(payment="p1", amount=100, key="k")

    assert [posted.headers["Idempotency-Key"] for posted in listener.requests] == ["k"]


@pytest.mark.parametrize(("host", "arrives"), [("localhost", 1), ("other.example", 0)])
def test_the_certificate_has_to_fit(
    listener: Listener, host: str, arrives: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setattr(stripe_library, "ca_bundle_path", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    listener.server.socket = context.wrap_socket(
        listener.server.socket, server_side=True, do_handshake_on_connect=False
    )

    with pytest.raises(CardPaymentsUnavailable):
        Gateway("sk_test_1", url=f"https://localhost:{listener.port}", timeout=2).create_intent(
            payment="p1", amount=100, key="k"
        )

    assert len(listener.requests) == arrives


def test_the_log_tells_kinds_and_never_a_key_or_a_name(stripe: StandIn, capfdbinary: Any, make_app: Any) -> None:
    make_app()
    stripe.set(fail_next=1, status=402)

    with pytest.raises(CardPaymentsRefused):
        _open(stripe.gateway())

    line = capfdbinary.readouterr().err
    assert b'"event":"card_payments_refused"' in line
    assert b'"reason":"card_declined"' in line
    assert not [word for word in (b"sk_test", b"Chai", b"shop.example") if word in line]


def test_the_settings_lead_to_one_gateway(stripe: StandIn, make_app: Any) -> None:
    config = make_app(**stripe.settings).config

    assert gateway.of(config) is gateway.of(config)
    assert gateway.of(config).create_intent(payment="p1", amount=5000, key="k").payment == "p1"
