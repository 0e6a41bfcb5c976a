"""What processes count and measure, for Prometheus: requests, the ledger, what waits, and the database.

Labels are routes as they are declared, methods, statuses and the like, never anything that a client made up: there is
a bounded number of each. The processes of a server count in files that they share, so that any of them can tell it all.

To count takes longer where it interrupts something else than many times in a row. So requests and batches are noted
down, and counted a moment later.
"""

import threading
from collections import deque
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from paytm import db
from paytm.ledger.engine import DONE, Batch
from paytm.ops import multiprocess
from paytm.ops.waiting import Waiting

log = structlog.get_logger()

_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_COMMIT_SECONDS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_BATCH_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_COUNT_SECONDS = 0.25
_PAUSE_SECONDS = 10.0
_MOST_NOTED = 100_000
_UNKNOWN = "unknown"

# Its method, route and status, and the seconds that it took.
Request = tuple[str, str, int, float]


class Metrics:
    """The figures of this process; gauges are summed up over the processes that live."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter = partial(Counter, registry=self.registry)
        gauge = partial(Gauge, registry=self.registry, multiprocess_mode="livesum")
        histogram = partial(Histogram, registry=self.registry)
        self._requests = histogram(
            "paytm_http_request_seconds",
            "From a request to its answer.",
            ["method", "route", "status"],
            buckets=_REQUEST_SECONDS,
        )
        self._batch_seconds = histogram(
            "paytm_ledger_commit_seconds",
            "What a transaction of the ledger took, with all of its repetitions.",
            buckets=_COMMIT_SECONDS,
        )
        self._batch_sizes = histogram("paytm_ledger_batch_size", "Postings that shared one.", buckets=_BATCH_SIZES)
        self._spoilt = counter("paytm_ledger_batches_spoilt", "Batches that were split, or failed.", ["outcome"])
        self._retries = counter("paytm_ledger_retries", "Transactions that began again after a write conflict.")
        self._waiting = gauge("paytm_ledger_waiting", "Postings that wait behind a batch.")
        self.passwords_waiting = gauge("paytm_passwords_waiting", "Passwords that are hashed, or wait for it.")
        self.pictures_waiting = gauge("paytm_pictures_waiting", "Pictures that are written anew, or wait for it.")
        self.sockets = gauge("paytm_sockets_open", "Sockets that are open.")
        self.outages = Outages(counter("paytm_database_outages", "Times that no primary was known any more."))
        self.waiting = Waiting()
        # To look labels up takes longer than to count.
        self._labelled = cache(self._requests.labels)
        self._folder: Path | None = None
        # Where nobody looks, the oldest are forgotten.
        self.requests: deque[Request] = deque(maxlen=_MOST_NOTED)
        self.batches: deque[Batch] = deque(maxlen=_MOST_NOTED)

    def start(self, folder: Path | None) -> None:
        """Begin to count what is noted down, as long as the process lives.

        :param folder: that the processes of the server share, where they do.
        """
        self._folder = folder
        threading.Thread(target=self._keep_counting, name="metrics", daemon=True).start()

    def count(self) -> None:
        """Count what has been noted down, unless the disk is full."""
        if self._folder and not multiprocess.has_room(self._folder):
            return
        with suppress(IndexError):
            while True:
                *labels, seconds = self.requests.popleft()
                self._labelled(*labels).observe(seconds)
        with suppress(IndexError):
            while True:
                self._count_batch(self.batches.popleft())

    def retried(self) -> None:
        """Count a transaction of the ledger's that begins again."""
        self._retries.inc()

    def _keep_counting(self) -> None:
        pause = threading.Event()
        while not pause.wait(_COUNT_SECONDS):
            try:
                self.outages.look()
                self.count()
            except Exception:
                log.exception("not_counted")
                pause.wait(_PAUSE_SECONDS)

    def _count_batch(self, batch: Batch) -> None:
        if batch.outcome == DONE:
            self._batch_seconds.observe(batch.seconds)
            self._batch_sizes.observe(batch.size)
        else:
            self._spoilt.labels(batch.outcome).inc()
        self._waiting.set(batch.waiting)


class Outages:
    """Counts how often this process lost the database, so that no server was left that can be written to."""

    def __init__(self, count: Counter) -> None:
        self._count = count
        self._was_there = False

    def look(self) -> None:
        """Count one when there was a primary at the last look and is none now; nothing is connected for it."""
        is_there = db.database().client.topology_description.has_writable_server()
        if self._was_there and not is_there:
            self._count.inc()
        self._was_there = is_there


def init_app(app: Flask) -> None:
    """Note every request down; to be called before what counts something of its own."""
    metrics = app.extensions["metrics"] = Metrics()

    def note(response: Response) -> Response:
        asked = request._get_current_object()  # type: ignore[attr-defined]
        rule = asked.url_rule
        # A method that no route has may be any word.
        method, route = (asked.method, rule.rule) if rule else (_UNKNOWN, _UNKNOWN)
        metrics.requests.append((method, route, response.status_code, perf_counter() - g.started))
        return response

    app.after_request(note)
