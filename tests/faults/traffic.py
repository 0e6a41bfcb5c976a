"""Transfers that go on while something breaks, and the proof that each of them came to what its client was told."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Event
from types import TracebackType
from typing import Self

from paytm import db
from tests.faults import retrying
from tests.people import Answer, Person

# More than anybody has: it is declined, and must never be in the ledger.
_TOO_MUCH = 1000


class Bustle:
    """People who do something again and again while the block runs, each in a thread of their own.

    :param rounds: what each of them does; it ends with a definite answer.
    :param pause: how long they rest after it, in seconds.
    :ivar done: how many rounds there were.
    """

    def __init__(self, *rounds: Callable[[], None], pause: float) -> None:
        self.done = 0
        self._rounds = rounds
        self._pause = pause
        self._over = Event()
        self._pool = ThreadPoolExecutor(len(rounds))
        self._clients: list[Future[None]] = []

    def __enter__(self) -> Self:
        self._clients = [self._pool.submit(self._repeat, do) for do in self._rounds]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._pool.shutdown()
        if error is None:
            for client in self._clients:
                client.result()

    def go_on(self, seconds: float) -> None:
        """Let them work for a while."""
        self._over.wait(seconds)

    def _repeat(self, do: Callable[[], None]) -> None:
        while not self._over.wait(self._pause):
            do()
            self.done += 1


class Traffic(Bustle):
    """People who pay the next one in a ring, each time with a new key.

    Four of five transfers are of one paisa and succeed; the fifth is of too much. When the block ends, every client
    repeats its last request until it has a definite answer.

    :ivar answers: the definite answer to each key.
    :ivar succeeded: set by each transfer that succeeds.
    """

    def __init__(self, *people: Person, pause: float = 0.01) -> None:
        self.answers: dict[str, Answer] = {}
        self.succeeded = Event()
        pairs = zip(people, people[1:] + people[:1], strict=True)
        super().__init__(*(partial(self._pay, *pair, count(1)) for pair in pairs), pause=pause)

    def __enter__(self) -> Self:
        super().__enter__()
        self.wait_for_success()
        return self

    def wait_for_success(self, seconds: float = 15) -> None:
        """Wait for the next transfer that succeeds."""
        self.succeeded.clear()
        assert self.succeeded.wait(seconds), f"no transfer succeeded within {seconds} s"

    def _pay(self, payer: Person, payee: Person, numbers: Iterator[int]) -> None:
        number = next(numbers)
        key = f"{payer.id}-{number}"
        amount = _TOO_MUCH if number % 5 == 0 else 0.01
        self.answers[key] = answer = retrying.send(payer, payee, amount, key=key)
        if answer.status == 200:
            self.succeeded.set()


def assert_kept(answers: Mapping[str, Answer]) -> None:
    """Prove that the ledger holds every acknowledged transfer once, no declined one, and no other with a key."""
    assert Counter(answer.status for answer in answers.values()).keys() <= {200, 400}
    acknowledged = {key: answer.body["transactionId"] for key, answer in answers.items() if answer.status == 200}
    made = {"kind": "transfer", "status": "completed", "key": {"$exists": True}}
    found = list(db.database()["transactions"].find(made))
    completed = {transaction["key"]: str(transaction["_id"]) for transaction in found}
    assert len(completed) == len(found)
    assert completed == acknowledged
