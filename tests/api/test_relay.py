"""From the outbox to those who are told: in order, once, and again until somebody took it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.notify import deliveries, outbox
from paytm.notify.deliveries import LEASE, MOST_ATTEMPTS, Delivery, Failure
from paytm.notify.models import EMAIL
from paytm.notify.relay import Relay
from tests.api.stored import count, stored
from tests.people import Person
from tests.telling import hush, tell, work


class Recorder:
    """A channel that remembers what it was given, and fails as often as it is told to."""

    def __init__(self, *failures: Exception) -> None:
        self.told: list[Delivery] = []
        self.failures = list(failures)

    def deliver(self, delivery: Delivery) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.told.append(delivery)


@pytest.fixture
def channel() -> Recorder:
    return Recorder()


@pytest.fixture
def relay(app: Flask, asha: Person, channel: Recorder) -> Relay:
    hush()
    return Relay({EMAIL: channel}, per_second=1e6)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Move the clock on by a time."""
    now = clock.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: now() + by)

    return move


def _welcome(person: Person) -> ObjectId:
    return tell("user.registered", user=ObjectId(person.id))


def _states() -> list[str]:
    return [delivery["state"] for delivery in stored("deliveries")["deliveries"]]


def test_an_event_becomes_a_delivery_and_is_gone(relay: Relay, asha: Person) -> None:
    event = _welcome(asha)

    relay.fan_out()

    (delivery,) = stored("deliveries")["deliveries"]
    assert delivery["_id"] == f"{event}.email.{asha.id}"
    assert (delivery["state"], delivery["attempts"]) == ("due", 0)
    assert count("outbox") == 0


def test_what_nobody_is_told_of_is_gone_and_costs_no_rest(app: Flask, asha: Person, channel: Recorder) -> None:
    relay = Relay({EMAIL: channel}, per_second=1)
    hush()
    tell("message.sent", message=ObjectId(), sender=ObjectId(asha.id), recipient=ObjectId())
    assert relay.fan_out() == 0
    _welcome(asha)
    tell("messages.read", reader=ObjectId(asha.id), other=ObjectId(), upTo=ObjectId(), count=1)
    assert relay.fan_out() == 1

    assert (count("outbox"), count("deliveries")) == (0, 1)


def test_events_are_told_in_their_order(relay: Relay, channel: Recorder, asha: Person) -> None:
    events = [_welcome(asha) for _ in range(45)]

    work(relay)

    assert [delivery["event"] for delivery in channel.told] == events
    assert set(_states()) == {"sent"}


def test_an_event_that_comes_twice_is_told_once(relay: Relay, channel: Recorder, asha: Person) -> None:
    event = outbox.event("user.registered", user=ObjectId(asha.id))
    for _ in range(2):
        db.transaction(lambda session: outbox.insert(event, session=session))
        work(relay)

    assert len(channel.told) == 1


def test_relays_at_work_together_tell_everything_once(relay: Relay, channel: Recorder, asha: Person) -> None:
    events = {_welcome(asha) for _ in range(60)}

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, [relay, Relay({EMAIL: channel}, per_second=1e6), Relay({EMAIL: channel}, per_second=1e6)]))
    work(relay)

    assert len(channel.told) == 60
    assert {delivery["event"] for delivery in channel.told} == events


def test_an_event_of_an_unknown_kind_is_set_aside_and_holds_nobody_up(
    relay: Relay, channel: Recorder, asha: Person
) -> None:
    tell("weather.changed")
    _welcome(asha)

    work(relay)

    assert len(channel.told) == 1
    assert [event["kind"] for event in outbox.unclear(10)] == ["weather.changed"]


def test_transactions_that_share_a_row_are_told_each(
    relay: Relay, channel: Recorder, asha: Person, ravi: Person
) -> None:
    hush()
    made = [ObjectId(asha.send(ravi, amount).body["transactionId"]) for amount in (1, 2)]
    hush()
    tell("transaction.completed", transactions=[made[0], nothing := ObjectId(), made[1]])

    work(relay)

    assert [delivery["event"] for delivery in channel.told] == [made[0], made[0], made[1], made[1]]
    assert [event["transaction"] for event in outbox.unclear(10)] == [nothing]


def test_an_event_about_nothing_is_set_aside(relay: Relay) -> None:
    tell("transaction.completed", transaction=ObjectId())

    relay.fan_out()

    assert count("outbox", unclear="KeyError") == 1


def test_a_failure_is_due_again_after_a_pause(relay: Relay, channel: Recorder, asha: Person, later: Any) -> None:
    channel.failures = [Failure("busy")]
    _welcome(asha)
    work(relay)

    (delivery,) = stored("deliveries")["deliveries"]
    assert (delivery["state"], delivery["reason"], delivery["attempts"]) == ("due", "busy", 1)
    assert "owner" not in delivery
    later(timedelta(seconds=11))
    work(relay)
    assert (len(channel.told), _states()) == (1, ["sent"])


