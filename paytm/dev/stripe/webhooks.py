"""The stand-in's webhooks: events posted with Stripe's signature, until somebody answers with a 2xx."""

import contextlib
import hashlib
import hmac
import http.client
import json
import threading
from heapq import heappop, heappush
from time import monotonic
from urllib.parse import urlsplit

from paytm.dev.stripe import objects
from paytm.dev.stripe.controls import Controls
from paytm.dev.stripe.refusals import Refusal
from paytm.dev.stripe.store import Store

_ANSWER_SECONDS = 10.0
# Stripe goes on for three days; here it is some twenty minutes.
_ATTEMPTS = 12
_LONGEST_PAUSE = 300.0


def sign(body: bytes, *, secret: str, at: int) -> str:
    """Return the ``Stripe-Signature`` of a body; ``at`` is Unix time in seconds."""
    digest = hmac.new(secret.encode(), b"%d.%b" % (at, body), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Webhooks:
    """Sends events, one after the other, from a thread of its own.

    :param secret: the endpoint's, ``whsec_…``.
    :param pause: seconds until the second attempt; each further pause is twice as long.
    """

    def __init__(self, store: Store, controls: Controls, *, secret: str, pause: float) -> None:
        self._store = store
        self._controls = controls
        self._secret = secret
        self._pause = pause
        # When to send which event for the how manieth time.
        self._due: list[tuple[float, int, str]] = []
        self._changed = threading.Condition()
        self._stopped = False
        for event in reversed(store.all("events")):
            if event["pending_webhooks"]:
                self.put(event["id"])
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Send no more, and wait for the one under way."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def put(self, event_id: str, *, attempt: int = 0) -> None:
        """Send an event, at once if it is its first attempt."""
        pause = min(self._pause * 2 ** (attempt - 1), _LONGEST_PAUSE) if attempt else 0
        with self._changed:
            heappush(self._due, (monotonic() + pause, attempt, event_id))
            self._changed.notify()

    def wake(self) -> None:
        """Look at the settings anew."""
        with self._changed:
            self._changed.notify()

    def signed(self, event_id: str) -> tuple[bytes, dict[str, str]]:
        """Return the body and the headers with which an event is sent now.

        :raises Refusal: 404, there is no such event.
        """
        with self._store.lock:
            body = json.dumps(self._store.get("events", event_id), indent=2).encode()
        signature = sign(body, secret=self._secret, at=objects.now())
        return body, {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}

    def post(self, event_id: str) -> int:
        """Send an event now, whether it was sent before or not.

        :returns: the answer's status; 0 if there was none.
        :raises Refusal: 404, there is no such event.
        """
        body, headers = self.signed(event_id)
        try:
            url = urlsplit(self._controls.settings.webhook_url)
            path = url._replace(scheme="", netloc="").geturl() or "/"
            kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
            connection = kind(url.hostname or "", url.port, timeout=_ANSWER_SECONDS)
            with contextlib.closing(connection):
                connection.request("POST", path, body, headers | {"User-Agent": "Stripe/1.0"})
                with connection.getresponse() as response:
                    return response.status
        except (OSError, http.client.HTTPException, ValueError):
            return 0

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and not self._is_due():
                    self._changed.wait(self._due[0][0] - monotonic() if self._due and self._may_send() else None)
                if self._stopped:
                    return
                _, attempt, event_id = heappop(self._due)
            self._send(event_id, attempt + 1)

    def _may_send(self) -> bool:
        settings = self._controls.settings
        return settings.deliver and bool(settings.webhook_url)

    def _is_due(self) -> bool:
        return self._may_send() and bool(self._due) and self._due[0][0] <= monotonic()

    def _send(self, event_id: str, attempt: int) -> None:
        # An event that is too old to be kept is not sent any more.
        with contextlib.suppress(Refusal):
            taken = 200 <= self.post(event_id) < 300
            if not taken and attempt < _ATTEMPTS:
                self.put(event_id, attempt=attempt)
                return
            with self._store.open():
                event = self._store.get("events", event_id)
                self._store.put("events", event_id, event | {"pending_webhooks": 0})
