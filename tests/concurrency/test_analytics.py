"""Reports while money moves and records are written, over HTTP to two workers: none is older than what was answered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Lock

from paytm import clock
from tests.bookkeeping import noted
from tests.concurrency.together import at_once
from tests.people import Answer, sign_up
from tests.redis_server import RedisServer
from tests.server import Server

TIMES = 12
TODAY = clock.now().date()
DAY = timedelta(days=1)
# Requests are counted there, too, and none is refused.
_SETTINGS = {"RATELIMIT_ENABLED": "true", "RATELIMIT_ANALYTICS": "100000 per minute"}


class Writers:
    """Eight who pay somebody, or write into the cash book of who is paid."""

    def __init__(self, server: Server) -> None:
        self.owner = sign_up(server.call)
        self._payers = at_once(4, lambda _: sign_up(server.call))
        self._lock = Lock()
        # The opening balance is there.
        self.answered = 1
        self.over = Event()

    def write(self) -> None:
        """Let all of them write."""
        try:
            at_once(8, lambda number: [self._write(number) for _ in range(TIMES)])
        finally:
            self.over.set()

    def _write(self, number: int) -> None:
        if number < 4:
            assert self._payers[number].send(self.owner, 0.01).status == 200
        else:
            noted(self.owner, transactionDate=str(TODAY), transactionAmount=0.01)
        with self._lock:
            self.answered += 1

    def report(self) -> Answer:
        # Wherever it is midnight.
        answer = self.owner.get(f"/analytics?source=all&from={TODAY - DAY}&to={TODAY + DAY}")
        assert answer.status == 200, answer
        return answer

    def watch(self) -> list[tuple[int, int]]:
        """Ask again and again; return how many writes had been answered before, and how many were told."""
        seen = []
        while not self.over.is_set():
            answered = self.answered
            seen.append((answered, self.report().body["totalTransactions"]))
        return seen


def assert_never_old(writers: Writers, meanwhile: Callable[[], None] = lambda: None) -> None:
    with ThreadPoolExecutor(4) as pool:
        watching = [pool.submit(writers.watch) for _ in range(3)]
        disturbing = pool.submit(meanwhile)
        writers.write()
        disturbing.result()
    seen = [sight for watch in watching for sight in watch.result()]
    assert seen
    assert [sight for sight in seen if sight[1] < sight[0]] == []
    assert writers.report().body["totalTransactions"] == writers.answered == 1 + 8 * TIMES


def test_a_report_is_never_older_than_what_was_answered_before(server: Server) -> None:
    writers = Writers(server)

    assert_never_old(writers)

    # Over connections to both of them.
    assert "hit" in {writers.report().headers["X-Cache"] for _ in range(3)}


def test_nor_is_one_of_a_redis_that_hangs_comes_back_and_dies(
    start_server: Callable[..., Server], redis_server: RedisServer
) -> None:
    writers = Writers(start_server(**_SETTINGS, REDIS_URL=redis_server.url))

    def disturb() -> None:
        for disturbance in (redis_server.pause, redis_server.resume, redis_server.kill):
            target = writers.answered + TIMES
            while writers.answered < target and not writers.over.is_set():
                writers.over.wait(0.05)
            disturbance()

    assert_never_old(writers, disturb)
