"""A merchant's webhooks: registered, called with a signature, seen and replayed by the merchant alone."""

import hashlib
import hmac
import json
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
import trustme
from bson import ObjectId
from flask import Flask

from paytm import clock
from paytm.notify import addresses, deliveries, relay
from paytm.notify.relay import Relay
from paytm.notify.webhook import Webhooks
from paytm.user import roles
from tests.api.stored import count, stored
from tests.conftest import caller
from tests.people import Answer, Call, Person, sign_up
from tests.receivers import Listener
from tests.telling import hush, pay, relay_of, work


@pytest.fixture
def shop_call(app: Flask, make_app: Callable[..., Flask]) -> Call:
    """Call an application that allows private addresses, as a developer's does."""
    return caller(make_app(WEBHOOK_ALLOW_PRIVATE="true").test_client())


@pytest.fixture
def shop(shop_call: Call) -> Person:
    """A merchant."""
    person = sign_up(shop_call, "Chai", "Stall")
    roles.grant(person.username, "merchant")
    hush()
    return person


@pytest.fixture
def buyer(shop_call: Call) -> Person:
    return sign_up(shop_call, "Asha", "Rao")


@pytest.fixture
def courier(app: Flask, tmp_path: Path) -> Relay:
    return relay_of(app, DATA_DIR=tmp_path)


def _register(person: Person, url: str, **body: Any) -> Answer:
    return person.call("POST", "/webhook", json={"url": url, **body}, headers=person.headers)


def _post(person: Person, path: str) -> Answer:
    return person.call("POST", path, headers=person.headers)


def _deliveries(person: Person, endpoint: str) -> list[dict[str, Any]]:
    answer = person.get(f"/webhook/{endpoint}/deliveries")
    assert answer.status == 200, answer
    found: list[dict[str, Any]] = answer.body["deliveries"]
    return found


def test_a_merchant_registers_a_url_and_sees_its_secret_once(shop: Person, listener: Listener) -> None:
    answer = _register(shop, f"{listener.url}/hook")

    assert (answer.status, answer.body["url"]) == (201, f"{listener.url}/hook")
    assert answer.body["secret"].startswith("whsec_")
    assert len(answer.body["secret"]) > 40
    (listed,) = shop.get("/webhook").body["webhooks"]
    assert listed == {name: answer.body[name] for name in ("id", "url", "events", "createdAt")}


def test_only_a_merchant_may(buyer: Person, listener: Listener) -> None:
    assert _register(buyer, listener.url).status == 403
    assert buyer.get("/webhook").status == 403


def test_a_payment_is_posted_with_a_signature_that_fits(
    shop: Person, buyer: Person, listener: Listener, courier: Relay
) -> None:
    secret = _register(shop, f"{listener.url}/hook?shop=1").body["secret"]
    event = pay(buyer, shop, 20.5, note="chai ☕")

    work(courier)

    (posted,) = listener.requests
    stamp, _, signature = posted.headers["Paytm-Signature"].partition(",v1=")
    signed = stamp.removeprefix("t=").encode() + b"." + posted.body
    assert signature == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert abs(int(stamp.removeprefix("t=")) - clock.now().timestamp()) < 60
    assert (posted.path, posted.headers["Paytm-Event"]) == ("/hook?shop=1", str(event))
    assert posted.headers["Host"] == f"localhost:{listener.port}"
    body = json.loads(posted.body)
    assert (body["type"], body["data"]["amount"], body["data"]["direction"]) == ("transaction.completed", 20.5, "in")


