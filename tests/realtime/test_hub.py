"""The sockets of a process, without a network: what clients would be told."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import OperationFailure

from paytm import clock, db, feed
from paytm.realtime import hub, presence, stream
from paytm.realtime.hub import Hub
from paytm.user.tokens import Caller
from tests.catching_up import catch_up
from tests.people import Person, claims
from tests.realtime.conftest import wait_until
from tests.talking import say

# A sid, an event, its payload.
Told = list[tuple[str, str, Any]]


class Port:
    """Keeps what is sent."""

    def __init__(self) -> None:
        self.told: Told = []
        self.closed: list[str] = []

    def emit(self, event: str, payload: Any, *, to: str) -> None:
        self.told.append((to, event, payload))

    def close(self, sid: str) -> None:
        self.closed.append(sid)

    def heard(self, who: str, event: str) -> list[Any]:
        return [payload for to, name, payload in self.told if (to, name) == (who, event)]


@pytest.fixture
def port() -> Port:
    return Port()


@pytest.fixture
def make_hub(app: Flask, port: Port, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Hub]]:
    """Make hubs, quick ones, which have no socket and no thread when the test is over."""
    monkeypatch.setattr(hub, "_PULSE_SECONDS", 0.05)
    monkeypatch.setattr(hub, "_BEAT_SECONDS", 0.1)
    made: list[Hub] = []

    def make(contacts: Callable[[ObjectId], list[ObjectId]] = lambda _: []) -> Hub:
        made.append(Hub(port, contacts, most=5, is_open=False))
        return made[-1]

    yield make
    for one in made:
        for sid in list(one._sockets):
            one.close(sid)
    wait_until(lambda: all(one._run is None for one in made))
    wait_until(lambda: db.database()["presence_processes"].find_one() is None)


def caller(person: Person) -> Caller:
    said = claims(person.token)
    return Caller(ObjectId(said["userId"]), ObjectId(said["sid"]))


def enter(into: Hub, sid: str, person: Person) -> None:
    into.open(sid, caller(person), int(clock.now().timestamp()) + 60)


def test_people_see_whom_they_have_to_do_with(
    make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person
) -> None:
    friends = {ObjectId(asha.id): [ObjectId(ravi.id)], ObjectId(ravi.id): [ObjectId(asha.id)]}
    knowing, unknowing = make_hub(lambda user: friends[user]), make_hub()
    enter(knowing, "a", asha)
    enter(unknowing, "r", ravi)

    knowing.greet("a", ObjectId(asha.id))
    wait_until(lambda: [ravi.id] in port.heard(asha.id, "getOnlineUsers"))
    unknowing.greet("r", ObjectId(ravi.id))

    assert port.heard("a", "getOnlineUsers") == [[ravi.id]]
    assert port.heard("r", "getOnlineUsers") == [[]]
    assert port.heard(ravi.id, "getOnlineUsers") == []


def test_strangers_are_not_told_of_typing(make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person) -> None:
    quick = make_hub()
    enter(quick, "a", asha)

    quick.typing("a", ObjectId(ravi.id))

    assert db.database()["signals"].count_documents({"kind": "typing"}) == 0


@pytest.fixture
def gap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """What streams cannot resume after until it is over: nothing of the outbox gets through."""
    take, is_over = stream.Stream._take, Event()

    def lose(self: stream.Stream, change: stream.Change) -> None:
        if change["ns"]["coll"] == "outbox" and not is_over.is_set():
            raise OperationFailure("the history is gone", code=286)
        take(self, change)

    monkeypatch.setattr(stream.Stream, "_take", lose)
    yield is_over
    is_over.set()


def test_after_a_gap_money_is_told_all_the_same_and_clients_read_anew(
    make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person, gap: Event
) -> None:
    enter(make_hub(), "r", ravi)
    assert asha.send(ravi, 3).status == 200

    wait_until(lambda: {} in port.heard(ravi.id, "resync"))
    assert [event["amount"] for event in port.heard(ravi.id, "transfer")] == [3]


def test_after_a_gap_the_cursor_of_money_leads_back_to_what_was_lost(
    make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person, gap: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without a margin, which would lead back far enough by itself.
    monkeypatch.setattr(feed, "_CLOCKS_DIFFER", timedelta(seconds=-5))
    enter(make_hub(), "r", ravi)
    said = say(asha, ravi)
    assert asha.send(ravi, 3).status == 200

    wait_until(lambda: len(port.heard(ravi.id, "transfer")) == 1)
    gap.set()
    events, _ = catch_up(ravi, port.heard(ravi.id, "transfer")[0]["cursor"])

    assert [data["id"] for _, data in events] == [said]
    assert port.heard(ravi.id, "newMessage") == []


def test_a_process_that_was_held_for_dead_comes_back(make_hub: Callable[..., Hub], port: Port, asha: Person) -> None:
    quick = make_hub()
    enter(quick, "a", asha)
    wait_until(lambda: db.database()["presence_processes"].find_one() is not None)
    process = db.database()["presence_processes"].find_one()
    assert process is not None

    presence.remove(process["_id"])
    assert presence.everybody() == []

    wait_until(lambda: presence.everybody() == [ObjectId(asha.id)])


def test_only_silent_processes_are_swept(app: Flask, asha: Person, ravi: Person) -> None:
    dead, alive = (presence.Connection(ObjectId(), ObjectId(person.id), ObjectId()) for person in (asha, ravi))
    for connection in (dead, alive):
        presence.enter(connection, most=5)
        presence.beat(connection.process)
    long_ago = {"$set": {"at": {"$subtract": ["$$NOW", 7000]}}}
    db.database()["presence_processes"].update_one({"_id": dead.process}, [long_ago])

    presence.sweep()
    presence.sweep()

    assert presence.everybody() == [ObjectId(ravi.id)]
    told = db.database()["signals"].find({"user": ObjectId(asha.id)}).sort("_id", 1)
    assert [signal["kind"] for signal in told] == ["online", "offline"]
