"""Keeping a cash book: adding, changing, deleting and restoring records."""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId

from paytm.cashbook import versions, writing
from tests.api.stored import count, stored
from tests.bookkeeping import RECORD, ask, note_down, noted, read, write
from tests.people import Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")


def version(person: Person) -> int:
    return versions.current(ObjectId(person.id))


def test_a_record_comes_back_as_it_was_noted(asha: Person) -> None:
    answer = note_down(asha, note="rice,\n2 bags")

    record = answer.body["record"]
    assert (answer.status, answer.headers["ETag"]) == (201, '"1"')
    assert record.items() >= (RECORD | {"note": "rice,\n2 bags", "version": 1}).items()
    assert record == read(asha, record["id"])
    assert record["id"] == record["_id"]


def test_a_name_is_trimmed_and_otherwise_kept(asha: Person) -> None:
    assert noted(asha, fullName="  Mira   DAS ")["fullName"] == "Mira   DAS"


BAD: list[tuple[str, Any]] = [
    ("fullName", ""),
    ("fullName", " "),
    ("fullName", "x" * 101),
    ("fullName", "a\0b"),
    ("fullName", None),
    ("fullName", {"$ne": 1}),
    ("transactionDate", "2026-02-30"),
    ("transactionDate", "21-11-2026"),
    ("transactionDate", "2026-11-21T00:00:00Z"),
    ("transactionDate", 20261121),
    ("transactionAmount", 0),
    ("transactionAmount", -1),
    ("transactionAmount", 0.001),
    ("transactionAmount", 100000000.01),
    ("transactionAmount", "abc"),
    ("transactionAmount", None),
    ("transactionType", "gift"),
    ("transactionType", None),
    ("note", "x" * 501),
    ("note", 7),
]


def test_what_is_malformed_is_named_and_not_noted(asha: Person) -> None:
    answers = [(name, note_down(asha, **{name: value})) for name, value in BAD]

    assert {(answer.status, answer.body["code"]) for _, answer in answers} == {(400, "invalid_input")}
    assert [list(answer.body["errors"]) for _, answer in answers] == [[name] for name, _ in answers]
    assert count("cashbook") == version(asha) == 0


def test_a_key_adds_one_record(asha: Person) -> None:
    first, again = note_down(asha, idempotencyKey="k"), note_down(asha, idempotencyKey="k")

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert [answer.headers.get("Idempotent-Replayed") for answer in (first, again)] == [None, "true"]
    assert count("cashbook") == version(asha) == 1


def test_a_key_is_for_one_record_of_one_person(asha: Person, ravi: Person) -> None:
    noted(asha, idempotencyKey="k")

    other = note_down(asha, idempotencyKey="k", fullName="Mira Dias")
    noted(ravi, idempotencyKey="k", fullName="Mira Dias")

    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")


def test_a_key_whose_record_was_deleted_adds_no_other(asha: Person) -> None:
    ask(asha, "DELETE", f"/{noted(asha, idempotencyKey='k')['id']}")

    assert note_down(asha, idempotencyKey="k").status == 409


def test_a_record_is_written_anew_as_a_whole(asha: Person) -> None:
    record = noted(asha, note="rice")
    content = RECORD | {"fullName": "Ravi", "transactionAmount": "7", "transactionType": "credit"}

    answer = write(asha, "PUT", record["id"], '"1"', **content)

    assert (answer.status, answer.headers["ETag"]) == (200, '"2"')
    assert answer.body["record"].items() >= (content | {"transactionAmount": 7, "note": None, "version": 2}).items()
    assert answer.body["record"] == read(asha, record["id"])


def test_a_part_of_a_record_is_changed(asha: Person) -> None:
    record = noted(asha, note="rice")

    answer = write(asha, "PATCH", record["id"], '"1"', transactionAmount=99)
    emptied = write(asha, "PATCH", record["id"], '"2"', note=None)

    kept = record | {"transactionAmount": 99, "version": 2, "updatedAt": answer.body["record"]["updatedAt"]}
    assert answer.body["record"] == kept
    assert emptied.body["record"]["note"] is None
    assert (version(asha), write(asha, "PATCH", record["id"], '"3"').status) == (3, 400)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_says_what_it_was_made_on(asha: Person, method: str) -> None:
    record = noted(asha)
    write(asha, "PATCH", record["id"], '"1"', note="by another device")

    answers = {match: write(asha, method, record["id"], match, **RECORD) for match in (None, '"1"', 'W/"2"', "", "x")}

    assert {match: answer.status for match, answer in answers.items()} == {None: 428} | dict.fromkeys(
        ('"1"', 'W/"2"', "", "x"), 412
    )
    assert answers[None].body["code"] == "precondition_required"
    assert answers['"1"'].body["code"] == "precondition_failed"
    assert read(asha, record["id"])["note"] == "by another device"