def test_each_attempt_is_signed_anew(
    shop: Person, buyer: Person, listener: Listener, courier: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    _register(shop, listener.url)
    listener.statuses.append(500)
    pay(buyer, shop, 1)
    work(courier)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=11))

    work(courier)

    first, second = listener.requests
    assert first.headers["Paytm-Signature"] != second.headers["Paytm-Signature"]
    assert first.body == second.body
    assert first.headers["Paytm-Delivery"] == second.headers["Paytm-Delivery"]


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 410, 500, 503])
def test_anything_but_a_2xx_is_tried_again_and_no_redirect_is_followed(
    shop: Person, buyer: Person, listener: Listener, courier: Relay, status: int
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    listener.statuses.append(status)
    pay(buyer, shop, 1)

    work(courier)

    assert len(listener.requests) == 1
    (delivery,) = _deliveries(shop, endpoint)
    assert (delivery["state"], delivery["attempts"], delivery["reason"]) == ("due", 1, f"status {status}")


def test_an_answer_that_never_ends_is_given_up(shop: Person, buyer: Person, listener: Listener) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    listener.goes_on.clear()
    pay(buyer, shop, 1)
    begun = monotonic()

    work(Relay({"webhook": Webhooks(allow_private=True, answer_seconds=0.3)}, per_second=1e6))

    assert monotonic() - begun < 5
    assert _deliveries(shop, endpoint)[0]["state"] == "due"


def test_an_answer_that_drips_is_given_up(shop: Person, buyer: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor(1) as pool:
        endpoint = _register(shop, f"http://127.0.0.1:{server.getsockname()[1]}").body["id"]
        pay(buyer, shop, 1)
        dripped = pool.submit(_drip, server)

        work(Relay({"webhook": Webhooks(allow_private=True, answer_seconds=0.5)}, per_second=1e6))

        assert dripped.result(timeout=10) < 100
    assert _deliveries(shop, endpoint)[0]["state"] == "due"


def _drip(server: socket.socket) -> int:
    """Answer a byte now and then, and return how many were taken."""
    connection, _ = server.accept()
    connection.settimeout(0.1)
    with connection:
        for sent in range(100):
            try:
                connection.sendall(b"H")
                while connection.recv(4096):
                    pass
                return sent
            except TimeoutError:
                continue
            except OSError:
                return sent
    return 100


def test_an_endpoint_that_fails_is_not_asked_for_each_event(
    shop: Person, buyer: Person, listener: Listener, courier: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    monkeypatch.setattr(deliveries, "pause", lambda attempts: 60)
    listener.statuses.append(503)
    for _ in range(5):
        pay(buyer, shop, 1)

    work(courier)

    assert len(listener.requests) == 1
    assert [delivery["attempts"] for delivery in _deliveries(shop, endpoint)] == [0, 0, 0, 0, 1]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=61))
    work(courier)
    assert len(listener.requests) == 6


def test_what_waited_for_days_for_a_failing_endpoint_is_dead(
    shop: Person, buyer: Person, listener: Listener, courier: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    for _ in range(3):
        pay(buyer, shop, 1)
    courier.fan_out()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=4))
    listener.statuses.append(503)

    work(courier)

    assert [delivery["state"] for delivery in _deliveries(shop, endpoint)] == ["dead"] * 3


def test_nobody_there_is_tried_again(shop: Person, buyer: Person, listener: Listener, courier: Relay) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    listener.stop()
    pay(buyer, shop, 1)

    work(courier)

    assert _deliveries(shop, endpoint)[0]["reason"] == "ConnectionRefusedError"


@pytest.fixture
def secure(listener: Listener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Listener]:
    """Give the listener a certificate for a host, by an authority that this process believes in."""

    def certify(host: str) -> Listener:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        listener.server.socket = context.wrap_socket(
            listener.server.socket, server_side=True, do_handshake_on_connect=False
        )
        listener.scheme = "https"
        return listener

    return certify


@pytest.mark.parametrize(
    ("host", "state", "reason"),
    [("localhost", "sent", None), ("elsewhere.example", "due", "SSLCertVerificationError")],
)
def test_tls_is_verified_for_the_hosts_name(
    shop: Person,
    buyer: Person,
    secure: Callable[[str], Listener],
    app: Flask,
    tmp_path: Path,
    host: str,
    state: str,
    reason: str | None,
) -> None:
    endpoint = _register(shop, secure(host).url).body["id"]
    pay(buyer, shop, 1)

    work(relay_of(app, DATA_DIR=tmp_path))

    (delivery,) = _deliveries(shop, endpoint)
    assert (delivery["state"], delivery.get("reason")) == (state, reason)


