"""Writes of a cash book whose commit fails: what is answered is what has happened."""

from collections.abc import Callable

import pytest

from tests.api.stored import count
from tests.bookkeeping import ask, note_down, noted, read, settle, write
from tests.faults.conftest import Fail
from tests.faults.test_messages import FAULTS
from tests.people import Answer, Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")


def insist(do: Callable[[], Answer]) -> Answer:
    answers = (do() for _ in range(20))
    return next(answer for answer in answers if answer.status != 503)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_record_whose_commit_fails_is_added_once(asha: Person, fail: Fail, fault: str) -> None:
    fail("commitTransaction", **FAULTS[fault])

    answer = insist(lambda: note_down(asha, idempotencyKey="k"))

    assert (answer.status, count("cashbook")) == (201, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_change_whose_commit_fails_is_made_or_not(asha: Person, fail: Fail, fault: str) -> None:
    record = noted(asha)
    fail("commitTransaction", **FAULTS[fault])

    answer = write(asha, "PATCH", record["id"], '"1"', note="x")

    assert answer.status in (200, 503)
    assert answer.status == 503 or (read(asha, record["id"])["note"], answer.body["record"]["version"]) == ("x", 2)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_deletion_whose_commit_fails_is_made_or_not(asha: Person, fail: Fail, fault: str) -> None:
    record = noted(asha)
    fail("commitTransaction", **FAULTS[fault])

    answer = ask(asha, "DELETE", f"/{record['id']}")

    assert answer.status in (204, 503)
    assert answer.status == 503 or ask(asha, "GET", f"/{record['id']}").status == 404


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_settlement_whose_commit_fails_is_made_once(
    asha: Person, ravi: Person, fail: Fail, fault: str, kind: str
) -> None:
    record = noted(asha, transactionType=kind)
    fail("commitTransaction", **FAULTS[fault])

    answer = insist(lambda: settle(asha, record["id"], ravi))

    assert (answer.status, read(asha, record["id"])["version"]) == (201, 2)
    assert count("payment_requests") + count("transactions", kind="transfer") == 1
