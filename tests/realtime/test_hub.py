"""The sockets of a process, without a network: what clients would be told."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import OperationFailure

from paytm import clock, db, feed
from paytm.chat import blocks, telling
from paytm.errors import Unavailable
from paytm.realtime import hub, presence, stream
from paytm.realtime.hub import Hub
from paytm.realtime.sight import Sight
from paytm.user.tokens import Caller
from tests.catching_up import catch_up
from tests.people import Person, claims
from tests.realtime.conftest import wait_until
from tests.talking import ask, say

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
    monkeypatch.setattr(hub, "_TYPING_SECONDS", 0)
    made: list[Hub] = []

    def make(contacts: Callable[[ObjectId], list[ObjectId]] = lambda _: [], *, is_open: bool = False) -> Hub:
        made.append(Hub(port, Sight(contacts, blocks.apart, is_open=is_open), most=5))
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


@pytest.mark.parametrize("is_open", [False, True])
def test_who_is_blocked_is_away(
    make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person, is_open: bool
) -> None:
    say(asha, ravi)
    quick = make_hub(telling.contacts, is_open=is_open)
    both = ((asha, "a", ravi), (ravi, "r", asha))
    for person, sid, _ in both:
        enter(quick, sid, person)

    for method, seen in (("PUT", False), ("DELETE", True)):
        port.told.clear()
        assert ask(asha, method, f"/block/{ravi.id}").status == 204
        for person, sid, other in both:
            online = [other.id] if seen else []
            wait_until(lambda person=person, online=online: online in port.heard(person.id, "getOnlineUsers"))
            quick.greet(sid, ObjectId(person.id))
            quick.typing(sid, ObjectId(other.id))
            assert port.heard(sid, "getOnlineUsers") == [online]
        assert db.database()["signals"].count_documents({"kind": "typing"}) == 2 * seen


def test_nobody_is_told_of_a_block(make_hub: Callable[..., Hub], port: Port, asha: Person, ravi: Person) -> None:
    say(asha, ravi)
    enter(make_hub(telling.contacts), "r", ravi)
    wait_until(lambda: presence.everybody() == [ObjectId(ravi.id)])

    ask(asha, "PUT", f"/block/{ravi.id}")
    asha.send(ravi, 1)
    wait_until(lambda: len(port.heard(ravi.id, "transfer")) == 1)

    assert {event for _, event, _ in port.told} == {"transfer"}
    assert {name for name, _ in catch_up(ravi, f"{ravi.id}-0~0")[0]} == {"transfer", "newMessage"}


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


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Event]]:
    """Hold up who wants to be written down as there, and show how many are held."""
    enter_now, waiting = presence.enter, []

    def wait(connection: presence.Connection, *, most: int) -> list[presence.Connection]:
        waiting.append(Event())
        waiting[-1].wait(20)
        return enter_now(connection, most=most)

    monkeypatch.setattr(presence, "enter", wait)
    yield waiting
    for one in waiting:
        one.set()


def test_when_all_come_at_once_some_wait_for_their_turn(
    make_hub: Callable[..., Hub], asha: Person, held: list[Event]
) -> None:
    one = make_hub()

    with ThreadPoolExecutor(hub._MOST_AT_ONCE + 1) as pool:
        coming = [pool.submit(enter, one, str(number), asha) for number in range(hub._MOST_AT_ONCE + 1)]
        wait_until(lambda: len(held) == hub._MOST_AT_ONCE)
        held[0].set()
        wait_until(lambda: len(held) == hub._MOST_AT_ONCE + 1)
        for event in held:
            event.set()

    assert [came.exception() for came in coming] == [None] * len(coming)


def test_who_gets_no_turn_in_time_may_come_again(
    make_hub: Callable[..., Hub], asha: Person, held: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = make_hub()

    with ThreadPoolExecutor(hub._MOST_AT_ONCE) as pool:
        coming = [pool.submit(enter, one, str(number), asha) for number in range(hub._MOST_AT_ONCE)]
        wait_until(lambda: len(held) == hub._MOST_AT_ONCE)
        monkeypatch.setattr(hub, "_OPEN_SECONDS", 0.01)
        with pytest.raises(Unavailable):
            enter(one, "late", asha)
        for event in held:
            event.set()

    assert [came.exception() for came in coming] == [None] * len(coming)
