"""Statements as files: CSV for spreadsheets, and PDF for paper."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from bson import ObjectId
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from paytm import db
from paytm.account import paper, passbook, spreadsheet
from tests.api.holding import another, move
from tests.api.stored import MONEY, stored
from tests.people import Call, Person, sign_up

NOON = datetime(2026, 11, 10, 6, 30, tzinfo=UTC)
NOVEMBER = "from=2026-11-01&to=2026-11-30"


def download(client: FlaskClient, person: Person, account: str, form: str) -> TestResponse:
    answer = client.get(f"/api/v1/account/{account}/statement?{NOVEMBER}&format={form}", headers=person.headers)
    assert answer.status_code == 200, answer.text
    return answer


def rows(client: FlaskClient, person: Person, account: str) -> list[list[str]]:
    text = download(client, person, account, "csv").get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def pages(client: FlaskClient, person: Person, account: str) -> list[str]:
    """Return the text of each page, with blanks and breaks as one blank."""
    content = download(client, person, account, "pdf").get_data()
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.fixture
def savings(app: Flask, asha: Person, ravi: Person) -> str:
    account = another(asha, "Savings")
    move(app, asha.id, account, 60_00, at=NOON)
    move(app, account, ravi.id, 4_50, at=NOON + timedelta(days=1), note="rent")
    return account


def test_csv_has_a_row_for_each_line_between_the_balances(client: FlaskClient, asha: Person, savings: str) -> None:
    header, opening, *lines, closing = rows(client, asha, savings)

    assert header == ["Date (IST)", "Kind", "Counterparty", "Note", "Debit", "Credit", "Balance", "Transaction"]
    assert opening == ["2026-11-01", "Opening balance", "", "", "", "", "0.00", ""]
    assert [line[:7] for line in lines] == [
        ["2026-11-10 12:00:00", "transfer", "Wallet", "", "", "60.00", "60.00"],
        ["2026-11-11 12:00:00", "transfer", "Ravi Iyer", "rent", "4.50", "", "55.50"],
    ]
    assert closing == ["2026-11-30", "Closing balance", "", "", "", "", "55.50", ""]


@pytest.mark.parametrize(("form", "kind"), [("csv", "text/csv; charset=utf-8"), ("pdf", "application/pdf")])
def test_a_file_has_a_name_that_needs_no_escaping(client: FlaskClient, asha: Person, form: str, kind: str) -> None:
    account = another(asha, 'a"b\\c; é/../€')

    answer = download(client, asha, account, form)

    assert answer.headers["Content-Type"] == kind
    name = f"statement-{account}-2026-11-01-2026-11-30.{form}"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_csv_begins_as_excel_expects_it(client: FlaskClient, asha: Person, savings: str) -> None:
    content = download(client, asha, savings, "csv").get_data()

    assert content.startswith(b"\xef\xbb\xbfDate (IST),")
    assert content.endswith(b"\r\n")


@pytest.mark.parametrize(
    "note",
    [
        "=1+1",
        '=HYPERLINK("http://x","y")',
        "+1",
        "-1",
        "@SUM(A1)",
        "＝1+1",
        "=cmd|' /C calc'!A0",
        '",=1+1,"',
        "-2+3+cmd|' /C calc'!A0",
    ],
)
def test_no_text_is_a_formula(app: Flask, client: FlaskClient, asha: Person, note: str) -> None:
    account = another(asha)
    move(app, asha.id, account, 1_00, at=NOON, note=note)

    shown = rows(client, asha, account)[2][3]

    assert shown in (note, f"'{note}")
    assert shown[0] not in "=+-@＝"


def test_a_name_is_no_formula_either(app: Flask, client: FlaskClient, call: Call, asha: Person) -> None:
    mallory = sign_up(call, "=1+1", "@x")
    move(app, mallory.id, asha.id, 1_00, at=datetime(2026, 11, 30, tzinfo=UTC))

    names = {row[2] for row in rows(client, asha, asha.id)}

    assert "'=1+1 @x" in names


def test_many_lines_come_in_pieces_and_in_order(app: Flask, asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    account = another(asha)
    for number in range(7):
        move(app, asha.id, account, 1_00 + number, at=NOON)
    monkeypatch.setattr(passbook, "_BATCH", 3)

    pieces = list(spreadsheet.stream(passbook.between(ObjectId(account), NOON.date(), NOON.date())))

    assert [piece.count("\n") for piece in pieces] == [5, 3, 1, 1]
    lines = list(csv.reader(io.StringIO("".join(pieces), newline="")))[2:-1]
    assert [line[5] for line in lines] == [f"1.0{number}" for number in range(7)]


def test_pdf_shows_account_holder_period_and_every_line(client: FlaskClient, asha: Person, savings: str) -> None:
    (page,) = pages(client, asha, savings)

    for text in (
        "Account statement",
        "Asha Rao · Savings",
        f"Account {savings}",
        "01 Nov 2026 to 30 Nov 2026, in Indian Standard Time",
        "01 Nov 2026 Opening balance ₹0.00",
        "10 Nov 2026 12:00 Transfer · Wallet ₹60.00 ₹60.00",
        "11 Nov 2026 12:00 Transfer · Ravi Iyer rent ₹4.50 ₹55.50",
        "30 Nov 2026 Closing balance ₹55.50",
        "Page 1 of 1",
    ):
        assert text in page, page


def test_the_same_statement_is_the_same_bytes(client: FlaskClient, asha: Person, savings: str) -> None:
    first, again = (download(client, asha, savings, "pdf").get_data() for _ in range(2))

    assert first == again


def test_a_long_statement_has_numbered_pages_with_every_line_once(
    app: Flask, client: FlaskClient, asha: Person
) -> None:
    account = another(asha)
    for number in range(90):
        move(app, asha.id, account, 100 + number % 7, at=NOON, note=f"line {number:03}")

    shown = pages(client, asha, account)

    assert len(shown) > 2
    assert all(f"Page {number} of {len(shown)}" in page for number, page in enumerate(shown, 1))
    assert all("Account statement" in page and "Balance" in page for page in shown)
    assert re.findall(r"line (\d{3})", " ".join(shown)) == [f"{number:03}" for number in range(90)]


@pytest.mark.parametrize(
    "note",
    [
        "<b>bold</b> & <font size=99>x</font> &amp; <para>",
        "चाय ☕",
        "🎉🎉🎉",
        "مرحبا",
        "e\u0301\u202e\u200b",
        "W" * 200,
        "🧾" * 200,
        "word " * 40,
    ],
)
def test_whatever_people_write_fits_onto_paper(app: Flask, client: FlaskClient, asha: Person, note: str) -> None:
    account = another(asha, note[:50].strip())
    move(app, asha.id, account, 1_00, at=NOON, note=note.strip())

    (page,) = pages(client, asha, account)

    assert "Closing balance ₹1.00" in page
    if note.isascii():
        assert re.sub(r"\s", "", note) in re.sub(r"\s", "", page)


def test_an_empty_statement_is_a_page_too(client: FlaskClient, asha: Person) -> None:
    (page,) = pages(client, asha, another(asha))

    assert "Opening balance ₹0.00" in page
    assert "Closing balance ₹0.00" in page


def test_trillions_stay_in_their_column(app: Flask, client: FlaskClient, asha: Person) -> None:
    account = another(asha)
    move(app, "0" * 24, account, 10**15, at=NOON)

    (page,) = pages(client, asha, account)

    assert "₹1,00,00,00,00,00,000.00" in page


def test_a_pdf_that_nobody_would_read_is_refused_and_csv_offered(
    client: FlaskClient, asha: Person, savings: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "MOST_LINES", 1)

    path = f"/api/v1/account/{savings}/statement?{NOVEMBER}&format=pdf"
    answer = client.get(path, headers=asha.headers)

    assert answer.status_code == 400
    assert answer.get_json()["message"] == ("A PDF has at most 1 lines, and this one would have 2: take format=csv")


@pytest.mark.parametrize("form", ["json", "csv", "pdf"])
def test_to_read_a_statement_writes_nothing(client: FlaskClient, asha: Person, savings: str, form: str) -> None:
    before = stored(*MONEY)
    download(client, asha, savings, form)

    assert stored(*MONEY) == before


def test_a_statement_of_a_closed_account_can_be_read(app: Flask, client: FlaskClient, asha: Person) -> None:
    account = another(asha)
    db.database()["accounts"].update_one({"_id": ObjectId(account)}, {"$set": {"status": "closed"}})

    assert len(rows(client, asha, account)) == 3