def test_a_final_failure_is_dead_at_once(relay: Relay, channel: Recorder, asha: Person) -> None:
    channel.failures = [Failure("no such mailbox", final=True)]
    _welcome(asha)

    work(relay)

    assert _states() == ["dead"]


def test_the_last_attempt_that_fails_is_dead(relay: Relay, channel: Recorder, asha: Person, later: Any) -> None:
    channel.failures = [Failure("busy")] * MOST_ATTEMPTS
    _welcome(asha)

    for day in range(MOST_ATTEMPTS):
        assert _states() == (["due"] if day else [])
        later(timedelta(days=day))
        work(relay)

    assert (channel.failures, channel.told, _states()) == ([], [], ["dead"])


def test_a_defect_is_a_failure_too(relay: Relay, channel: Recorder, asha: Person) -> None:
    channel.failures = [ZeroDivisionError()]
    _welcome(asha)

    work(relay)

    assert stored("deliveries")["deliveries"][0]["reason"] == "ZeroDivisionError"


def test_a_claimed_delivery_is_nobody_elses(relay: Relay, asha: Person) -> None:
    _welcome(asha)
    relay.fan_out()

    assert deliveries.claim(EMAIL) is not None
    assert deliveries.claim(EMAIL) is None


def test_when_a_lease_is_over_another_takes_it_and_the_first_has_no_say(
    relay: Relay, channel: Recorder, asha: Person, later: Any
) -> None:
    _welcome(asha)
    relay.fan_out()
    first = deliveries.claim(EMAIL)
    later(LEASE + timedelta(seconds=1))

    second = deliveries.claim(EMAIL)
    assert first is not None
    assert second is not None
    deliveries.record_failure(first, Failure("too late", final=True))
    assert _states() == ["due"]
    deliveries.record_sent(second)

    assert (first["_id"], first["attempts"], second["attempts"]) == (second["_id"], 1, 2)
    assert _states() == ["sent"]


def test_a_message_that_kills_its_worker_each_time_is_buried(
    relay: Relay, channel: Recorder, asha: Person, later: Any
) -> None:
    _welcome(asha)
    relay.fan_out()
    for attempt in range(MOST_ATTEMPTS):
        later(attempt * LEASE + timedelta(seconds=attempt))
        assert deliveries.claim(EMAIL) is not None

    later(timedelta(days=1))
    work(relay)

    assert (channel.told, _states()) == ([], ["dead"])


def test_claims_use_the_index(relay: Relay) -> None:
    wanted = {"channel": EMAIL, "state": "due", "dueAt": {"$lte": clock.now()}}

    plan = db.database()["deliveries"].find(wanted).sort("dueAt", 1).explain()["queryPlanner"]["winningPlan"]

    assert plan["stage"] == "FETCH"
    assert plan["inputStage"]["indexName"] == "due"


def test_what_was_sent_is_forgotten_after_thirty_days(relay: Relay) -> None:
    index = db.database()["deliveries"].index_information()["forgotten"]

    assert (index["key"], index["expireAfterSeconds"]) == ([("sentAt", 1)], 30 * 24 * 60 * 60)


def test_an_operator_sees_what_is_due_and_dead(app: Flask, relay: Relay, channel: Recorder, asha: Person) -> None:
    channel.failures = [Failure("no such mailbox", final=True)]
    _welcome(asha)
    tell("weather.changed")
    work(relay)
    _welcome(asha)
    relay.fan_out()

    listed = _run(app, "list").splitlines()

    assert [line.split()[1] for line in listed] == ["due", "dead", "dead"]
    assert "no such mailbox" in listed[2]
    assert "weather.changed" in listed[1]
    assert len(_run(app, "list", "--state", "due").splitlines()) == 1
    assert _run(app, "list", "--state", "sent") == ""
    assert asha.username not in "".join(listed)


def test_an_operator_tries_a_dead_one_again(app: Flask, relay: Relay, channel: Recorder, asha: Person) -> None:
    channel.failures = [Failure("no such mailbox", final=True)]
    event = _welcome(asha)
    work(relay)

    assert _run(app, "retry", f"{event}.email.{asha.id}") == "1 will be tried again.\n"
    work(relay)

    assert _states() == ["sent"]
    assert channel.told[0]["attempts"] == 1


def test_an_operator_tries_everything_again(app: Flask, relay: Relay, channel: Recorder, asha: Person) -> None:
    channel.failures = [Failure("no such mailbox", final=True)] * 3
    for _ in range(3):
        _welcome(asha)
    tell("weather.changed")
    work(relay)

    assert _run(app, "retry", "--all-dead") == "4 will be tried again.\n"
    work(relay)

    assert _states() == ["sent"] * 3


@pytest.mark.parametrize(
    "arguments", [("retry", "nothing"), ("retry", "0" * 24), ("retry",), ("retry", "x", "--all-dead")]
)
def test_an_operator_is_told_that_there_is_nothing(app: Flask, arguments: tuple[str, ...]) -> None:
    result = app.test_cli_runner().invoke(args=["outbox", *arguments])

    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)


def _run(app: Flask, *arguments: str) -> str:
    result = app.test_cli_runner().invoke(args=["outbox", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout
