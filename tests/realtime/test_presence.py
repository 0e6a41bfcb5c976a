"""Who is online, in two processes."""

import os
import signal
from collections.abc import Callable
from typing import Any

from tests.catching_up import catch_up, names
from tests.ordering import act, order, seen
from tests.people import Person
from tests.realtime.conftest import wait_until
from tests.realtime.listeners import Node
from tests.server import Server
from tests.shop import merchant, offer
from tests.talking import mark, say, thread

Servers = tuple[Server, Server]
People = tuple[Person, Person]


def test_one_who_comes_and_goes_is_told_once_each(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    listener = node.connect(servers[0].url, asha)

    tabs = [node.connect(server.url, ravi) for server in (servers[1], servers[1], servers[0])]
    listener.wait_until(lambda: [ravi.id] in listener.all("getOnlineUsers"))
    assert tabs[0].all("getOnlineUsers")[0] == [asha.id]
    for tab in tabs:
        tab.close()
    listener.wait_until(lambda: listener.all("getOnlineUsers")[-1] == [])

    # The second one may be one's own coming, which the stream tells after the greeting.
    told = [users for users in listener.all("getOnlineUsers") if users] + [listener.all("getOnlineUsers")[-1]]
    assert told == [[ravi.id], []]


def test_typing_is_told_to_the_one_it_is_for(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    typist, reader = node.connect(servers[0].url, asha), node.connect(servers[1].url, ravi)

    for bad in (None, {}, {"to": 7}, {"to": "x"}, {"to": ["\0"]}, [[]]):
        typist.emit("typing", bad)
    for _ in range(5):
        typist.emit("typing", {"to": ravi.id})

    assert reader.wait_for("typing") == {"from": asha.id}
    asha.send(ravi, 1)
    reader.wait_for("transfer")
    assert len(reader.all("typing")) == 1
    assert typist.all("typing") == []


def _said(reader: Person, other: Person) -> list[Any]:
    return [remark for remark in thread(reader, other) if remark["kind"] == "text"]


def test_a_killed_process_loses_its_users_and_no_event(
    node: Node, servers: Servers, people: People, start_server: Callable[..., Server]
) -> None:
    asha, ravi = people
    lamp = offer(merchant(asha))
    doomed = start_server(WEB_CONCURRENCY="1", PRESENCE_OPEN="true")
    watcher, listener = node.connect(servers[0].url, asha), node.connect(doomed.url, ravi)
    known = say(ravi, asha, "before")
    asha.send(ravi, 1)
    cursor = listener.wait_for("transfer")["cursor"]
    watcher.wait_until(lambda: watcher.all("getOnlineUsers")[-1] == [ravi.id])

    os.killpg(doomed.pid, signal.SIGKILL)
    listener.wait_for("disconnect")
    asha.send(ravi, 2)
    made = order(ravi, {lamp: 1}, "hold")
    say(asha, ravi, "are you there?")
    mark(asha, ravi)
    act(asha, made, "capture")
    watcher.wait_until(lambda: watcher.all("getOnlineUsers")[-1] == [], seconds=12)
    again = node.connect(servers[1].url, ravi)
    asha.send(ravi, 3)
    say(asha, ravi, "there you are")

    live = [("transfer", again.wait_for("transfer")), ("newMessage", again.wait_for("newMessage"))]
    missed = [event for event in catch_up(ravi, cursor, limit=2)[0] if event[1].get("id") != known]
    assert names(missed) == ["transfer", "newMessage", "messagesRead", "transfer", "orderUpdated", *names(live)]
    assert [data["amount"] for name, data in missed if name == "transfer"] == [2, 50, 3]
    assert [data for name, data in missed if name == "newMessage"] == _said(ravi, asha)[1:]
    assert (missed[2][1]["upTo"], missed[4][1]) == (known, seen(ravi, made))
    assert live == missed[-2:]
    watcher.wait_until(lambda: watcher.all("getOnlineUsers").count([ravi.id]) == 2)


def test_a_restart_moves_sockets_on_and_a_stop_does_not_wait_for_them(
    node: Node, people: People, start_server: Callable[..., Server]
) -> None:
    server = start_server(WEB_CONCURRENCY="1")
    listener = node.connect(server.url, people[0], reconnection=True)
    before = server.worker_pids()

    server.send_signal(signal.SIGHUP)
    listener.wait_for("connect", times=2)
    wait_until(lambda: not set(server.worker_pids()) & set(before), seconds=5)

    assert listener.all("disconnect") == ["transport close"]
    people[1].send(people[0], 4)
    assert listener.wait_for("transfer")["amount"] == 4
    server.send_signal(signal.SIGTERM)
    assert server.exit_code(5) == 0
