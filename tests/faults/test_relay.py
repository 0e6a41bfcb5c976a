"""Real workers, killed and cut off while they relay: every message arrives, and a second copy is the same message."""

import os
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.errors import PyMongoError

from paytm import clock, db
from paytm.dev.mongod import Mongod
from paytm.notify import outbox
from tests.faults.conftest import Fail, StartWorker, wait_until
from tests.people import Person
from tests.receivers import Mailbox
from tests.telling import hush, relay_of, tell


def _welcome(person: Person) -> ObjectId:
    return tell("user.registered", user=ObjectId(person.id))


def _ids(messages: list[Any]) -> set[str]:
    return {message["Message-ID"].partition(".")[0].removeprefix("<") for message in messages}


def _end_leases() -> None:
    """Let what killed workers had claimed be due, as it would be after a lease."""
    claimed = {"state": "due", "owner": {"$exists": True}}
    db.database()["deliveries"].update_many(claimed, {"$set": {"dueAt": clock.now()}})


def _all_is_told() -> bool:
    waiting = db.database()["outbox"].count_documents({})
    return not waiting and not db.database()["deliveries"].count_documents({"state": "due"})


def test_workers_killed_at_any_moment_lose_nothing(start_worker: StartWorker, mailbox: Mailbox, asha: Person) -> None:
    hush()
    events = {str(_welcome(asha)) for _ in range(300)}

    for turn in range(1, 7):
        worker = start_worker()
        mailbox.arrivals.wait_until(lambda all_, enough=40 * turn: len(all_) >= enough)
        worker.kill()
        worker.wait()
        _end_leases()
    start_worker()
    wait_until(_all_is_told)

    assert _ids(mailbox.messages) == events
    copies = Counter(message["Message-ID"] for message in mailbox.messages)
    assert len(copies) == 300
    assert sum(copies.values()) <= 300 + 6
    assert db.database()["deliveries"].count_documents({"state": "sent"}) == 300


def test_workers_side_by_side_of_which_one_is_killed(start_worker: StartWorker, mailbox: Mailbox, asha: Person) -> None:
    hush()
    workers = [start_worker(), start_worker()]
    with ThreadPoolExecutor(4) as pool:
        events = {str(event) for event in pool.map(lambda _: _welcome(asha), range(200))}

    mailbox.arrivals.wait_until(lambda all_: len(all_) >= 60)
    workers[0].kill()
    workers[0].wait()
    _end_leases()
    wait_until(_all_is_told)

    assert _ids(mailbox.messages) == events
    # One may have been under way in each: what the first had claimed, and what the rewound lease took from the other.
    assert len(mailbox.messages) <= 202


def test_an_idle_worker_notices_new_work_soon(start_worker: StartWorker, mailbox: Mailbox, asha: Person) -> None:
    hush()
    start_worker()
    _welcome(asha)
    mailbox.arrivals.wait_until(lambda all_: len(all_) == 1)

    begun = monotonic()
    _welcome(asha)
    mailbox.arrivals.wait_until(lambda all_: len(all_) == 2)

    assert monotonic() - begun < 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_cleanly_and_soon(
    start_worker: StartWorker, mailbox: Mailbox, asha: Person, tmp_path: Path, number: signal.Signals
) -> None:
    worker = start_worker()
    _welcome(asha)
    mailbox.arrivals.wait_until(lambda all_: bool(all_))

    begun = monotonic()
    worker.send_signal(number)

    assert worker.wait(10) == 0
    assert monotonic() - begun < 5
    log = (tmp_path / "log").read_text()
    assert '"event":"worker_stopped"' in log
    assert "Traceback" not in log


def test_a_worker_stands_back_behind_everything_else(start_worker: StartWorker, mailbox: Mailbox, asha: Person) -> None:
    worker = start_worker()
    _welcome(asha)
    mailbox.arrivals.wait_until(lambda all_: bool(all_))

    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == min(os.getpriority(os.PRIO_PROCESS, 0) + 10, 19)


def test_a_worker_keeps_its_pace(start_worker: StartWorker, mailbox: Mailbox, asha: Person) -> None:
    hush()
    for _ in range(21):
        _welcome(asha)
    start_worker(DELIVERIES_PER_SECOND="10")
    mailbox.arrivals.wait_until(lambda all_: bool(all_))

    begun = monotonic()
    mailbox.arrivals.wait_until(lambda all_: len(all_) == 21)

    assert monotonic() - begun > 1.8


class TestOutages:
    """On a database server of their own."""

    @pytest.fixture
    def mongod(self, own_mongod: Mongod) -> Mongod:
        return own_mongod

    def test_a_worker_outlives_its_database(
        self, mongod: Mongod, start_worker: StartWorker, mailbox: Mailbox, asha: Person, tmp_path: Path
    ) -> None:
        hush()
        worker = start_worker(DATABASE_TIMEOUT="1")
        first = _welcome(asha)
        mailbox.arrivals.wait_until(lambda all_: len(all_) == 1)

        mongod.kill()
        wait_until(lambda: "database_unavailable" in (tmp_path / "log").read_text())
        mongod.start()
        second = _welcome(asha)
        mailbox.arrivals.wait_until(lambda all_: len(_ids(all_)) == 2)

        assert worker.poll() is None
        assert _ids(mailbox.messages) == {str(first), str(second)}
        assert "Traceback" not in (tmp_path / "log").read_text()


@pytest.mark.parametrize("command", ["delete", "update", "commitTransaction"])
def test_what_cannot_be_noted_down_stays_in_the_outbox(app: Flask, fail: Fail, asha: Person, command: str) -> None:
    hush()
    event = _welcome(asha)
    fail(command, errorCode=20)

    with pytest.raises(PyMongoError):
        relay_of(app).fan_out()

    assert [waiting["_id"] for waiting in outbox.waiting(10)] == [event]
    assert db.database()["deliveries"].count_documents({}) == 0


@pytest.mark.parametrize("command", ["delete", "update", "commitTransaction"])
def test_a_cut_connection_is_tried_again(app: Flask, fail: Fail, asha: Person, command: str) -> None:
    hush()
    _welcome(asha)
    fail(command, closeConnection=True)

    relay_of(app).fan_out()

    assert db.database()["outbox"].count_documents({}) == 0
    assert db.database()["deliveries"].count_documents({"state": "due"}) == 1
