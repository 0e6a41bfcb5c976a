"""What waits in the database and which workers live, as figures: asked for when somebody looks, and not more often."""

import threading
from collections.abc import Iterable, Iterator, Mapping
from time import monotonic

import pymongo
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from pymongo.errors import PyMongoError

from paytm.notify import backlog
from paytm.notify.backlog import Queue
from paytm.ops import workers

_KEPT_SECONDS = 5.0
# Whoever looks is told of an outage rather than kept waiting by it.
_LONGEST_SECONDS = 1.0


class Waiting(Collector):
    """Remembers the figures for some seconds, however many look."""

    def __init__(self) -> None:
        self._figures: list[Metric] = []
        self._kept_until = 0.0
        self._lock = threading.Lock()

    def collect(self) -> Iterable[Metric]:
        """Return the figures; without the database, that it does not answer."""
        with self._lock:
            if monotonic() >= self._kept_until:
                self._figures = list(_figures())
                self._kept_until = monotonic() + _KEPT_SECONDS
            return self._figures


def _figures() -> Iterator[Metric]:
    try:
        with pymongo.timeout(_LONGEST_SECONDS):
            waiting, alive = backlog.measure(), workers.alive()
    except PyMongoError:
        yield _figure("paytm_database_reachable", "Whether the database answered just now.", 0)
        return
    yield _figure("paytm_database_reachable", "Whether the database answered just now.", 1)
    yield _figure("paytm_workers", "Workers that live.", alive)
    yield _figure("paytm_outbox_events", "Rows that are to be told.", waiting.events.size)
    yield _figure("paytm_outbox_lag_seconds", "How long the first row has waited.", waiting.events.seconds)
    yield _figure("paytm_outbox_unclear", "Events that no message could be made from.", waiting.unclear.size)
    yield _by_channel("paytm_deliveries_due", "Deliveries that are due.", _sizes(waiting.due))
    yield _by_channel("paytm_deliveries_dead", "Deliveries that were given up.", _sizes(waiting.dead))
    late = {channel: queue.seconds for channel, queue in waiting.due.items()}
    yield _by_channel("paytm_deliveries_lag_seconds", "How long the first one has been due.", late)


def _figure(name: str, description: str, value: float) -> Metric:
    return GaugeMetricFamily(name, description, value=value)


def _by_channel(name: str, description: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, description, labels=["channel"])
    for channel, value in values.items():
        family.add_metric([channel], value)
    return family


def _sizes(queues: Mapping[str, Queue]) -> dict[str, float]:
    return {channel: queue.size for channel, queue in queues.items()}
