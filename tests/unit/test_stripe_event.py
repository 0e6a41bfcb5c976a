"""What a webhook of Stripe's tells, and what only claims to be one."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe

from paytm import clock
from paytm.dev.stripe.webhooks import sign
from paytm.errors import CardPaymentsNotConfigured, InvalidSignature
from paytm.payment import gateway

SECRET = "whsec_of_a_test"
TOLD: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "created": 1_700_000_000,
    "data": {"object": {"id": "pi_1", "amount": 5000, "metadata": {"paymentId": "₹"}}},
}
BODY = json.dumps(TOLD).encode()
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def _signed(body: bytes = BODY, *, secret: str = SECRET, after: int = 0) -> str:
    return sign(body, secret=secret, at=int((NOW + timedelta(seconds=after)).timestamp()))


def test_a_signed_event_is_told() -> None:
    event = gateway.event(BODY, _signed(), secret=SECRET)

    assert (event.id, event.type) == ("evt_1", "payment_intent.succeeded")
    assert event.created == datetime.fromtimestamp(1_700_000_000, UTC)
    assert event.object == TOLD["data"]["object"]
    assert type(event.object["metadata"]) is dict


def test_the_stand_in_signs_as_the_library_does() -> None:
    theirs = stripe.WebhookSignature.generate_signature_header(BODY.decode(), SECRET, 1_700_000_000)

    assert sign(BODY, secret=SECRET, at=1_700_000_000) == theirs


@pytest.mark.parametrize("after", [-300, 300])
def test_five_minutes_are_near_enough(after: int) -> None:
    assert gateway.event(BODY, _signed(after=after), secret=SECRET).id == "evt_1"


@pytest.mark.parametrize("after", [-301, 301, -(10**9)])
def test_what_is_older_or_from_the_future_is_refused(after: int) -> None:
    with pytest.raises(InvalidSignature):
        gateway.event(BODY, _signed(after=after), secret=SECRET)


def test_an_old_signature_does_not_pass_under_a_second_time() -> None:
    old = _signed(after=-3600)
    stamp = int(NOW.timestamp())

    for header in (f"t={stamp},{old}", f"{old},t={stamp}"):
        with pytest.raises(InvalidSignature):
            gateway.event(BODY, header, secret=SECRET)


def test_one_good_signature_among_others_is_enough() -> None:
    # Stripe sends two while a secret is replaced.
    stamp, _, good = _signed().partition(",")

    assert gateway.event(BODY, f"{stamp},v1={'0' * 64},{good},v0=abc", secret=SECRET).id == "evt_1"


@pytest.mark.parametrize(
    "signature",
    [None, "", "t=,v1=", "v1=abc", "t=1", f"t={'9' * 5000},v1=abc", "t=1,v1=é", "t=\u0661,v1=a", ",,,", "t=1;v1=2"],
)
def test_a_malformed_signature_is_refused(signature: str | None) -> None:
    with pytest.raises(InvalidSignature):
        gateway.event(BODY, signature, secret=SECRET)


@pytest.mark.parametrize("body", [BODY + b" ", BODY.replace(b"5000", b"5001"), b"", b"\xff\xfe", b"\x00"])
def test_another_body_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidSignature):
        gateway.event(body, _signed(), secret=SECRET)


def test_another_secret_is_refused() -> None:
    with pytest.raises(InvalidSignature):
        gateway.event(BODY, _signed(secret="whsec_other"), secret=SECRET)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{}", b'{"id": 1}', b"{", b'"x"', b'{"id":"evt_1","data":[]}'])
def test_what_is_signed_and_no_event_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidSignature):
        gateway.event(body, _signed(body), secret=SECRET)


def test_without_a_secret_there_are_no_card_payments() -> None:
    with pytest.raises(CardPaymentsNotConfigured):
        gateway.event(BODY, _signed(secret=""), secret="")
