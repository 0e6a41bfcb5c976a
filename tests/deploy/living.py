"""What people do besides paying each other: they shop, and write, and repeat what has no definite answer."""

import random
import secrets
from collections import Counter
from threading import Lock
from time import monotonic
from typing import Any

import requests

from tests.faults.retrying import insist
from tests.ordering import act, order
from tests.people import Answer, Call, Person
from tests.talking import ask, write


class Meter:
    """Counts the answers to all requests.

    :ivar statuses: how many of each; None for those without an answer.
    """

    def __init__(self, call: Call) -> None:
        self.statuses: Counter[int | None] = Counter()
        self._longest_gap = 0.0
        self._call = call
        self._lock = Lock()
        self._last: float | None = None

    def __call__(self, method: str, path: str, **request: Any) -> Answer:
        try:
            answer = self._call(method, path, **request)
        except requests.RequestException:
            self._count(None)
            raise
        self._count(answer.status)
        return answer

    def gap(self) -> float:
        """Return the longest time between two successes since this was last asked."""
        with self._lock:
            longest, self._longest_gap = self._longest_gap, 0.0
        return longest

    def _count(self, status: int | None) -> None:
        with self._lock:
            self.statuses[status] += 1
            if status in (200, 201):
                now = monotonic()
                self._longest_gap = max(self._longest_gap, now - (self._last or now))
                self._last = now


def shop(buyer: Person, seller: Person, product: str, chance: random.Random) -> None:
    """Buy something, and let what may follow follow: delivery, a change of mind, some money back."""
    key, method, items = secrets.token_hex(8), chance.choice(("wallet", "hold")), {product: chance.randint(1, 3)}
    made = insist(lambda: order(buyer, items, method, idempotencyKey=key))
    if made.status != 201:
        return
    if method == "hold":
        who, what = chance.choice(((seller, "capture"), (buyer, "cancel")))
        insist(lambda: act(who, made, what))
    elif chance.random() < 0.5:
        again = secrets.token_hex(8)
        insist(lambda: act(seller, made, "refund", idempotencyKey=again))


def chat(writer: Person, reader: Person) -> None:
    """Write, and be read."""
    client_id = secrets.token_hex(8)
    assert insist(lambda: write(writer, reader, clientId=client_id)).status == 201
    insist(lambda: ask(reader, "PUT", f"/mark/{writer.id}"))
