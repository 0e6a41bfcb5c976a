"""Cash books that several devices write at the same moment: nothing is overwritten, settled twice or miscounted."""

import pytest
from bson import ObjectId

from paytm.cashbook import versions
from tests.api.stored import count
from tests.bookkeeping import ask, note_down, noted, read, settle, write
from tests.concurrency.together import at_once
from tests.people import Call, Person
from tests.server import Server

pytestmark = pytest.mark.usefixtures("cash_books_agree")

_TIMES = 8


@pytest.fixture
def call(server: Server) -> Call:
    return server.call


def version(person: Person) -> int:
    return versions.current(ObjectId(person.id))


def test_of_changes_to_one_version_one_wins(asha: Person) -> None:
    record = noted(asha)

    answers = at_once(_TIMES, lambda number: write(asha, "PATCH", record["id"], '"1"', note=str(number)))

    assert sorted(answer.status for answer in answers) == [200] + [412] * (_TIMES - 1)
    (won,) = [number for number, answer in enumerate(answers) if answer.status == 200]
    assert (read(asha, record["id"])["note"], version(asha)) == (str(won), 2)


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_record_is_settled_once(asha: Person, ravi: Person, kind: str) -> None:
    record = noted(asha, transactionType=kind)

    answers = at_once(_TIMES, lambda number: settle(asha, record["id"], ravi, str(number)))

    assert sorted(answer.status for answer in answers) == [201] + [409] * (_TIMES - 1)
    assert count("payment_requests") + count("transactions", kind="transfer") == 1
    assert version(asha) == 2


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_key_settles_once(asha: Person, ravi: Person, kind: str) -> None:
    record = noted(asha, transactionType=kind)

    answers = at_once(_TIMES, lambda _: settle(asha, record["id"], ravi, "k"))

    assert {answer.status for answer in answers} <= {201, 409}
    assert len({str(answer.body["record"]) for answer in answers if answer.status == 201}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers if answer.status == 201) == 1
    assert count("payment_requests") + count("transactions", kind="transfer") == 1


def test_a_key_notes_one_record_down(asha: Person) -> None:
    answers = at_once(_TIMES, lambda _: note_down(asha, idempotencyKey="k"))

    assert [answer.status for answer in answers] == [201] * _TIMES
    assert len({answer.body["record"]["id"] for answer in answers}) == 1
    assert (count("cashbook"), version(asha)) == (1, 1)


def test_a_version_counts_every_write(asha: Person) -> None:
    def do(number: int) -> list[int]:
        record = noted(asha, fullName=f"Person {number}")
        changed = write(asha, "PATCH", record["id"], '"1"', note="x")
        return [changed.status, ask(asha, "DELETE", f"/{record['id']}").status]

    assert at_once(_TIMES, do) == [[200, 204]] * _TIMES
    assert version(asha) == 3 * _TIMES
