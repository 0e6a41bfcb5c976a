"""What an account held, line by line, between two days."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock
from paytm.account import passbook
from tests.api.holding import another, move
from tests.people import Call, Person, sign_up

# Noon in India.
NOON = datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
DAY = timedelta(days=1)


def statement(person: Person, account: str, query: str = "") -> dict[str, Any]:
    answer = person.get(f"/account/{account}/statement{query}")
    assert answer.status == 200, answer
    return answer.body


def pages(person: Person, account: str, query: str) -> Iterator[dict[str, Any]]:
    """Follow the cursors."""
    cursor = ""
    while cursor is not None:
        page = statement(person, account, f"{query}{cursor}")
        yield page
        cursor = f"&cursor={page['nextCursor']}" if page["nextCursor"] is not None else None


@pytest.fixture
def savings(app: Flask, asha: Person, ravi: Person) -> str:
    """An account of Asha's: 10 in on the ninth, 4 out on the tenth, and 7 in on the twelfth."""
    account = another(asha, "Savings")
    move(app, asha.id, account, 10_00, at=NOON - DAY)
    move(app, account, ravi.id, 4_00, at=NOON, note="Books & <b>pens</b>")
    move(app, ravi.id, account, 7_50, at=NOON + 2 * DAY)
    return account


def test_a_line_tells_who_why_and_how_much(asha: Person, ravi: Person, savings: str) -> None:
    (line,) = statement(asha, savings, "?from=2026-11-10&to=2026-11-10")["lines"]

    assert line == {
        "id": line["id"],
        "createdAt": "2026-11-10T06:30:00+00:00",
        "kind": "transfer",
        "counterparty": {"id": ravi.id, "name": "Ravi Iyer"},
        "note": "Books & <b>pens</b>",
        "debit": 4,
        "credit": None,
        "balance": 6,
    }


@pytest.mark.parametrize(
    ("period", "opening", "amounts", "closing"),
    [
        ("from=2026-11-09&to=2026-11-12", 0, [10, -4, 7.5], 13.5),
        ("from=2026-11-10&to=2026-11-11", 10, [-4], 6),
        ("from=2026-11-12&to=2026-11-12", 6, [7.5], 13.5),
        ("from=2026-11-11&to=2026-11-11", 6, [], 6),
        ("from=2026-10-01&to=2026-11-08", 0, [], 0),
        ("from=2026-11-13&to=2027-01-31", 13.5, [], 13.5),
        ("to=2026-11-11", 0, [10, -4], 6),
    ],
)
def test_both_days_are_in_the_period(
    asha: Person, savings: str, period: str, opening: float, amounts: list[float], closing: float
) -> None:
    shown = statement(asha, savings, f"?{period}")

    assert (shown["openingBalance"], shown["closingBalance"]) == (opening, closing)
    assert [line["credit"] if line["credit"] is not None else -line["debit"] for line in shown["lines"]] == amounts


def test_days_begin_at_midnight_in_india(app: Flask, asha: Person) -> None:
    account = another(asha)
    move(app, asha.id, account, 1_00, at=datetime(2026, 11, 9, 18, 29, 59, 999000, tzinfo=UTC))
    move(app, asha.id, account, 2_00, at=datetime(2026, 11, 9, 18, 30, tzinfo=UTC))

    assert [line["credit"] for line in statement(asha, account, "?from=2026-11-10&to=2026-11-10")["lines"]] == [2]
    assert [line["credit"] for line in statement(asha, account, "?from=2026-11-09&to=2026-11-09")["lines"]] == [1]


def test_by_default_it_is_the_current_month(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5)
    today = clock.now().astimezone(clock.INDIA).date()

    shown = statement(asha, asha.id)

    assert (shown["from"], shown["to"]) == (today.replace(day=1).isoformat(), today.isoformat())
    assert (shown["openingBalance"], shown["closingBalance"], len(shown["lines"])) == (0, 95, 2)
    assert shown["lines"][0]["counterparty"]["name"] == "Opening balance"


