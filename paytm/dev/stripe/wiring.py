"""The parts of the stand-in, put together."""

import threading
from pathlib import Path
from typing import cast

from flask import current_app

from paytm.dev.stripe.account import Account
from paytm.dev.stripe.controls import Controls, Settings
from paytm.dev.stripe.idempotency import Keys
from paytm.dev.stripe.store import Store
from paytm.dev.stripe.webhooks import Webhooks

EXTENSION = "stand_in"
_TICK_SECONDS = 1.0


class Parts:
    """One Stripe account, and what belongs to it.

    :param webhook_secret: the endpoint's, ``whsec_…``.
    :param file: where it is kept from run to run.
    :param webhook_pause: seconds until a webhook is sent for the second time.
    """

    def __init__(
        self, settings: Settings, *, webhook_secret: str, file: Path | None = None, webhook_pause: float = 1.0
    ) -> None:
        self.controls = Controls(settings)
        self.store = Store(file)
        self.webhooks = Webhooks(self.store, self.controls, secret=webhook_secret, pause=webhook_pause)
        self.account = Account(self.store, self.webhooks.put)
        self.keys = Keys(self.store)
        self._stopped = threading.Event()
        self._clock = threading.Thread(target=self._tick, daemon=True)

    def start(self) -> None:
        """Let webhooks go out, and sessions expire."""
        self.webhooks.start()
        self._clock.start()

    def stop(self) -> None:
        """End its threads."""
        self._stopped.set()
        self._clock.join()
        self.webhooks.stop()

    def _tick(self) -> None:
        while not self._stopped.wait(_TICK_SECONDS):
            with self.store.open():
                self.account.expire_due()


def here() -> Parts:
    """Return those of the application that answers."""
    return cast(Parts, current_app.extensions[EXTENSION])
