"""What an account held at an instant."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from paytm import clock, db
from tests.api.holding import another, move
from tests.people import Person

START = datetime(2026, 11, 1, tzinfo=UTC)


def balance_at(person: Person, account: str, at: datetime) -> float:
    answer = person.get(f"/account/balance/{account}?at={quote(at.isoformat())}")
    assert answer.status == 200, answer
    return answer.body["balance"]


def test_the_balance_of_any_account_of_ones_own_is_there(app: Flask, asha: Person) -> None:
    savings = another(asha)
    move(app, asha.id, savings, 12_34)

    assert asha.get(f"/account/balance/{savings}").body["balance"] == 12.34
    assert asha.get(f"/account/balance/{asha.id}").body["balance"] == 87.66


def test_an_entry_counts_from_its_own_instant_on(app: Flask, asha: Person) -> None:
    savings = another(asha)
    move(app, asha.id, savings, 10_00, at=START)
    move(app, asha.id, savings, 5_00, at=START + timedelta(hours=1))

    moments = [timedelta(milliseconds=-1), timedelta(0), timedelta(hours=1, milliseconds=-1), timedelta(hours=1)]
    assert [balance_at(asha, savings, START + moment) for moment in moments] == [0, 10, 10, 15]


def test_of_several_entries_at_one_instant_the_last_counts(app: Flask, asha: Person) -> None:
    savings = another(asha)
    for paise in (10_00, 5_00, 1_00):
        move(app, asha.id, savings, paise, at=START)

    assert balance_at(asha, savings, START) == 16


def test_before_the_first_entry_there_was_nothing(asha: Person) -> None:
    assert balance_at(asha, asha.id, START) == 0


def test_the_offset_of_an_instant_counts(app: Flask, asha: Person) -> None:
    savings = another(asha)
    move(app, asha.id, savings, 10_00, at=datetime(2026, 11, 1, 18, 30, tzinfo=UTC))

    assert balance_at(asha, savings, datetime(2026, 11, 2, tzinfo=clock.INDIA)) == 10
    assert balance_at(asha, savings, datetime(2026, 11, 2, tzinfo=clock.INDIA) - timedelta(seconds=1)) == 0


@pytest.mark.parametrize(
    "at",
    [
        "",
        "yesterday",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01T00:00:00 05:30",
        "1762000000",
        "2026-13-01T00:00:00Z",
        "2026-11-01T25:00:00Z",
        "0001-01-01T00:00:00%2B23:59",
        "9999-12-31T23:59:59-23:59",
        "{$gt:0}",
    ],
)
def test_what_is_no_instant_with_an_offset_is_refused(asha: Person, at: str) -> None:
    answer = asha.get(f"/account/balance/{asha.id}?at={at}")

    assert (answer.status, list(answer.body["errors"])) == (400, ["at"])


def test_nobody_knows_the_balance_of_the_future(asha: Person) -> None:
    answer = asha.get(f"/account/balance/{asha.id}?at={quote((clock.now() + timedelta(minutes=1)).isoformat())}")

    assert (answer.status, answer.body["errors"]) == (400, {"at": ["It is still to come."]})


def test_now_is_an_instant_too(asha: Person) -> None:
    assert balance_at(asha, asha.id, clock.now()) == 100


@pytest.mark.parametrize("entries", [1, 40])
def test_it_takes_one_seek_in_the_index(
    app: Flask, asha: Person, monkeypatch: pytest.MonkeyPatch, entries: int
) -> None:
    savings = another(asha)
    for number in range(entries):
        move(app, asha.id, savings, 1_00, at=START + timedelta(hours=number))
    plans: list[dict[str, Any]] = []
    find_one = Collection.find_one

    def watched(self: Collection[Any], *arguments: Any, **options: Any) -> Any:
        if self.name == "entries":
            # explain takes no read concern.
            plain = self.with_options(read_concern=ReadConcern())
            plans.append(plain.find(*arguments, **options).limit(-1).explain()["executionStats"])
        return find_one(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "find_one", watched)
        balance_at(asha, savings, START + timedelta(days=1))

    assert [(plan["totalKeysExamined"], plan["totalDocsExamined"]) for plan in plans] == [(1, 1)]


def test_at_any_instant_it_is_the_fold_of_the_entries_up_to_then(app: Flask, asha: Person, ravi: Person) -> None:
    choice = random.Random(20261121)
    accounts = [another(person, name) for person in (asha, ravi) for name in ("one", "two")]
    for number, account in enumerate(accounts):
        move(app, (asha, ravi)[number // 2].id, account, 50_00, at=START)
    for _ in range(60):
        source, destination = choice.sample(accounts, 2)
        at = START + timedelta(milliseconds=choice.randrange(3_000))
        held = db.database()["accounts"].find_one({"_id": ObjectId(source)})
        if held and held["balance"] > 0:
            move(app, source, destination, choice.randint(1, held["balance"]), at=at)

    for account in accounts[:2]:
        entries = list(db.database()["entries"].find({"account": ObjectId(account)}))
        for _ in range(40):
            instant = START + timedelta(milliseconds=choice.randrange(-100, 3_100))
            fold = sum(entry["amount"] for entry in entries if entry["createdAt"] <= instant)
            assert balance_at(asha, account, instant) * 100 == pytest.approx(fold, abs=0.001)
