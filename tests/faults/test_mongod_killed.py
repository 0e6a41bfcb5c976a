"""mongod killed or frozen under load, and well again: every key ends with one posting, and soon."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest

from paytm.dev.mongod import Mongod
from paytm.ledger import audit
from tests.faults import retrying
from tests.faults.traffic import Traffic, assert_kept
from tests.people import Person, sign_up
from tests.server import Server


@pytest.fixture
def mongod(own_mongod: Mongod) -> Mongod:
    return own_mongod


def test_a_killed_mongod_that_comes_back_lost_and_doubled_nothing(
    mongod: Mongod, server: Server, people: list[Person]
) -> None:
    with Traffic(*people) as traffic:
        for _ in range(2):
            mongod.kill()
            traffic.go_on(0.5)
            mongod.start()
            traffic.wait_for_success(15)

    assert_kept(traffic.answers)
    audit.check()
    assert sign_up(server.call).balance() == 100


def test_a_mongod_that_restarts_cleanly_under_load_loses_nothing(mongod: Mongod, people: list[Person]) -> None:
    with Traffic(*people) as traffic:
        mongod.stop()
        mongod.start()
        traffic.wait_for_success(15)

    assert_kept(traffic.answers)


def test_a_frozen_mongod_is_answered_503_in_time_and_forgets_nothing(mongod: Mongod, people: list[Person]) -> None:
    asha, ravi = people[:2]
    with Traffic(*people) as traffic:
        mongod.pause()
        try:
            begun = monotonic()
            answer = retrying.attempt(asha, ravi, 0.01, key="while-frozen")
            seconds = monotonic() - begun
        finally:
            mongod.resume()
        traffic.wait_for_success(15)

    assert answer is not None
    assert not retrying.is_definite(answer)
    assert seconds < 7
    again = retrying.send(asha, ravi, 0.01, key="while-frozen")
    assert_kept({**traffic.answers, "while-frozen": again})


@pytest.mark.usefixtures("impatient")
def test_reads_of_a_frozen_mongod_are_answered_503_in_time(mongod: Mongod, people: list[Person]) -> None:
    mongod.pause()
    try:
        begun = monotonic()
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda person: person.get("/account/balance"), people))
        seconds = monotonic() - begun
    finally:
        mongod.resume()

    assert [retrying.is_definite(answer) for answer in answers] == [False] * 6
    assert seconds < 4


def test_a_short_freeze_is_only_felt_as_a_delay(mongod: Mongod, people: list[Person]) -> None:
    asha, ravi = people[:2]
    mongod.pause()
    with ThreadPoolExecutor(1) as pool:
        sent = pool.submit(asha.send, ravi, 10)
        Event().wait(1)
        mongod.resume()

    assert sent.result().status == 200
    assert asha.balance() == 90
