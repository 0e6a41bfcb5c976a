"""Two hosts on one database: their processes share no file to take turns with, only MongoDB."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from paytm.dev.mongod import Mongod
from tests.concurrency.together import at_once
from tests.conftest import ENVIRONMENT
from tests.faults import retrying
from tests.faults.traffic import Traffic, assert_kept
from tests.people import Answer, Person, sign_up
from tests.server import Server, running


@pytest.fixture(scope="module")
def gunicorns(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    """Each has a data folder of its own."""
    settings = ENVIRONMENT | {"MONGODB_URI": mongod.uri, "WEB_CONCURRENCY": "1"}
    with (
        running(settings, tmp_path_factory.mktemp("first")) as first,
        running(settings, tmp_path_factory.mktemp("second")) as second,
    ):
        yield [first, second]


@pytest.fixture
def hosts(app: Flask, gunicorns: list[Server]) -> Iterator[list[Server]]:
    yield gunicorns
    for gunicorn in gunicorns:
        gunicorn.hang_up()


@pytest.fixture
def people(hosts: list[Server]) -> list[Person]:
    """Six people, every other one at the other host."""
    return at_once(6, lambda number: sign_up(hosts[number % 2].call))


def merged(answers: list[dict[str, Answer]]) -> dict[str, Answer]:
    return {key: answer for some in answers for key, answer in some.items()}


def test_two_people_at_two_hosts_can_pay_each_other(people: list[Person]) -> None:
    def pay(number: int) -> dict[str, Answer]:
        payer, payee = people[number % 2], people[1 - number % 2]
        keys = [f"{number}-{turn}" for turn in range(5)]
        return {key: retrying.send(payer, payee, 1, key=key) for key in keys}

    answers = merged(at_once(16, pay))

    assert {answer.status for answer in answers.values()} == {200}
    assert_kept(answers)
    assert (people[0].balance(), people[1].balance()) == (100, 100)


def test_one_is_paid_by_many_at_two_hosts(people: list[Person]) -> None:
    shop, *payers = people

    def pay(number: int) -> dict[str, Answer]:
        keys = [f"{number}-{turn}" for turn in range(5)]
        return {key: retrying.send(payers[number % 5], shop, 1, key=key) for key in keys}

    answers = merged(at_once(20, pay))

    assert {answer.status for answer in answers.values()} == {200}
    assert_kept(answers)
    assert shop.balance() == 200


def test_the_whole_balance_is_sent_only_once_by_two_hosts(hosts: list[Server], people: list[Person]) -> None:
    asha, ravi = people[:2]
    at_hosts = [replace(asha, call=host.call) for host in hosts]

    answers = at_once(20, lambda number: retrying.send(at_hosts[number % 2], ravi, 100, key=f"key-{number}"))

    assert sorted(answer.status for answer in answers) == [200] + [400] * 19
    assert (asha.balance(), ravi.balance()) == (0, 200)


def test_one_key_at_two_hosts_is_one_posting(hosts: list[Server], people: list[Person]) -> None:
    asha, ravi = people[:2]
    at_hosts = [replace(asha, call=host.call) for host in hosts]

    answers = at_once(20, lambda number: retrying.send(at_hosts[number % 2], ravi, 10, key="rent"))

    assert {answer.status for answer in answers} == {200}
    assert len({answer.body["transactionId"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) <= 1
    assert asha.balance() == 90


def test_signing_out_at_one_host_stops_transfers_at_the_other(hosts: list[Server], people: list[Person]) -> None:
    asha, ravi = people[:2]
    elsewhere = replace(asha, call=hosts[1].call)
    assert elsewhere.send(ravi, 10).status == 200

    assert hosts[0].call("POST", "/user/signout", headers=asha.headers).status == 200

    assert elsewhere.send(ravi, 10).status == 403


def test_traffic_around_two_hosts_is_kept(people: list[Person]) -> None:
    with Traffic(*people) as traffic:
        traffic.go_on(1)

    assert_kept(traffic.answers)
