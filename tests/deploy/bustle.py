"""What people do besides paying each other: they shop, and write, and repeat what has no definite answer."""

import random
import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from time import monotonic
from types import TracebackType
from typing import Any, Self

import requests

from tests.faults.retrying import insist
from tests.ordering import act, order
from tests.people import Answer, Call, Person
from tests.talking import ask, write

_REST_SECONDS = 0.05


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


class Bustle:
    """Runs each of some rounds again and again, in a thread of its own, while the block does.

    :ivar done: how many rounds there were.
    """

    def __init__(self, *rounds: Callable[[], None]) -> None:
        self.done = 0
        self._rounds = rounds
        self._over = Event()
        self._pool = ThreadPoolExecutor(len(rounds))
        self._running: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._running = [self._pool.submit(self._repeat, do) for do in self._rounds]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._pool.shutdown()
        if error is None:
            for running in self._running:
                running.result()

    def _repeat(self, do: Callable[[], None]) -> None:
        while not self._over.wait(_REST_SECONDS):
            do()
            self.done += 1


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
