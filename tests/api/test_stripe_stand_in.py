"""The stand-in for Stripe, as curl and a browser meet it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from paytm import clock
from paytm.dev.stripe.controls import Settings
from paytm.dev.stripe.wiring import Parts
from tests.receivers import Listener
from tests.stand_in import StandIn

INTENT = {"amount": 5000, "currency": "inr", "metadata[paymentId]": "p1"}
SESSION = {
    "mode": "payment",
    "line_items[0][price_data][currency]": "inr",
    "line_items[0][price_data][unit_amount]": 2500,
    "line_items[0][price_data][product_data][name]": "<b>Chai & Co</b>",
    "line_items[0][quantity]": 2,
    "metadata[paymentId]": "p1",
    "payment_intent_data[metadata][paymentId]": "p1",
    "success_url": "http://shop.example/done?session={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://shop.example/cart",
}


def _open(stripe: StandIn, **form: Any) -> dict[str, Any]:
    answer = stripe.call("POST", "/checkout/sessions", SESSION | form)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def _session(stripe: StandIn, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = stripe.call("GET", f"/checkout/sessions/{id_}").json()
    return found


def _intent(stripe: StandIn, session_id: str) -> dict[str, Any]:
    found: dict[str, Any] = stripe.call(
        "GET", f"/payment_intents/{_session(stripe, session_id)['payment_intent']}"
    ).json()
    return found


def _told(stripe: StandIn) -> list[str]:
    return [event["type"] for event in stripe.events]


def test_an_open_session_has_a_page_and_no_intent_yet(stripe: StandIn) -> None:
    session = _open(stripe)

    assert session["id"].startswith("cs_test_")
    assert (session["status"], session["payment_status"], session["amount_total"]) == ("open", "unpaid", 5000)
    assert session["payment_intent"] is None
    assert session["url"] == f"{stripe.url}/c/pay/{session['id']}"
    assert not [name for name in session if name.startswith("_")]


def test_the_page_shows_amounts_in_rupees_and_escapes_names(stripe: StandIn) -> None:
    page = stripe.page(_open(stripe)["id"])

    assert "₹50.00" in page
    assert "&lt;b&gt;Chai &amp; Co&lt;/b&gt; × 2" in page
    assert "<b>" not in page


def test_pay_completes_the_session_and_leads_to_the_shop(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]

    assert stripe.pay(id_) == f"http://shop.example/done?session={id_}"

    session, intent = _session(stripe, id_), _intent(stripe, id_)
    assert (session["status"], session["payment_status"], session["url"]) == ("complete", "paid", None)
    assert (intent["status"], intent["amount_received"], intent["metadata"]) == ("succeeded", 5000, {"paymentId": "p1"})
    assert _told(stripe) == ["payment_intent.succeeded", "checkout.session.completed"]


def test_pay_pressed_twice_pays_once(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]

    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(stripe.pay, [id_] * 8))

    assert places == {f"http://shop.example/done?session={id_}"}
    assert len(stripe.events) == 2


def test_fail_shows_the_page_again_and_pay_still_works(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]

    stripe.fail(id_)

    assert _intent(stripe, id_)["last_payment_error"]["code"] == "card_declined"
    assert _session(stripe, id_)["status"] == "open"
    stripe.pay(id_)
    assert _told(stripe)[0] == "payment_intent.payment_failed"
    assert _intent(stripe, id_)["last_payment_error"] is None


def test_leave_leads_back_and_changes_nothing(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]

    answer = stripe.choose(id_, "leave")

    assert (answer.status_code, answer.headers["Location"]) == (303, "http://shop.example/cart")
    assert _session(stripe, id_)["status"] == "open"
    assert stripe.events == []


def test_a_bank_transfer_completes_first_and_pays_later(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]

    stripe.promise(id_)
    promised = _session(stripe, id_), _intent(stripe, id_)["status"]
    stripe.settle(id_)

    assert (promised[0]["status"], promised[0]["payment_status"], promised[1]) == ("complete", "unpaid", "processing")
    assert (_session(stripe, id_)["payment_status"], _intent(stripe, id_)["status"]) == ("paid", "succeeded")
    assert _told(stripe) == [
        "checkout.session.completed",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


def test_an_expired_session_takes_no_money(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]
    stripe.fail(id_)

    expired = stripe.call("POST", f"/checkout/sessions/{id_}/expire").json()
    again = stripe.call("POST", f"/checkout/sessions/{id_}/expire")

    assert expired["status"] == "expired"
    assert again.status_code == 400
    assert "This page has expired" in stripe.choose(id_, "pay").text
    assert _intent(stripe, id_)["status"] == "canceled"
    assert _told(stripe)[-1] == "checkout.session.expired"


def test_a_session_expires_by_itself(stripe: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    id_ = _open(stripe, expires_at=int(now.timestamp()) + 1900)["id"]

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=1901))

    assert "This page has expired" in stripe.choose(id_, "pay").text
    assert _told(stripe) == ["checkout.session.expired"]


@pytest.mark.parametrize(("seconds", "words"), [(1790, "at least 30 minutes"), (86500, "less than 24 hours")])
def test_a_session_lives_half_an_hour_to_a_day(stripe: StandIn, seconds: int, words: str) -> None:
    at = int(clock.now().timestamp()) + seconds

    answer = stripe.call("POST", "/checkout/sessions", SESSION | {"expires_at": at})

    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "expires_at")
    assert words in answer.json()["error"]["message"]
    stripe.set(least_lifetime=1)
    assert _open(stripe, expires_at=int(clock.now().timestamp()) + 10)["status"] == "open"


def test_an_intent_is_cancelled_once_and_a_pages_intent_not_at_all(stripe: StandIn) -> None:
    made = stripe.call("POST", "/payment_intents", INTENT).json()
    id_ = _open(stripe)["id"]
    stripe.fail(id_)

    cancelled = stripe.call("POST", f"/payment_intents/{made['id']}/cancel").json()
    refused = [made["id"], _intent(stripe, id_)["id"]]

    assert cancelled["status"] == "canceled"
    for intent in refused:
        answer = stripe.call("POST", f"/payment_intents/{intent}/cancel")
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "payment_intent_unexpected_state")


def test_refunds_never_exceed_the_charge(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]
    stripe.pay(id_)
    intent = _intent(stripe, id_)["id"]

    with ThreadPoolExecutor(8) as pool:
        form = {"payment_intent": intent, "amount": 2000}
        answers = list(pool.map(lambda _: stripe.call("POST", "/refunds", form), range(8)))
    rest = stripe.call("POST", "/refunds", {"payment_intent": intent})
    none = stripe.call("POST", "/refunds", {"payment_intent": intent})

    assert sorted(answer.status_code for answer in answers) == [200, 200, *[400] * 6]
    assert (rest.json()["amount"], none.json()["error"]["code"]) == (1000, "charge_already_refunded")
    charge = stripe.events[-1]["data"]["object"]
    assert stripe.events[-1]["type"] == "charge.refunded"
    assert (charge["amount_refunded"], charge["refunded"], charge["payment_intent"]) == (5000, True, intent)
    assert charge["metadata"] == {"paymentId": "p1"}


def test_what_was_not_paid_is_not_refunded(stripe: StandIn) -> None:
    made = stripe.call("POST", "/payment_intents", INTENT).json()

    answer = stripe.call("POST", "/refunds", {"payment_intent": made["id"]})

    assert answer.status_code == 400
    assert "does not have a successful charge to refund" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("form", "code", "param"),
    [
        ({"amount": 5000}, "parameter_missing", "currency"),
        (INTENT | {"amount": "12.5"}, "parameter_invalid_integer", "amount"),
        (INTENT | {"amount": 49}, "amount_too_small", "amount"),
        (INTENT | {"amount": 10**8}, "amount_too_large", "amount"),
        (INTENT | {"amont": 1}, "parameter_unknown", "amont"),
        (INTENT | {"currency": "usd"}, None, "currency"),
        (INTENT | {"metadata": "x"}, None, "metadata"),
        (INTENT | {"metadata[a]": "x" * 501}, None, "metadata[a]"),
        (INTENT | {"amount[x]": 1}, None, "amount[x]"),
    ],
)
def test_a_bad_parameter_is_named(stripe: StandIn, form: dict[str, Any], code: str | None, param: str) -> None:
    answer = stripe.call("POST", "/payment_intents", form)

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error.get("code")) == (400, "invalid_request_error", code)
    assert error["param"].startswith(param) or param.startswith(error["param"])
    assert stripe.call("GET", "/payment_intents").json()["data"] == []


def test_a_bad_parameter_within_brackets_is_named(stripe: StandIn) -> None:
    answer = stripe.call("POST", "/checkout/sessions", SESSION | {"line_items[0][price_data][unit_amount]": "x"})

    assert answer.json()["error"]["param"] == "line_items[0][price_data][unit_amount]"


@pytest.mark.parametrize("key", ["", "Basic abc", "Bearer", "Bearer sk_live_abc", "Bearer pk_test_abc"])
def test_a_wrong_key_is_refused(stripe: StandIn, key: str) -> None:
    answer = stripe.call("GET", "/payment_intents", Authorization=key)

    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")


@pytest.mark.parametrize(("method", "path"), [("GET", "/payment_intents/pi_1"), ("GET", "/coffee"), ("PUT", "/events")])
def test_what_is_not_there_is_not_found(stripe: StandIn, method: str, path: str) -> None:
    answer = stripe.call(method, path)

    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    assert requests.get(f"{stripe.url}/c/pay/cs_test_1", timeout=5).status_code == 404


def test_a_key_brings_the_first_answer_again(stripe: StandIn) -> None:
    first = stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k")
    second = stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k")

    assert first.json() == second.json()
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")
    assert len(stripe.call("GET", "/payment_intents").json()["data"]) == 1


@pytest.mark.parametrize(("path", "form"), [("/payment_intents", INTENT | {"amount": 5001}), ("/refunds", {})])
def test_a_key_is_for_one_request(stripe: StandIn, path: str, form: dict[str, Any]) -> None:
    stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k")

    answer = stripe.call("POST", path, form, Idempotency_Key="k")

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


def test_a_key_keeps_what_was_refused_but_not_what_was_malformed(stripe: StandIn) -> None:
    stripe.call("POST", "/payment_intents", {"amount": 1}, Idempotency_Key="malformed")
    id_ = _open(stripe)["id"]
    stripe.call("POST", f"/checkout/sessions/{id_}/expire", Idempotency_Key="refused")
    form = {"payment_intent": "pi_none"}

    refused = [stripe.call("POST", "/refunds", form, Idempotency_Key="none").headers for _ in range(2)]

    assert ["Idempotent-Replayed" in headers for headers in refused] == [False, True]
    assert stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="malformed").status_code == 200


def test_a_key_under_way_is_in_use(stripe: StandIn) -> None:
    def repeat() -> dict[str, Any]:
        return stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k").json()

    _, body, _ = stripe.parts.keys.run("k", "/v1/payment_intents", INTENT, repeat)

    assert body["error"]["code"] == "idempotency_key_in_use"


def test_lists_have_pages_and_filters(stripe: StandIn) -> None:
    ids = [stripe.call("POST", "/payment_intents", INTENT).json()["id"] for _ in range(3)][::-1]
    now = int(clock.now().timestamp())

    first = stripe.call("GET", "/payment_intents?limit=2").json()
    second = stripe.call("GET", f"/payment_intents?limit=2&starting_after={ids[1]}").json()
    none = stripe.call("GET", f"/payment_intents?created[gte]={now + 1}").json()
    all_ = stripe.call("GET", f"/payment_intents?created[gte]={now - 60}&created[lt]={now + 1}").json()

    assert ([intent["id"] for intent in first["data"]], first["has_more"]) == (ids[:2], True)
    assert ([intent["id"] for intent in second["data"]], second["has_more"]) == (ids[2:], False)
    assert ([len(found["data"]) for found in (none, all_)], first["url"]) == ([0, 3], "/v1/payment_intents")
    assert stripe.call("GET", "/payment_intents?limit=101").status_code == 400


def test_a_session_is_found_by_its_intent(stripe: StandIn) -> None:
    ids = [_open(stripe)["id"] for _ in range(2)]
    stripe.pay(ids[0])

    found = stripe.call("GET", f"/checkout/sessions?payment_intent={_intent(stripe, ids[0])['id']}").json()

    assert [session["id"] for session in found["data"]] == ids[:1]


def test_events_are_listed_as_they_were(stripe: StandIn) -> None:
    id_ = _open(stripe)["id"]
    stripe.promise(id_)
    stripe.settle(id_)

    (completed,) = stripe.call("GET", "/events?type=checkout.session.completed").json()["data"]

    assert completed == stripe.call("GET", f"/events/{completed['id']}").json()
    assert completed["data"]["object"]["payment_status"] == "unpaid"


def test_a_webhook_that_is_not_taken_comes_again(stripe: StandIn, listener: Listener) -> None:
    stripe.set(webhook_url=f"{listener.url}/hook?a=1")
    listener.statuses.extend([500, 302, 404])

    stripe.pay(_open(stripe)["id"])
    stripe.wait_until_delivered()

    assert len(listener.requests) == 5
    assert {posted.path for posted in listener.requests} == {"/hook?a=1"}
    assert len({posted.body for posted in listener.requests}) == 2


def test_webhooks_can_be_kept_back_and_sent_by_hand(stripe: StandIn, listener: Listener) -> None:
    stripe.set(webhook_url=listener.url, deliver=False)
    stripe.pay(_open(stripe)["id"])
    succeeded, completed = stripe.events

    assert [stripe.deliver(event) for event in (completed, completed)] == [200, 200]
    assert len(listener.requests) == 2
    stripe.set(deliver=True)
    stripe.wait_until_delivered()

    assert len(listener.requests) == 4
    assert succeeded["id"].encode() in listener.requests[2].body


@pytest.mark.parametrize(
    ("when", "made", "replayed"), [("before", 1, None), ("within", 0, "true"), ("after", 1, "true")]
)
def test_a_failure_can_be_had_at_any_moment(stripe: StandIn, when: str, made: int, replayed: str | None) -> None:
    stripe.set(fail_next=1, when=when, only="POST /v1/payment_intents")
    assert stripe.call("GET", "/payment_intents").status_code == 200

    first = stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k")
    second = stripe.call("POST", "/payment_intents", INTENT, Idempotency_Key="k")

    assert (first.status_code, first.json()["error"]["type"]) == (500, "api_error")
    assert second.headers.get("Idempotent-Replayed") == replayed
    assert len(stripe.call("GET", "/payment_intents").json()["data"]) == made


def test_an_answer_can_be_none_at_all(stripe: StandIn) -> None:
    stripe.set(fail_next=1, status=0, when="after")

    with pytest.raises(requests.ConnectionError):
        stripe.call("POST", "/payment_intents", INTENT)

    assert len(stripe.call("GET", "/payment_intents").json()["data"]) == 1


@pytest.mark.parametrize("given", [{"fail_nxt": 1}, {"fail_next": "1"}, {"fail_next": True}, {"when": "never"}])
def test_an_unknown_setting_is_refused(stripe: StandIn, given: dict[str, Any]) -> None:
    before = requests.get(f"{stripe.url}/_test/settings", timeout=5).json()

    assert requests.post(f"{stripe.url}/_test/settings", json=given, timeout=5).status_code == 400
    assert requests.get(f"{stripe.url}/_test/settings", timeout=5).json() == before


def test_all_of_it_outlives_a_restart(tmp_path: Path) -> None:
    first = Parts(Settings(), webhook_secret="whsec_1", file=tmp_path / "stripe.json")
    with first.store.open():
        made = first.account.create_intent({"amount": 5000, "metadata": {}})
        first.account.cancel_intent(made["id"], reason=None)

    second = Parts(Settings(), webhook_secret="whsec_2", file=tmp_path / "stripe.json")

    assert second.store.get("payment_intents", made["id"]) == made
    assert [event["type"] for event in second.store.all("events")] == ["payment_intent.canceled"]
    assert [path.name for path in tmp_path.iterdir()] == ["stripe.json"]
