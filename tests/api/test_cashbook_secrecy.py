"""What the database shows of cash books: nobody's name, and nothing that could be moved elsewhere."""

from typing import Any

import pytest
from bson import BSON, ObjectId
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from paytm import db
from tests.api.stored import count
from tests.bookkeeping import RECORD, ask, noted, read, settle, write
from tests.people import Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")


def row(record: dict[str, Any]) -> dict[str, Any]:
    return db.database()["cashbook"].find_one({"_id": ObjectId(record["id"])}) or {}


def move(value: bytes, record: dict[str, Any], field: str = "fullName") -> None:
    """Put bytes into a record, as somebody could who writes to the database."""
    db.database()["cashbook"].update_one({"_id": ObjectId(record["id"])}, {"$set": {field: value}})


def test_a_dump_of_the_database_shows_no_name(asha: Person, ravi: Person) -> None:
    names = ("Zebulon Quixote", "saffron marigolds")
    record = noted(asha, fullName=names[0], note=names[1], idempotencyKey="k")
    table = f"Date,Name,Type,Amount,Note\n2026-11-21,{names[0]},credit,1,{names[1]}\n"
    asha.call("POST", "/cashbook/import", data=table, content_type="text/csv", headers=asha.headers)
    write(asha, "PATCH", record["id"], "*", note=names[1])
    settle(asha, record["id"], ravi)
    ask(asha, "DELETE", f"/{record['id']}")

    target = db.database()
    dump = b"".join(
        BSON.encode(document) for name in target.list_collection_names() for document in target[name].find()
    )
    assert count("cashbook") == 2
    assert not [name for name in names for part in name.split() if part.lower().encode() in dump.lower()]


def test_equal_names_look_different(asha: Person, ravi: Person) -> None:
    one, again, theirs = row(noted(asha)), row(noted(asha)), row(noted(ravi))

    assert len({found["fullName"] for found in (one, again, theirs)}) == 3
    assert one["nameIndex"] == again["nameIndex"] != theirs["nameIndex"]


@pytest.fixture
def damaged(asha: Person, ravi: Person) -> dict[str, Any]:
    """A record that has the name of somebody else's in place of its own."""
    record = noted(asha, note="rice")
    move(row(noted(ravi, fullName="Theirs"))["fullName"], record)
    return record


def test_a_name_of_somebody_elses_record_is_not_read(asha: Person, damaged: dict[str, Any]) -> None:
    with capture_logs() as lines:
        answer = ask(asha, "GET", f"/{damaged['id']}")

    assert (answer.status, answer.body["code"]) == (500, "record_unreadable")
    (line,) = [line for line in lines if line["event"] == "record_unreadable"]
    assert line.items() >= {"record": damaged["id"], "field": "fullName", "log_level": "error"}.items()


@pytest.mark.parametrize("field", ["fullName", "note"])
def test_no_value_is_read_in_another_record_or_field(asha: Person, field: str) -> None:
    one, other = noted(asha, note="rice"), noted(asha, note="salt")
    move(row(one)[field], other, field)
    move(row(one)["note" if field == "fullName" else "fullName"], one, field)

    assert [ask(asha, "GET", f"/{record['id']}").status for record in (one, other)] == [500, 500]


def test_nobody_pays_for_what_cannot_be_read(asha: Person, ravi: Person) -> None:
    record = noted(asha, transactionType="credit")
    move(row(noted(ravi))["fullName"], record)

    assert settle(asha, record["id"], ravi).body["code"] == "record_unreadable"
    assert asha.balance() == 100


def test_a_list_marks_what_is_damaged_and_shows_the_rest(asha: Person, damaged: dict[str, Any]) -> None:
    sound = noted(asha)

    records = ask(asha, "GET").body["records"]
    balances = ask(asha, "GET", "/balances", sort="name").body["balances"]

    shown = damaged | {"fullName": None, "note": None, "unreadable": True}
    assert records == [sound, shown]
    assert [(person["fullName"], person["debit"]) for person in balances] == [("Mira Das", 25)]


def test_a_person_without_a_readable_name_still_owes(asha: Person, damaged: dict[str, Any]) -> None:
    (person,) = ask(asha, "GET", "/balances").body["balances"]

    assert (person["fullName"], person["net"]) == (None, 12.5)


def test_an_export_of_what_is_damaged_brings_no_other_name(
    client: FlaskClient, asha: Person, damaged: dict[str, Any]
) -> None:
    table = client.get("/api/v1/cashbook/export", headers=asha.headers).text

    assert table.splitlines()[1] == "2026-11-21,,debit,12.50,"


def test_what_is_damaged_is_written_anew_or_deleted(asha: Person, damaged: dict[str, Any]) -> None:
    assert write(asha, "PATCH", damaged["id"], "*", transactionAmount=1).status == 500
    assert row(damaged)["amount"] == 1250

    assert write(asha, "PUT", damaged["id"], '"1"', **RECORD).status == 200
    assert read(asha, damaged["id"])["fullName"] == "Mira Das"
    assert ask(asha, "DELETE", f"/{damaged['id']}").status == 204
