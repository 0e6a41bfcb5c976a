"""Redis as the shelf of reports: shared by all processes, and not needed for a right answer."""

import pickle
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from paytm import clock
from tests.bookkeeping import noted
from tests.conftest import caller
from tests.people import Answer, Person
from tests.redis_server import RedisServer


@pytest.fixture
def clients(app: Flask, make_app: Callable[..., Flask], redis_server: RedisServer, asha: Person) -> list[Person]:
    """Asha at two applications, which share a Redis as two processes would."""
    applications = [make_app(REDIS_URL=redis_server.url) for _ in range(2)]
    return [Person(caller(each.test_client()), asha.token, asha.id, asha.username) for each in applications]


def ask(person: Person) -> Answer:
    answer = person.get("/analytics")
    assert answer.status == 200, answer
    return answer


def found(answers: list[Answer]) -> list[tuple[str, int]]:
    return [(answer.headers["X-Cache"], answer.body["totalTransactions"]) for answer in answers]


def test_what_one_process_made_another_one_finds(clients: list[Person], ravi: Person) -> None:
    before = [ask(client) for client in clients]
    ravi.send(clients[0], 1)
    after = [ask(client) for client in reversed(clients)]

    assert found([*before, *after]) == [("miss", 1), ("hit", 1), ("miss", 2), ("hit", 2)]


def test_a_newer_report_takes_the_place_of_the_older(
    clients: list[Person], ravi: Person, redis_server: RedisServer
) -> None:
    for _ in range(3):
        ask(clients[0])
        ravi.send(clients[0], 1)

    (key,) = redis_server.client.keys()
    assert 0 < redis_server.client.ttl(key) <= 600


def test_no_names_are_kept_there(clients: list[Person], ravi: Person, redis_server: RedisServer) -> None:
    clients[0].send(ravi, 1, note="private")
    noted(clients[0], transactionDate=str(clock.now().date()), note="private")
    names = [row["name"] for row in clients[0].get("/analytics?source=all").body["people"]]

    (key,) = redis_server.client.keys()
    kept = redis_server.client.get(key).decode()
    assert names == ["Mira Das", "Ravi Iyer"]
    assert "totalDebit" in kept
    assert not [name for name in (*names, "Asha", "private") if name in kept]


@pytest.mark.parametrize("kept", [b"", b"\xff{", b"[1]", b"7", b"{}", pickle.dumps({"version": 1})], ids=repr)
def test_something_else_in_its_place_is_no_report(
    clients: list[Person], redis_server: RedisServer, kept: bytes
) -> None:
    ask(clients[0])
    (key,) = redis_server.client.keys()
    redis_server.client.set(key, kept)

    assert found([ask(clients[0]), ask(clients[1])]) == [("miss", 1), ("hit", 1)]


def test_a_pickle_is_not_run(clients: list[Person], redis_server: RedisServer) -> None:
    class Bomb:
        def __reduce__(self) -> Any:
            return pytest.fail, ("it was run",)

    ask(clients[0])
    (key,) = redis_server.client.keys()
    redis_server.client.set(key, b"!" + pickle.dumps(Bomb()))

    assert found([ask(clients[0])]) == [("miss", 1)]


@pytest.mark.parametrize("fault", [RedisServer.kill, RedisServer.pause], ids=["killed", "frozen"])
def test_without_redis_answers_are_right(
    clients: list[Person], ravi: Person, redis_server: RedisServer, fault: Callable[[RedisServer], None]
) -> None:
    ask(clients[0])
    fault(redis_server)
    during = [ask(clients[0])]
    ravi.send(clients[0], 1)
    during += [ask(client) for client in clients]

    assert found(during) == [("miss", 1), ("miss", 2), ("miss", 2)]


def test_a_redis_that_comes_back_brings_nothing_old(
    clients: list[Person], ravi: Person, redis_server: RedisServer
) -> None:
    ask(clients[0])
    redis_server.pause()
    ravi.send(clients[0], 1)
    ask(clients[0])
    redis_server.resume()

    assert found([ask(clients[1]), ask(clients[0])]) == [("miss", 2), ("hit", 2)]
