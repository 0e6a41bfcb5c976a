"""The relay: reads the outbox, notes down who is told what, and delivers it until somebody took it.

Any number of relays may run; each may be killed at any moment. An event is removed by the transaction that notes its
deliveries down, and a delivery is claimed under a lease that ends by itself. So nothing is lost, and a message comes
twice only when its relay dies between the acceptance and the record of it, with the same Message-ID or delivery id.
"""

import os
import secrets
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from time import monotonic
from typing import Any, Protocol

import structlog
from pymongo.client_session import ClientSession
from pymongo.errors import PyMongoError

from paytm import clock, db
from paytm.notify import deliveries, email, messages, outbox
from paytm.notify.deliveries import Delivery, Failure, Message
from paytm.notify.models import EMAIL, WEBHOOK
from paytm.notify.outbox import Event
from paytm.notify.webhook import Webhooks

log = structlog.get_logger()

# A row may stand for as many events as a batch of transfers has.
_ROWS = 20
# How soon new work is noticed.
_POLL_SECONDS = 0.5
_LONGEST_OUTAGE_PAUSE_SECONDS = 10.0
# A slow endpoint holds one of them up and no e-mail; of every other channel there is one.
_THREADS = {WEBHOOK: 3}
# What is under way then is left to the end of its lease.
_STOP_SECONDS = 2.0
_NICENESS = 10


# Does something that is due, and returns the seconds to rest.
Step = Callable[[], float]


class Channel(Protocol):
    """A way to tell somebody something."""

    def deliver(self, delivery: Delivery) -> None:
        """Tell the recipient, or raise :class:`Failure`."""


class Pace:
    """Spaces deliveries out, those of all threads together.

    :param per_second: how many there may be.
    """

    def __init__(self, per_second: float) -> None:
        self.interval = 1 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def delay(self, now: float) -> float:
        """Take the next place, and return how many seconds it is away from ``now``."""
        with self._lock:
            place = max(now, self._next)
            self._next = place + self.interval
        return place - now


class Relay:
    """Tells what the outbox holds.

    :param channels: by name.
    :param per_second: how many deliveries, at most.
    :param sweeps: what else the worker repeats; each does something that is due, and returns the seconds to rest.
    """

    def __init__(self, channels: Mapping[str, Channel], *, per_second: float, sweeps: Sequence[Step] = ()) -> None:
        self._channels = channels
        self._sweeps = sweeps
        self._pace = Pace(per_second)
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work, in threads of its own."""
        work: list[Step] = [self.fan_out, *self._sweeps]
        for name in self._channels:
            work += [lambda name=name: self.deliver(name)] * _THREADS.get(name, 1)  # type: ignore[misc]
        self._threads = [threading.Thread(target=self._repeat, args=[step], daemon=True) for step in work]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Begin nothing more, and give what is under way a moment to end."""
        self._stopping.set()
        deadline = monotonic() + _STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))

    def fan_out(self) -> float:
        """Turn the oldest events into deliveries, in order, and return the seconds to rest."""
        rows = outbox.waiting(_ROWS)
        if not rows:
            return _POLL_SECONDS
        events = [event for row in rows for event in outbox.events_of(row)]
        facts = messages.gather(events)
        composed = [(event, _compose(event, facts)) for event in events]

        def body(session: ClientSession) -> None:
            # First the removal: of two relays that read the same rows, one meets the other here.
            outbox.remove(rows, session=session)
            for event, told in composed:
                if isinstance(told, str):
                    outbox.set_aside(event, told, session=session)
                else:
                    deliveries.note(event, told, session=session)

        db.transaction(body)
        # What nobody is told of makes no work.
        return sum(bool(told) for _, told in composed) * self._pace.interval

    def deliver(self, name: str) -> float:
        """Claim one delivery of a channel and make it, and return the seconds to rest."""
        delivery = deliveries.claim(name)
        if delivery is None:
            return _POLL_SECONDS
        self._stopping.wait(self._pace.delay(monotonic()))
        failure = self._attempt(delivery)
        if failure is None:
            self._record(delivery, lambda: deliveries.record_sent(delivery))
            log.info("delivered", **_described(delivery))
        else:
            state = self._record(delivery, lambda: deliveries.record_failure(delivery, failure))
            log.warning("delivery_failed", **_described(delivery), state=state, reason=failure.reason)
        return 0.0

    def _attempt(self, delivery: Delivery) -> Failure | None:
        try:
            if delivery["attempts"] > deliveries.MOST_ATTEMPTS:
                raise Failure("the last attempt did not end")
            self._channels[delivery["channel"]].deliver(delivery)
        except Failure as failure:
            return failure
        except PyMongoError:
            raise
        except Exception as error:
            # A defect of ours, which an operator can have corrected before all attempts are spent.
            log.exception("delivery_crashed", **_described(delivery))
            return Failure(type(error).__name__)
        return None

    def _record(self, delivery: Delivery, record: Callable[[], Any]) -> Any:
        """Record what became of a delivery, however long the database is away while its lease lasts.

        The message is out; without the record it would go out again.
        """
        failures = 0
        while True:
            try:
                return record()
            except PyMongoError as error:
                failures += 1
                if clock.now() > delivery["dueAt"] or self._stopping.wait(_outage_pause(failures)):
                    raise
                log.warning("database_unavailable", error=type(error).__name__)

    def _repeat(self, step: Step) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                rest = step()
                failures = 0
            except Exception as error:
                failures += 1
                rest = _outage_pause(failures)
                if isinstance(error, PyMongoError) and db.is_outage(error):
                    log.warning("database_unavailable", error=type(error).__name__)
                else:
                    log.exception("worker_failed")
            self._stopping.wait(rest)


