"""Stripe's stand-in on a port of its own, and whoever sits before its Checkout page."""

from threading import Event
from time import monotonic
from typing import Any

import requests

from paytm.dev.stripe.controls import Settings
from paytm.dev.stripe.server import Server
from paytm.dev.stripe.wiring import Parts
from paytm.payment.gateway import Gateway

_SECONDS = 30


class StandIn:
    """One Stripe account."""

    key = "sk_test_of_a_test"
    secret = "whsec_of_a_test"

    def __init__(self) -> None:
        self.parts = Parts(Settings(), webhook_secret=self.secret, webhook_pause=0.02)
        self._server = Server(self.parts)

    def start(self) -> "StandIn":
        self._server.start()
        return self

    def stop(self) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def settings(self) -> dict[str, str]:
        """What leads an application here, as the environment has it."""
        return {
            "STRIPE_SECRET_KEY": self.key,
            "STRIPE_WEBHOOK_SECRET": self.secret,
            "STRIPE_API_URL": self.url,
            "STRIPE_TIMEOUT": "5",
        }

    def gateway(self, **options: Any) -> Gateway:
        return Gateway(self.key, url=self.url, **options)

    def set(self, **settings: Any) -> None:
        """Make it behave otherwise; see ``paytm.dev.stripe.controls.Settings``."""
        answer = requests.post(f"{self.url}/_test/settings", json=settings, timeout=_SECONDS)
        assert answer.status_code == 200, answer.text

    def call(self, method: str, path: str, form: dict[str, Any] | None = None, **headers: str) -> requests.Response:
        """Make a request of the API, as curl does; ``Idempotency_Key="…"`` is a header."""
        sent = {"Authorization": f"Bearer {self.key}"} | {name.replace("_", "-"): headers[name] for name in headers}
        return requests.request(method, f"{self.url}/v1{path}", data=form, headers=sent, timeout=_SECONDS)

    def page(self, session_id: str) -> str:
        """Look at a Checkout page."""
        return requests.get(f"{self.url}/c/pay/{session_id}", timeout=_SECONDS).text

    def choose(self, session_id: str, choice: str) -> requests.Response:
        """Press a button of a Checkout page; redirects are not followed."""
        url = f"{self.url}/c/pay/{session_id}"
        return requests.post(url, data={"choice": choice}, allow_redirects=False, timeout=_SECONDS)

    def pay(self, session_id: str) -> str:
        """Pay, and return where that leads."""
        answer = self.choose(session_id, "pay")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def fail(self, session_id: str) -> None:
        """Try a card that is declined."""
        assert "Your card was declined" in self.choose(session_id, "fail").text

    def promise(self, session_id: str) -> None:
        """Pay by a bank transfer, which comes later …"""
        assert self.choose(session_id, "promise").status_code == 303

    def settle(self, session_id: str) -> None:
        """… and comes now."""
        assert "This is paid" in self.choose(session_id, "settle").text

    @property
    def events(self) -> list[dict[str, Any]]:
        """All that has happened, oldest first."""
        with self.parts.store.lock:
            return self.parts.store.all("events")[::-1]

    def webhook(self, event: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
        """Return body and headers with which an event is posted now, for a test that posts it itself."""
        return self.parts.webhooks.signed(event["id"])

    def deliver(self, event: dict[str, Any]) -> int:
        """Post an event to ``webhook_url`` once more, now, and return the answer's status; 0 for none."""
        answer = requests.post(f"{self.url}/_test/deliver/{event['id']}", timeout=_SECONDS)
        return int(answer.json()["status"])

    def wait_until_delivered(self) -> None:
        """Wait until every event was taken."""
        pause, deadline = Event(), monotonic() + _SECONDS
        while any(event["pending_webhooks"] for event in self.events):
            assert monotonic() < deadline, "not all events were taken"
            pause.wait(0.01)
