"""gunicorn's workers killed, replaced and stopped under load: a client that repeats its request pays exactly once."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event
from time import monotonic

import pytest

from tests.faults import retrying
from tests.faults.traffic import Traffic, assert_kept
from tests.people import Answer, Person
from tests.server import Server

pytestmark = pytest.mark.usefixtures("no_open_transactions")


def kill(workers: list[int]) -> None:
    for worker in workers:
        os.kill(worker, signal.SIGKILL)


def wait_for_workers(server: Server, *, other_than: list[int]) -> None:
    """Wait until there are two workers, none of them one of the given."""
    pause = Event()
    for _ in range(150):
        pids = server.worker_pids()
        if len(pids) == 2 and not set(pids) & set(other_than):
            return
        pause.wait(0.1)
    raise AssertionError(f"{other_than} were not replaced by others: {server.worker_pids()}")


def test_killed_workers_lose_and_double_nothing(server: Server, people: list[Person]) -> None:
    with Traffic(*people) as traffic:
        for worker in server.worker_pids():
            kill([worker])
            wait_for_workers(server, other_than=[worker])
            traffic.wait_for_success()
        traffic.go_on(0.5)

    assert_kept(traffic.answers)


def test_both_workers_killed_at_once_are_replaced(server: Server, people: list[Person]) -> None:
    with Traffic(*people) as traffic:
        workers = server.worker_pids()
        kill(workers)
        wait_for_workers(server, other_than=workers)
        traffic.wait_for_success()

    assert_kept(traffic.answers)


@pytest.mark.parametrize("command", ["update", "insert", "commitTransaction"])
def test_a_worker_killed_within_a_transaction_does_not_hold_its_accounts_up(
    server: Server, people: list[Person], failpoint: Callable[..., None], command: str
) -> None:
    asha, ravi = people[:2]
    assert asha.send(ravi, 1).status == 200
    slow = {"failCommands": [command], "blockConnection": True, "blockTimeMS": 1500}
    failpoint("failCommand", {"times": 1}, slow)
    with ThreadPoolExecutor(1) as pool:
        cut = pool.submit(retrying.attempt, asha, ravi, 10, key="rent")
        Event().wait(0.7)
        kill(server.worker_pids())
        assert cut.result() is None

    killed = monotonic()
    answer = retrying.send(asha, ravi, 10, key="rent")
    assert monotonic() - killed < 15
    assert_kept({"rent": answer})
    assert asha.balance() == 89


def test_a_reload_under_load_loses_and_doubles_nothing(server: Server, people: list[Person]) -> None:
    before = server.worker_pids()
    with Traffic(*people) as traffic:
        server.send_signal(signal.SIGHUP)
        wait_for_workers(server, other_than=before)
        traffic.wait_for_success()

    assert_kept(traffic.answers)


def test_stopping_under_load_answers_only_what_became_of_a_transfer(server: Server, people: list[Person]) -> None:
    sent: dict[str, tuple[Person, Person, Answer | None]] = {}

    def pay(payer: Person, payee: Person) -> None:
        for turn in range(10_000):
            answer = retrying.attempt(payer, payee, 0.01, key=f"{payer.id}-{turn}")
            sent[f"{payer.id}-{turn}"] = payer, payee, answer
            if answer is None:
                return

    with ThreadPoolExecutor(6) as pool:
        clients = [pool.submit(pay, payer, payee) for payer, payee in pairwise([*people, people[0]])]
        Event().wait(0.5)
        server.send_signal(signal.SIGTERM)
        for client in clients:
            client.result()

    assert server.exit_code() == 0
    assert {answer.status for _, _, answer in sent.values() if answer} <= {200, 503}
    server.start()
    again = {key: retrying.send(payer, payee, 0.01, key=key) for key, (payer, payee, _) in sent.items()}
    assert_kept(again)
    told = {key: answer.body for key, (_, _, answer) in sent.items() if answer and answer.status == 200}
    assert told == {key: again[key].body for key in told}


def test_stopping_answers_the_transfers_that_wait(
    server: Server, people: list[Person], failpoint: Callable[..., None]
) -> None:
    slow = {"failCommands": ["commitTransaction"], "blockConnection": True, "blockTimeMS": 1500}
    failpoint("failCommand", {"times": 1}, slow)

    with ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(people[n % 6].send, people[n % 6 - 1], 1, key=f"key-{n}") for n in range(12)]
        Event().wait(0.5)
        server.send_signal(signal.SIGTERM)
        results = {f"key-{n}": answer.result() for n, answer in enumerate(answers)}

    assert {answer.status for answer in results.values()} == {200}
    assert_kept(results)
    assert server.exit_code() == 0


def test_stopping_does_not_wait_for_idle_connections(server: Server) -> None:
    assert server.call("GET", "//health/live").status == 200
    begun = monotonic()
    server.send_signal(signal.SIGTERM)

    assert server.exit_code() == 0
    assert monotonic() - begun < 6