PRIVATE = [
    "https://localhost/hook",
    "https://127.0.0.1",
    "https://127.1",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://172.16.3.4:8443/",
    "https://192.168.1.1/",
    "https://100.64.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://168.63.129.16/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[fe80::1]/",
    "https://[fd00:ec2::254]/",
    "https://[ff02::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:a9fe:a9fe]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
]


@pytest.fixture
def merchant(asha: Person) -> Person:
    """A merchant of an application with the default settings."""
    roles.grant(asha.username, "merchant")
    return asha


def test_a_private_address_cannot_be_registered(merchant: Person) -> None:
    for url in PRIVATE:
        answer = _register(merchant, url)

        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), url
        assert "not public" in answer.body["errors"]["url"][0], url

    assert count("webhook_endpoints") == 0


@pytest.mark.parametrize("url", ["https://93.184.216.34/hook", "https://[2606:2800:220:1::1]:8443/hook?a=b"])
def test_a_public_address_can(merchant: Person, url: str) -> None:
    assert _register(merchant, url).status == 201


BAD_URLS = [
    "",
    "hook",
    "//example.com/hook",
    "http://93.184.216.34/hook",
    "ftp://93.184.216.34/",
    "file:///etc/passwd",
    "gopher://93.184.216.34/",
    "https://",
    "https:///hook",
    "https://user:password@93.184.216.34/",
    "https://user@93.184.216.34/",
    "https://93.184.216.34:0/",
    "https://93.184.216.34:99999/",
    "https://93.184.216.34/\r\nHost: inside",
    "https://93.184.216.34/a b",
    "https://exämple.com/",
    "https://[::1",
    "https://example.com/" + "a" * 2048,
]


def test_what_is_no_public_https_url_cannot_be_registered(merchant: Person) -> None:
    for url in BAD_URLS:
        answer = _register(merchant, url)

        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), url
        assert list(answer.body["errors"]) == ["url"]


def test_a_name_that_leads_inside_later_is_not_connected_to(
    shop: Person, buyer: Person, listener: Listener, app: Flask, tmp_path: Path
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    pay(buyer, shop, 1)

    work(relay.of({**app.config, "DATA_DIR": tmp_path, "DELIVERIES_PER_SECOND": 1e6, "WEBHOOK_ALLOW_PRIVATE": False}))

    assert listener.requests == []
    assert _deliveries(shop, endpoint)[0]["reason"] == "the address is not public"


def test_a_name_is_looked_up_once_and_connected_to_as_found(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, listener.port))] for address in ("127.0.0.1",)]
    monkeypatch.setattr(socket, "getaddrinfo", _only_for("rebinding.example", answers))

    with addresses.connect("rebinding.example", listener.port, allow_private=True, timeout=5) as connection:
        assert connection.getpeername() == ("127.0.0.1", listener.port)
    assert answers == []


def _only_for(name: str, answers: list[Any]) -> Callable[..., Any]:
    look_up = socket.getaddrinfo

    def answer(host: str, *arguments: Any, **options: Any) -> Any:
        return answers.pop() if host == name else look_up(host, *arguments, **options)

    return answer


def test_one_private_address_among_public_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(addresses.Refused):
        addresses.resolve("mixed.example", 443, allow_private=False)


@pytest.mark.parametrize("events", [[], ["weather.changed"], "transaction.completed", [None], [{"$ne": 1}]])
def test_events_are_known_ones(merchant: Person, events: Any) -> None:
    assert _register(merchant, "https://93.184.216.34/", events=events).status == 400


