"""Who may open a socket, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from paytm import clock, db
from paytm.user import tokens
from paytm.user.tokens import Caller
from tests.conftest import ENVIRONMENT
from tests.people import PASSWORD, Person, claims
from tests.realtime.conftest import wait_until
from tests.realtime.listeners import Node
from tests.server import Server

Servers = tuple[Server, Server]
People = tuple[Person, Person]


def token_that_expires(person: Person, seconds: int) -> str:
    said = claims(person.token)
    now = clock.now()
    return tokens.issue(
        Caller(ObjectId(said["userId"]), ObjectId(said["sid"])),
        secret=ENVIRONMENT["JWT_SECRET"],
        issued_at=now - timedelta(hours=1),
        expires_at=now + timedelta(seconds=seconds),
    )


@pytest.mark.parametrize("token", [None, "", "a.b.c", 7, {"$ne": None}, ["x"]])
def test_a_bad_token_is_refused(node: Node, servers: Servers, token: Any) -> None:
    refusal = node.open(servers[0].url, token).wait_for("connect_error")

    assert refusal["data"] == {"code": "unauthorized"}


def test_an_expired_and_a_revoked_token_are_refused(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    ravi.call("POST", "/user/signout", headers=ravi.headers)

    for token in (token_that_expires(asha, -60), ravi.token):
        refusal = node.open(servers[1].url, token).wait_for("connect_error")
        assert refusal["data"] == {"code": "unauthorized"}


def test_a_cookie_counts_from_a_page_of_ours_alone(node: Node, servers: Servers, people: People) -> None:
    url, cookie = servers[0].url, {"Cookie": f"accessToken={people[0].token}"}

    own = node.open(url, headers={**cookie, "Origin": url})
    foreign = node.open(url, headers={**cookie, "Origin": "https://evil.example"})
    silent = node.open(url, headers=cookie)

    own.wait_for("connect")
    assert foreign.wait_for("connect_error")["data"] == {"code": "foreign_origin"}
    assert silent.wait_for("connect_error")["data"] == {"code": "foreign_origin"}


def test_a_bearer_token_counts_from_any_page(node: Node, servers: Servers, people: People) -> None:
    node.connect(servers[0].url, people[0], headers={"Origin": "https://anywhere.example"})


def test_polling_is_not_served(node: Node, servers: Servers, people: People) -> None:
    node.open(servers[0].url, people[0].token, transports=["polling"]).wait_for("connect_error")


def test_a_socket_ends_with_its_token(node: Node, servers: Servers, people: People) -> None:
    listener = node.open(servers[0].url, token_that_expires(people[0], 2))
    listener.wait_for("connect")

    listener.wait_for("disconnect")

    assert [name for name, _ in listener.events][-2:] == ["session_expired", "disconnect"]


def test_a_sign_out_and_a_new_password_end_sockets_everywhere(node: Node, servers: Servers, people: People) -> None:
    asha, ravi = people
    leaving, changed = node.connect(servers[1].url, asha), node.connect(servers[0].url, ravi)

    asha.call("POST", "/user/signout", headers=asha.headers)
    ravi.call("PUT", "/user", json={"password": PASSWORD + "!"}, headers=ravi.headers)

    for listener in (leaving, changed):
        listener.wait_for("session_expired", seconds=6)
        listener.wait_for("disconnect")


def test_the_sixth_socket_closes_the_oldest(node: Node, servers: Servers, people: People) -> None:
    first, *others = [node.connect(servers[number % 2].url, people[0]) for number in range(6)]

    first.wait_for("too_many_connections")
    first.wait_for("disconnect")

    wait_until(lambda: db.database()["presence"].count_documents({"connections": {"$size": 5}}) == 1)
    assert [listener.all("disconnect") for listener in others] == [[]] * 5


def test_of_many_sockets_at_once_five_stay(node: Node, servers: Servers, people: People) -> None:
    opened = [node.open(servers[number % 2].url, people[0].token) for number in range(12)]

    wait_until(lambda: sum(bool(listener.all("disconnect")) for listener in opened) == 7)

    wait_until(lambda: db.database()["presence"].count_documents({"connections": {"$size": 5}}) == 1)


@pytest.mark.parametrize("packet", ["", "x", "4" + "[" * 16_000])
def test_a_packet_that_is_none_ends_the_socket_and_is_written_down(
    node: Node, servers: Servers, people: People, packet: str
) -> None:
    listener = node.connect(servers[0].url, people[0])

    listener.write(packet)

    listener.wait_for("disconnect")
    wait_until(lambda: db.database()["presence"].find_one({"online": True}) is None, seconds=5)


def test_a_message_that_is_too_large_ends_the_socket(node: Node, servers: Servers, people: People) -> None:
    listener = node.connect(servers[0].url, people[0])

    listener.emit("typing", {"to": "x" * 17_000})

    listener.wait_for("disconnect")