NO_PERIODS = [
    "from=2026-11-10&to=2026-11-09",
    "from=2025-11-10&to=2026-11-11",
    "from=2999-01-01",
    "from=20261110",
    "from=2026-W46-2",
    "from=2026-11-31",
    "from=10.11.2026",
    "from=0001-01-01&to=0001-01-02",
    "to=9999-12-31",
    "from=２026-11-10",
    "to=",
    "to=2026-11-10T00:00:00Z",
    "format=xls",
    "format=",
    "cursor=-1",
    "cursor=x",
]


def test_what_is_no_period_is_refused(asha: Person) -> None:
    for query in NO_PERIODS:
        answer = asha.get(f"/account/{asha.id}/statement?{query}")

        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), query


def test_a_year_is_not_too_long(asha: Person) -> None:
    statement(asha, asha.id, "?from=2027-03-01&to=2028-02-29")


def test_pages_show_every_line_once(app: Flask, asha: Person) -> None:
    account = another(asha)
    for number in range(7):
        move(app, asha.id, account, 1_00 + number, at=NOON)

    shown = list(pages(asha, account, "?from=2026-11-10&to=2026-11-10&limit=3"))

    assert [len(page["lines"]) for page in shown] == [3, 3, 1]
    assert [line["credit"] for page in shown for line in page["lines"]] == [
        1, 1.01, 1.02, 1.03, 1.04, 1.05, 1.06,
    ]  # fmt: skip


@pytest.mark.parametrize("cursor", ["0", "1", str(2**63 - 1)])
def test_no_cursor_leads_out_of_the_period(asha: Person, savings: str, cursor: str) -> None:
    shown = statement(asha, savings, f"?from=2026-11-10&to=2026-11-10&cursor={cursor}")

    assert [line["debit"] for line in shown["lines"]] in ([4], [])


def test_it_is_the_accounts_own_lines_only(app: Flask, call: Call, asha: Person, savings: str) -> None:
    stranger = sign_up(call)

    assert len(statement(stranger, stranger.id)["lines"]) == 1


@pytest.mark.parametrize("seed", range(5))
def test_opening_and_lines_lead_to_the_closing_balance(app: Flask, asha: Person, ravi: Person, seed: int) -> None:
    choice = random.Random(seed)
    one, two = another(asha, "one"), another(ravi, "two")
    move(app, asha.id, one, 100_00, at=NOON)
    move(app, ravi.id, two, 100_00, at=NOON)
    at = NOON
    for _ in range(40):
        at += timedelta(hours=choice.randrange(12))
        source, destination = choice.sample([one, two], 2)
        move(app, source, destination, choice.randint(1, 250), at=at)

    for _ in range(10):
        start = date(2026, 11, 8) + timedelta(days=choice.randrange(20))
        end = start + timedelta(days=choice.randrange(15))
        book = passbook.between(ObjectId(one), start, end)
        lines = [line for batch in book.batches() for line in batch]
        assert book.opening + sum((line["credit"] or 0) - (line["debit"] or 0) for line in lines) == book.closing
        running = book.opening
        for line in lines:
            running += (line["credit"] or 0) - (line["debit"] or 0)
            assert line["balance"] == running
            assert start <= line["createdAt"].astimezone(clock.INDIA).date() <= end


def test_periods_that_follow_each_other_fit(asha: Person, savings: str) -> None:
    days = [statement(asha, savings, f"?from=2026-11-{day:02}&to=2026-11-{day:02}") for day in range(8, 15)]

    assert [day["closingBalance"] for day in days[:-1]] == [day["openingBalance"] for day in days[1:]]


def test_a_transfer_while_it_is_read_changes_nothing_in_it(app: Flask, asha: Person) -> None:
    account = another(asha)
    move(app, asha.id, account, 1_00, at=NOON)
    book = passbook.between(ObjectId(account), NOON.date(), NOON.date())
    move(app, asha.id, account, 2_00, at=NOON)

    assert [line["credit"] for batch in book.batches() for line in batch] == [1_00]
    assert (book.opening, book.closing) == (0, 1_00)
