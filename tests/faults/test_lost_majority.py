"""Transfers that are written but not yet safe: MongoDB's journal stands still, so no majority has them.

A server that is killed then forgets them, as a primary does that is cut off from its majority and rolls back.
"""

from collections.abc import Callable

import pytest

from paytm import db
from paytm.dev.mongod import Mongod
from tests.faults import retrying
from tests.faults.traffic import assert_kept
from tests.people import Person

pytestmark = pytest.mark.usefixtures("impatient")

JOURNAL_STOPS = "pauseJournalFlusherBeforeFlush"


@pytest.fixture
def mongod(own_mongod: Mongod) -> Mongod:
    return own_mongod


def test_nothing_is_acknowledged_before_it_is_safe(asha: Person, ravi: Person, failpoint: Callable[..., None]) -> None:
    failpoint(JOURNAL_STOPS, "alwaysOn")
    # The first writes it; the second finds it by its key, and must not take it for granted either.
    answers = [asha.send(ravi, 10, key="rent") for _ in range(2)]
    assert [retrying.is_definite(answer) for answer in answers] == [False] * 2
    assert asha.balance() == 100
    assert db.database()["transactions"].count_documents({"key": "rent"}) == 0

    failpoint(JOURNAL_STOPS, "off")
    assert_kept({"rent": retrying.send(asha, ravi, 10, key="rent")})
    assert asha.balance() == 90


def test_a_transfer_that_was_forgotten_is_made_once_by_the_same_key(
    mongod: Mongod, asha: Person, ravi: Person, failpoint: Callable[..., None]
) -> None:
    failpoint(JOURNAL_STOPS, "alwaysOn")
    assert not retrying.is_definite(asha.send(ravi, 10, key="rent"))
    mongod.kill()
    mongod.start()

    answer = retrying.send(asha, ravi, 10, key="rent")
    assert "Idempotent-Replayed" not in answer.headers
    assert_kept({"rent": answer})
    assert (asha.balance(), ravi.balance()) == (90, 110)