def test_one_of_several_tags_or_a_star_is_enough(asha: Person) -> None:
    record = noted(asha)

    assert write(asha, "PATCH", record["id"], '"7", "1"', note="one").status == 200
    assert write(asha, "PATCH", record["id"], "*", note="two").status == 200
    assert write(asha, "PATCH", "0" * 24, "*", note="three").status == 404


def test_a_deleted_record_is_gone_and_can_be_restored(asha: Person) -> None:
    record = noted(asha)

    deleted = ask(asha, "DELETE", f"/{record['id']}")
    gone = [ask(asha, "GET", f"/{record['id']}"), ask(asha, "DELETE", f"/{record['id']}")]
    listed = ask(asha, "GET").body["records"]
    restored = [ask(asha, "POST", f"/{record['id']}/restore") for _ in range(2)]

    assert (deleted.status, [answer.status for answer in gone], listed) == (204, [404, 404], [])
    assert [answer.status for answer in restored] == [200, 200]
    expected = record | {"version": 3, "updatedAt": restored[0].body["record"]["updatedAt"]}
    assert restored[0].body["record"] == restored[1].body["record"] == read(asha, record["id"]) == expected
    assert version(asha) == 3


def test_a_deletion_may_say_what_it_was_made_on(asha: Person) -> None:
    record = noted(asha)

    assert ask(asha, "DELETE", f"/{record['id']}", match='"2"').status == 412
    assert ask(asha, "DELETE", f"/{record['id']}", match='"1"').status == 204


def test_after_an_hour_a_deleted_record_is_gone_for_good(asha: Person, later: Callable[..., None]) -> None:
    deleted, kept = noted(asha), noted(asha)
    ask(asha, "DELETE", f"/{deleted['id']}")
    sweep = writing.sweep({"CASHBOOK_UNDO": 3600})

    assert (sweep(), count("cashbook")) == (60, 2)
    later(seconds=3601)
    answer = ask(asha, "POST", f"/{deleted['id']}/restore")

    assert (answer.status, sweep(), count("cashbook")) == (404, 60, 1)
    assert read(asha, kept["id"]) == kept


def test_anothers_record_is_as_missing_as_an_unknown_one(asha: Person, ravi: Person) -> None:
    theirs = noted(asha)
    before = stored("cashbook", "cashbook_versions")
    calls: list[Callable[[str], Any]] = [
        lambda id_: ask(ravi, "GET", f"/{id_}"),
        lambda id_: write(ravi, "PUT", id_, "*", **RECORD),
        lambda id_: write(ravi, "PATCH", id_, "*", note="x"),
        lambda id_: ask(ravi, "DELETE", f"/{id_}"),
        lambda id_: ask(ravi, "POST", f"/{id_}/restore"),
    ]

    for call in calls:
        answers = [call(id_) for id_ in (theirs["id"], "0" * 24)]
        assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "not_found")}
    assert stored("cashbook", "cashbook_versions") == before


def test_a_full_book_takes_no_more(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "MOST_RECORDS", 2)
    first = noted(asha)
    noted(asha)

    full = note_down(asha)
    ask(asha, "DELETE", f"/{first['id']}")
    noted(asha)

    assert (full.status, full.body["code"]) == (409, "cash_book_full")
    assert ask(asha, "POST", f"/{first['id']}/restore").status == 409
    assert count("cashbook") == 3


def test_without_keys_there_is_no_cash_book(call_with: Callable[..., Any], asha: Person) -> None:
    production = {"PAYTM_ENV": "production", "ARGON2_MEMORY_KIB": "19456", "ARGON2_TIME_COST": "2"}
    there = Person(call_with(**production), asha.token, asha.id, asha.username)

    answers = [note_down(there), ask(there, "GET"), ask(there, "GET", "/balances")]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(503, "encryption_not_configured")}
