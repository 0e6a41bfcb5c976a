"""What is kept of many entries: made by whoever comes first, the same by everybody, and only ever derived."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.analytics import audit, summaries
from paytm.ledger import store
from paytm.ledger.audit import Unbalanced
from paytm.ledger.posting import Posting, movement
from tests import reckoning
from tests.api.stored import stored
from tests.concurrency.together import at_once
from tests.conftest import caller
from tests.people import Answer, Person

BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
MARCH = "from=2027-03-01&timezone=Europe/Berlin"


@pytest.fixture(autouse=True)
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few entries be enough for a summary."""
    monkeypatch.setattr(summaries, "SIZES", (20, 5))


@pytest.fixture
def busy(app: Flask, asha: Person, ravi: Person) -> Person:
    """Asha, who has 45 entries, and so two long runs and nine short ones."""
    pay(asha, ravi, 44)
    return asha


def pay(payer: Person, payee: Person, times: int) -> None:
    """Let somebody pay a paisa many times, within some days."""
    source, destination = ObjectId(payer.id), ObjectId(payee.id)
    postings = [
        Posting(
            kind="transfer",
            owner=source,
            source=source,
            destination=destination,
            amount=1,
            legs=movement(source, destination, 1),
            at=BEGIN + number * timedelta(hours=7),
        )
        for number in range(times)
    ]
    store.commit(postings, timeout=20)


def ask(person: Person, day: int = 31) -> Answer:
    """Ask for a report up to a day of March."""
    return person.get(f"/analytics?{MARCH}&to=2027-03-{day}")


def report(person: Person) -> dict[str, Any]:
    answer = ask(person)
    assert answer.status == 200, answer
    return answer.body


def expected(person: Person) -> dict[str, Any]:
    return reckoning.report(person.id, BEGIN.date(), datetime(2027, 3, 31).date(), "Europe/Berlin")


def runs() -> list[tuple[int, int]]:
    """Return sizes and numbers of the runs whose summaries are there."""
    return sorted((summary["size"], summary["number"]) for summary in stored("summaries")["summaries"])


def test_a_reader_makes_what_is_missing(busy: Person) -> None:
    assert reckoning.comparable(report(busy)) == expected(busy)

    # The first ones begin before March, with the opening balance, and those within a long one are not needed.
    assert runs() == [(5, 1), (5, 2), (5, 3), (5, 8), (20, 1)]


def test_without_summaries_a_report_is_the_same(busy: Person, ravi: Person) -> None:
    report(busy)
    before = runs()
    db.database()["summaries"].delete_many({"number": {"$ne": 2}})
    pay(ravi, busy, 1)

    assert reckoning.comparable(report(busy)) == expected(busy)
    assert runs() == before


def test_what_comes_later_is_added(busy: Person, ravi: Person) -> None:
    report(busy)
    for times in (1, 9, 12):
        pay(ravi, busy, times)

        assert reckoning.comparable(report(busy)) == expected(busy)


def test_a_worker_makes_them_before_anybody_asks(busy: Person) -> None:
    rests = [summaries.sweep() for _ in range(3)]

    # Those of Asha, of Ravi, and then nothing is left to do.
    assert (rests[:2], rests[2] >= 30) == ([0, 0], True)
    each = [(5, number) for number in range(9)] + [(20, number) for number in range(2)]
    assert runs() == sorted(each * 2)
    assert audit.check() == 22


def test_many_can_make_them_at_the_same_time(app: Flask, busy: Person, ravi: Person) -> None:
    people = [Person(caller(app.test_client()), busy.token, busy.id, busy.username) for _ in range(4)]
    pay(ravi, busy, 1)

    def make(number: int) -> object:
        # Each of them asks for something else.
        return summaries.sweep() if number % 2 else ask(people[number // 2], 20 + number).status

    assert at_once(8, make)[::2] == [200] * 4
    assert audit.check() == len(runs()) > 0
    assert reckoning.comparable(report(busy)) == expected(busy)


def test_the_audit_finds_a_summary_that_is_wrong(busy: Person) -> None:
    report(busy)
    db.database()["summaries"].update_one({"number": 2}, {"$inc": {"kinds.0.debit": 1}})

    with pytest.raises(Unbalanced, match=f"summary 2 of 5 entries of account {busy.id}"):
        audit.check()


def test_a_summary_is_never_made_of_entries_that_are_not_to_be_seen(busy: Person) -> None:
    entries = db.database()["entries"]
    hidden = entries.find_one_and_delete({"account": ObjectId(busy.id), "seq": 15})

    answer = ask(busy)

    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    entries.insert_one(hidden)
    assert reckoning.comparable(report(busy)) == expected(busy)


def test_what_is_summed_up_is_not_read_again(busy: Person, ravi: Person) -> None:
    report(busy)
    pay(ravi, busy, 1)
    wanted = expected(busy)
    entries = db.database()["entries"]
    hidden = entries.find_one_and_delete({"account": ObjectId(busy.id), "seq": 15})

    shown = report(busy)

    entries.insert_one(hidden)
    assert reckoning.comparable(shown) == wanted
