"""What a test, or a curious developer, may make the stand-in do: fail, wait, keep its webhooks back."""

import dataclasses
import threading
from typing import Any

from paytm.dev.stripe import refusals

BEFORE, WITHIN, AFTER = "before", "within", "after"
_CHOICES = {"when": (BEFORE, WITHIN, AFTER)}


@dataclasses.dataclass(frozen=True)
class Settings:
    """How the stand-in behaves.

    :param deliver: whether webhooks are sent; what happens meanwhile is sent later.
    :param webhook_url: where they go.
    :param least_lifetime: seconds that a Checkout Session has to be open at least.
    :param fail_next: how many of the next API requests fail.
    :param status: with which status these fail; 0 for a connection that ends without an answer.
    :param when: ``before`` anything is done; ``within``, so that nothing is done and the idempotency key keeps the
        failure, as Stripe's keep a 500; ``after`` everything is done, so that the answer alone is lost.
    :param only: which requests fail and wait, by the beginning of ``POST /v1/refunds``; all if it is empty.
    :param delay_seconds: how long each API request waits before anything is done.
    """

    deliver: bool = True
    webhook_url: str = ""
    least_lifetime: int = 30 * 60
    fail_next: int = 0
    status: int = 500
    when: str = BEFORE
    only: str = ""
    delay_seconds: float = 0.0


class Unanswered(ConnectionError):
    """Ends the connection: the server takes it for a client that is gone."""


@dataclasses.dataclass(frozen=True)
class Fault:
    """What goes wrong with one request."""

    delay: float = 0.0
    when: str | None = None
    status: int = 0

    def strike(self, when: str) -> None:
        """Fail, if this is when to.

        :raises Refusal: the failure.
        :raises Unanswered: it is to be none at all.
        """
        if when == self.when:
            if self.status == 0:
                raise Unanswered
            raise refusals.injected(self.status)


class Controls:
    """The settings, which change while requests are under way."""

    def __init__(self, settings: Settings) -> None:
        self._lock = threading.Lock()
        self._settings = settings

    @property
    def settings(self) -> Settings:
        """How it behaves now."""
        return self._settings

    def change(self, given: dict[str, Any]) -> Settings:
        """Change some settings, and return all.

        :raises ValueError: there is no such setting, or it cannot have this value.
        """
        fields = {field.name: field.type for field in dataclasses.fields(Settings)}
        for name, value in given.items():
            wanted: Any = (int, float) if fields.get(name) is float else fields.get(name)
            if wanted is None or (isinstance(value, bool) and wanted is not bool) or not isinstance(value, wanted):
                raise ValueError(name)
            if value not in _CHOICES.get(name, [value]):
                raise ValueError(name)
        with self._lock:
            self._settings = dataclasses.replace(self._settings, **given)
            return self._settings

    def fault(self, request: str) -> Fault:
        """Return what goes wrong with a request, ``POST /v1/refunds`` for example, and count it."""
        with self._lock:
            now = self._settings
            if not request.startswith(now.only):
                return Fault()
            if now.fail_next < 1:
                return Fault(delay=now.delay_seconds)
            self._settings = dataclasses.replace(now, fail_next=now.fail_next - 1)
            return Fault(delay=now.delay_seconds, when=now.when, status=now.status)
