"""Finding records, and who owes whom: filters, orders, pages and exact sums."""

from typing import Any

import pytest

from tests.api.stored import count
from tests.bookkeeping import ask, noted, pages, settle
from tests.people import Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")

# Names, days, rupees and types.
BOOK = [
    ("Mira Das", "2026-11-01", 10, "debit"),
    ("mira  das", "2026-11-03", "0.10", "credit"),
    ("Ravi Iyer", "2026-11-02", "20.50", "credit"),
    ("ＭＩＲＡ ＤＡＳ", "2026-11-02", "0.20", "debit"),
    ("Café Noor", "2026-11-03", 10, "debit"),
]


@pytest.fixture
def book(asha: Person) -> Person:
    for name, day, amount, kind in BOOK:
        noted(asha, fullName=name, transactionDate=day, transactionAmount=amount, transactionType=kind)
    return asha


def found(person: Person, **query: Any) -> list[int]:
    """Return which records of the book are found, by their places in it."""
    answer = ask(person, "GET", **query)
    assert answer.status == 200, answer
    names = [name for name, *_ in BOOK]
    return [names.index(record["fullName"]) for record in answer.body["records"]]


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [4, 1, 3, 2, 0]),
    ({"name": "Mira Das"}, [1, 3, 0]),
    ({"name": " MIRA\tdas "}, [1, 3, 0]),
    ({"name": "Cafe\u0301 noor"}, [4]),
    ({"name": "Mira"}, []),
    ({"name": ""}, [4, 1, 3, 2, 0]),
    ({"type": "credit"}, [1, 2]),
    ({"from": "2026-11-02"}, [4, 1, 3, 2]),
    ({"to": "2026-11-02"}, [3, 2, 0]),
    ({"from": "2026-11-02", "to": "2026-11-02"}, [3, 2]),
    ({"from": "2026-11-03", "to": "2026-11-02"}, []),
    ({"min": "10"}, [4, 2, 0]),
    ({"max": "0.10"}, [1]),
    ({"min": "0.11", "max": "10", "type": "debit", "name": "mira das"}, [3, 0]),
    ({"sort": "date"}, [0, 2, 3, 1, 4]),
    ({"sort": "amount"}, [1, 3, 0, 4, 2]),
    ({"sort": "-amount"}, [2, 4, 0, 3, 1]),
    ({"sort": "-amount", "name": "mira das"}, [0, 3, 1]),
    ({"name[$ne]": "x", "$where": "1"}, [4, 1, 3, 2, 0]),
]


def test_records_are_filtered_and_sorted(book: Person) -> None:
    assert [(query, found(book, **query)) for query, _ in FILTERS] == FILTERS


@pytest.mark.parametrize("order", ["date", "-date", "amount", "-amount"])
def test_pages_show_every_record_once(book: Person, order: str) -> None:
    whole = ask(book, "GET", sort=order).body["records"]

    assert [record for page in pages(book, "", "records", sort=order, limit=2) for record in page] == whole


def test_people_have_books_of_their_own(book: Person, ravi: Person) -> None:
    assert ask(ravi, "GET").body == {"records": [], "nextCursor": None}
    assert ask(ravi, "GET", "/balances").body == {"balances": [], "nextCursor": None}
    assert ask(ravi, "GET", name="Mira Das").body["records"] == []


BAD = [
    {"sort": "name"},
    {"type": "gift"},
    {"from": "yesterday"},
    {"min": "-1"},
    {"cursor": "x"},
    {"name": "x" * 101},
]


@pytest.mark.parametrize("query", BAD, ids=str)
def test_what_cannot_be_looked_for_is_named(asha: Person, query: dict[str, str]) -> None:
    answer = ask(asha, "GET", **query)

    assert (answer.status, list(answer.body["errors"])) == (400, list(query))


def test_a_cursor_is_of_one_order(book: Person) -> None:
    cursor = ask(book, "GET", limit=1).body["nextCursor"]

    assert ask(book, "GET", sort="amount", cursor=cursor).status == 400


def balances(person: Person, **query: Any) -> list[tuple[Any, ...]]:
    names = ("fullName", "credit", "debit", "net", "owes", "records")
    found = [row for page in pages(person, "/balances", "balances", **query) for row in page]
    return [tuple(row[name] for name in names) for row in found]


MIRA = ("ＭＩＲＡ ＤＡＳ", 0.1, 10.2, 10.1, "they", 3)
RAVI = ("Ravi Iyer", 20.5, 0, -20.5, "you", 1)
NOOR = ("Café Noor", 0, 10, 10, "they", 1)


def test_balances_say_who_owes_whom_exactly(book: Person) -> None:
    assert balances(book) == [RAVI, MIRA, NOOR]
    assert balances(book, limit=1) == [RAVI, MIRA, NOOR]
    assert balances(book, sort="name") == balances(book, sort="name", limit=1) == [NOOR, MIRA, RAVI]


def test_the_largest_sums_are_exact(asha: Person) -> None:
    for paise in ("99999999.99", "99999999.98", "0.01"):
        noted(asha, transactionAmount=paise)

    assert balances(asha) == [("Mira Das", 0, 199999999.98, 199999999.98, "they", 3)]


def test_who_is_even_owes_nothing(asha: Person) -> None:
    noted(asha)
    noted(asha, transactionType="credit")

    assert balances(asha) == [("Mira Das", 12.5, 12.5, 0, "nobody", 2)]


def test_deleted_records_count_for_nothing(asha: Person) -> None:
    ask(asha, "DELETE", f"/{noted(asha)['id']}")

    assert balances(asha) == []


def test_what_was_paid_counts_no_more(asha: Person, ravi: Person) -> None:
    debit, credit = noted(asha), noted(asha, transactionType="credit", transactionAmount=3)
    settle(asha, credit["id"], ravi, "a")
    asked = settle(asha, debit["id"], ravi, "b").body["record"]["settledBy"]["requestId"]

    assert balances(asha) == [("Mira Das", 0, 12.5, 12.5, "they", 1)]

    ravi.call("POST", f"/transaction/request/{asked}/pay", json={"idempotencyKey": "p"}, headers=ravi.headers)
    assert (balances(asha), count("cashbook")) == ([], 2)


@pytest.mark.parametrize("cursor", ["x", "e30", "A" * 100])
def test_a_made_up_cursor_of_balances_is_refused(book: Person, ravi: Person, cursor: str) -> None:
    theirs = ask(book, "GET", "/balances", limit=1).body["nextCursor"]

    assert ask(book, "GET", "/balances", cursor=cursor).status == 400
    assert ask(book, "GET", "/balances", cursor=theirs, sort="name").status == 400
    assert ask(ravi, "GET", "/balances", cursor=theirs).status == 400
    assert "Mira" not in theirs