def _compose(event: Event, facts: messages.Facts) -> list[Message] | str:
    """Return the messages of an event, or why none can be made: it is set aside, lest it hold up all that follow."""
    try:
        return messages.compose(event, facts)
    except Exception as error:
        log.exception("event_set_aside", event_id=str(event["_id"]), kind=event["kind"])
        return type(error).__name__


def _described(delivery: Delivery) -> dict[str, Any]:
    return {"delivery": delivery["_id"], "kind": delivery["kind"], "attempts": delivery["attempts"]}


def _outage_pause(failures: int) -> float:
    return secrets.SystemRandom().uniform(0.1, min(_LONGEST_OUTAGE_PAUSE_SECONDS, 0.5 * 2 ** min(failures, 10)))


def of(
    config: Mapping[str, Any], *, channels: Mapping[str, Channel] | None = None, sweeps: Sequence[Step] = ()
) -> Relay:
    """Return the relay that the settings ask for.

    :param channels: by name, beside e-mail and webhooks.
    :param sweeps: what else is repeated.
    """
    webhooks = Webhooks(allow_private=config["WEBHOOK_ALLOW_PRIVATE"])
    all_: dict[str, Channel] = {EMAIL: email.channel(config), WEBHOOK: webhooks, **(channels or {})}
    return Relay(all_, per_second=config["DELIVERIES_PER_SECOND"], sweeps=sweeps)


def work(config: Mapping[str, Any], *, channels: Mapping[str, Channel], sweeps: Sequence[Step]) -> None:
    """Relay until SIGTERM or SIGINT, after everything else that wants the processor; see :func:`of`."""
    os.nice(_NICENESS)
    stops = {signal.SIGTERM, signal.SIGINT}
    # Blocked in every thread, so that this one can wait for them.
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    relay = of(config, channels=channels, sweeps=sweeps)
    relay.start()
    log.info("worker_started", mail="server" if config["SMTP_URL"] else "files")
    signal.sigwait(stops)
    relay.stop()
    log.info("worker_stopped")
