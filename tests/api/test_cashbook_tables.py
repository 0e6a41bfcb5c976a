"""Whole books as tables: what an import takes and refuses, and what an export holds."""

import csv
import io
from typing import Any

import pytest
from bson import ObjectId
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from paytm.cashbook import exporting, importing, sheet, versions
from tests.api.stored import count
from tests.bookkeeping import ask, noted
from tests.people import Answer, Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")

HEADER = "Date,Name,Type,Amount,Note\r\n"
SOUND = HEADER + "2026-11-21,Mira Das,debit,12.50,rice\r\n2026-11-22,Ravi Iyer,credit,7,\r\n"
MIXED = SOUND + "2026-11-31,,gift,0.001,\r\n2026-11-21,Noor,debit,1,,more\r\n"
REFUSED = [
    {
        "line": 4,
        "errors": {
            "Date": ["Not a valid date."],
            "Name": ["Missing data for required field."],
            "Type": ["Must be one of: credit, debit."],
            "Amount": ["Not an amount in rupees with at most two decimals."],
        },
    },
    {"line": 5, "errors": {"line": ["It has more cells than there are columns."]}},
]


def bring(person: Person, table: str | bytes, *, key: str | None = None, **query: str) -> Answer:
    headers = person.headers | ({"Idempotency-Key": key} if key else {})
    data = table if isinstance(table, bytes) else table.encode()
    path = "/cashbook/import"
    return person.call("POST", path, data=data, content_type="text/csv", headers=headers, query_string=query)