def test_an_endpoint_hears_the_chosen_events_only(
    shop: Person, buyer: Person, listener: Listener, courier: Relay
) -> None:
    _register(shop, listener.url, events=["request.created"])
    pay(buyer, shop, 1)

    work(courier)

    assert listener.requests == []


def test_there_are_ten_endpoints_at_most_however_fast_they_come(merchant: Person) -> None:
    with ThreadPoolExecutor(4) as pool:
        urls = [f"https://93.184.216.34/{number}" for number in range(13)]
        answers = list(pool.map(lambda url: _register(merchant, url), urls))

    assert sorted(answer.status for answer in answers) == [201] * 10 + [409] * 3
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"too_many_endpoints"}
    first = merchant.get("/webhook").body["webhooks"][0]["id"]
    assert merchant.call("DELETE", f"/webhook/{first}", headers=merchant.headers).status == 204
    assert _register(merchant, "https://93.184.216.34/").status == 201


def test_a_deleted_endpoint_is_told_nothing_more(
    shop: Person, buyer: Person, listener: Listener, courier: Relay
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    pay(buyer, shop, 1)
    courier.fan_out()

    assert shop.call("DELETE", f"/webhook/{endpoint}", headers=shop.headers).status == 204
    work(courier)

    assert listener.requests == []
    assert shop.get("/webhook").body["webhooks"] == []
    assert shop.get(f"/webhook/{endpoint}/deliveries").status == 404


def test_deliveries_come_in_pages_newest_first(shop: Person, buyer: Person, listener: Listener, courier: Relay) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    events = [str(pay(buyer, shop, 1)) for _ in range(3)]
    work(courier)

    first = shop.get(f"/webhook/{endpoint}/deliveries?limit=2").body
    second = shop.get(f"/webhook/{endpoint}/deliveries?limit=2&cursor={first['nextCursor']}").body

    assert [delivery["event"] for delivery in first["deliveries"] + second["deliveries"]] == events[::-1]
    assert second["nextCursor"] is None
    assert first["deliveries"][0]["state"] == "sent"
    assert "content" not in first["deliveries"][0]


def test_a_delivery_is_replayed_as_it_was(shop: Person, buyer: Person, listener: Listener, courier: Relay) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    pay(buyer, shop, 1)
    work(courier)
    delivery = _deliveries(shop, endpoint)[0]["id"]

    assert _post(shop, f"/webhook/deliveries/{delivery}/replay").status == 202
    assert _deliveries(shop, endpoint)[0]["state"] == "due"
    work(courier)

    first, second = listener.requests
    assert first.body == second.body
    assert first.headers["Paytm-Event"] == second.headers["Paytm-Event"]


def test_another_merchants_webhooks_do_not_exist(
    shop: Person, shop_call: Call, buyer: Person, listener: Listener, courier: Relay
) -> None:
    endpoint = _register(shop, listener.url).body["id"]
    pay(buyer, shop, 1)
    work(courier)
    delivery = _deliveries(shop, endpoint)[0]["id"]
    other = sign_up(shop_call)
    roles.grant(other.username, "merchant")
    before = stored("webhook_endpoints", "deliveries")

    answers = [
        other.get(f"/webhook/{endpoint}/deliveries"),
        other.call("DELETE", f"/webhook/{endpoint}", headers=other.headers),
        _post(other, f"/webhook/deliveries/{delivery}/replay"),
        other.get(f"/webhook/{ObjectId()}/deliveries"),
        other.get("/webhook/nonsense/deliveries"),
        _post(other, "/webhook/deliveries/nonsense/replay"),
    ]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "not_found")}
    assert stored("webhook_endpoints", "deliveries") == before


def test_ones_own_mail_cannot_be_replayed_as_a_webhook(
    shop: Person, buyer: Person, listener: Listener, courier: Relay
) -> None:
    event = pay(buyer, shop, 1)
    work(courier)

    assert _post(shop, f"/webhook/deliveries/{event}.email.{shop.id}/replay").status == 404