def download(client: FlaskClient, person: Person) -> TestResponse:
    answer = client.get("/api/v1/cashbook/export", headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer


def book(person: Person) -> list[tuple[Any, ...]]:
    """Return what a person sees of the book."""
    names = ("transactionDate", "fullName", "transactionType", "transactionAmount", "note")
    records = ask(person, "GET", sort="date", limit=100).body["records"]
    return [tuple(record[name] for name in names) for record in records]


BOOK = [("2026-11-21", "Mira Das", "debit", 12.5, "rice"), ("2026-11-22", "Ravi Iyer", "credit", 7, None)]


def test_a_table_becomes_records_by_one_write(asha: Person) -> None:
    answer = bring(asha, SOUND)

    assert (answer.status, answer.body) == (200, {"lines": 2, "taken": 2, "refused": [], "dryRun": False})
    assert book(asha) == BOOK
    assert versions.current(ObjectId(asha.id)) == 1


FORMS = {
    "with a byte order mark": b"\xef\xbb\xbf" + SOUND.encode(),
    "lines of Unix": SOUND.replace("\r\n", "\n").encode(),
    "no end of the last line": SOUND.rstrip().encode(),
    "other columns, in another order and case": b"amount,x,TYPE, note ,name,date\n"
    b"12.50,7,Debit,rice,Mira Das,2026-11-21\n7,, CREDIT ,,Ravi Iyer,2026-11-22",
    "blank lines": SOUND.replace("\r\n", "\r\n\r\n,,,,\r\n").encode(),
    "quotes": b'Date,Name,Type,Amount,Note\n"2026-11-21","Mira Das","debit","12.50","rice"\n'
    b'2026-11-22,Ravi Iyer,credit,7,""',
}


@pytest.mark.parametrize("table", FORMS.values(), ids=FORMS.keys())
def test_a_table_comes_in_many_forms(asha: Person, table: bytes) -> None:
    assert bring(asha, table).body["taken"] == 2
    assert book(asha) == BOOK


def test_a_table_may_come_as_a_file_of_a_form(asha: Person) -> None:
    form = {"file": (io.BytesIO(SOUND.encode()), "book.csv")}
    forms = [{"data": data, "content_type": "multipart/form-data"} for data in (form, {"file": "no file"})]

    answers = [asha.call("POST", "/cashbook/import", headers=asha.headers, **sent) for sent in forms]

    assert ([answer.status for answer in answers], book(asha)) == ([200, 400], BOOK)


def test_all_lines_are_taken_or_none(asha: Person) -> None:
    answer = bring(asha, MIXED)

    assert (answer.status, answer.body["code"]) == (400, "import_refused")
    assert answer.body["errors"] == {"lines": REFUSED}
    assert count("cashbook") == count("cashbook_versions") == 0


def test_the_lines_that_are_sound_may_be_taken(asha: Person) -> None:
    answer = bring(asha, MIXED, mode="valid-lines")

    assert (answer.status, answer.body) == (200, {"lines": 4, "taken": 2, "refused": REFUSED, "dryRun": False})
    assert book(asha) == BOOK


@pytest.mark.parametrize(("mode", "taken"), [("all-or-nothing", 0), ("valid-lines", 2)])
def test_a_dry_run_only_tells(asha: Person, mode: str, taken: int) -> None:
    answer = bring(asha, MIXED, mode=mode, dryRun="true", key="k")

    assert (answer.status, answer.body) == (200, {"lines": 4, "taken": taken, "refused": REFUSED, "dryRun": True})
    assert count("cashbook") == count("cashbook_keys") == 0


def test_a_key_takes_a_table_once(asha: Person) -> None:
    first, again = (bring(asha, MIXED, mode="valid-lines", key="k") for _ in range(2))
    other = bring(asha, SOUND, mode="valid-lines", key="k")

    assert (first.body, again.headers["Idempotent-Replayed"]) == (again.body, "true")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert count("cashbook") == 2


def test_a_line_is_counted_from_where_it_begins(asha: Person) -> None:
    table = HEADER + '2026-11-21,Mira Das,debit,1,"one\ntwo"\n\n2026-11-21,Mira Das,debit,0,\n'

    assert [refused["line"] for refused in bring(asha, table).body["errors"]["lines"]] == [5]


NO_TABLES: dict[str, str | bytes] = {
    "nothing": "",
    "no header": "2026-11-21,Mira Das,debit,12.50,rice\n",
    "a column is missing": SOUND.replace("Amount", "Sum"),
    "a column twice": SOUND.replace("Note", "name"),
    "not UTF-8": SOUND.replace("Mira", "Mir\u00e9").encode("latin-1"),
    "UTF-16": SOUND.encode("utf-16"),
    "an endless cell": HEADER + "x" * 140_000,
}


@pytest.mark.parametrize("table", NO_TABLES.values(), ids=NO_TABLES.keys())
def test_what_is_no_table_is_refused(asha: Person, table: str | bytes) -> None:
    answer = bring(asha, table, mode="valid-lines")

    assert (answer.status, list(answer.body["errors"])) == (400, ["file"])


def test_a_table_may_not_be_too_long(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_LINES", 1)

    assert bring(asha, SOUND).body["errors"]["file"] == ["More than 1 records: send it in several parts."]
    assert bring(asha, b"x" * (importing.MOST_BYTES + 1)).status == 413


def test_what_is_not_csv_is_another_type(asha: Person) -> None:
    for request in ({"json": {}}, {"data": SOUND, "content_type": "text/plain"}):
        assert asha.call("POST", "/cashbook/import", headers=asha.headers, **request).status == 415


def test_a_full_book_takes_no_line(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_RECORDS", 2)
    noted(asha)

    assert bring(asha, SOUND).body["code"] == "cash_book_full"
    assert count("cashbook") == 1


TEXTS = ["=1+1", "'=1+1", "-Ravi", "'Noor", "Café ₹", 'a "quoted", name', "＝x"]


def test_importing_an_export_brings_the_same_records(
    client: FlaskClient, asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_BATCH", 3)
    for text in TEXTS:
        noted(asha, fullName=text, note=f"{text}\n{text}", transactionAmount="1.05")

    table = download(client, asha).text
    bring(ravi, table)

    assert sorted(book(asha)) == sorted(book(ravi))
    cells = [cell for row in csv.reader(io.StringIO(table.lstrip("\ufeff"), newline="")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝"))]


def test_an_export_is_a_file(client: FlaskClient, asha: Person) -> None:
    bring(asha, SOUND)
    deleted = noted(asha)
    ask(asha, "DELETE", f"/{deleted['id']}")

    answer = download(client, asha)

    assert answer.text == "\ufeff" + SOUND.replace(",7,", ",7.00,")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="cashbook-2')
