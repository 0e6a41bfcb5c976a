"""Where the money went."""

from datetime import datetime
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from tests.people import Call, Person, sign_up


def _history(person: Person, query: str = "") -> dict[str, Any]:
    answer = person.get(f"/account/transactions{query}")
    assert answer.status == 200, answer
    return answer.body


def test_a_new_user_sees_the_opening_balance(asha: Person) -> None:
    (line,) = _history(asha)["transactions"]

    assert (line["kind"], line["direction"], line["amount"], line["balance"]) == ("funding", "in", 100, 100)
    assert line["counterparty"]["name"] == "Opening balance"


def test_both_sides_see_a_transfer(asha: Person, ravi: Person) -> None:
    transaction = asha.send(ravi, "33.33", note="rent").body["transactionId"]

    out, into = _history(asha)["transactions"][0], _history(ravi)["transactions"][0]
    assert out | {"createdAt": ""} == {
        "id": transaction,
        "kind": "transfer",
        "status": "completed",
        "direction": "out",
        "amount": 33.33,
        "balance": 66.67,
        "counterparty": {"id": ravi.id, "name": "Ravi Iyer"},
        "note": "rent",
        "createdAt": "",
    }
    assert (into["id"], into["direction"], into["amount"], into["balance"]) == (transaction, "in", 33.33, 133.33)
    assert into["counterparty"] == {"id": asha.id, "name": "Asha Rao"}


def test_the_newest_stands_first(asha: Person, ravi: Person) -> None:
    for amount in (1, 2, 3):
        asha.send(ravi, amount)

    assert [line["amount"] for line in _history(asha)["transactions"]] == [3, 2, 1, 100]


def test_pages_show_every_line_once(asha: Person, ravi: Person) -> None:
    for amount in range(1, 7):
        asha.send(ravi, amount)

    shown, query = [], "?limit=3"
    while query:
        page = _history(asha, query)
        shown += [line["amount"] for line in page["transactions"]]
        query = f"?limit=3&cursor={page['nextCursor']}" if page["nextCursor"] is not None else ""

    assert shown == [6, 5, 4, 3, 2, 1, 100]


def test_a_line_that_arrives_meanwhile_shifts_no_page(asha: Person, ravi: Person) -> None:
    for amount in (1, 2, 3):
        asha.send(ravi, amount)
    first = _history(asha, "?limit=2")
    asha.send(ravi, 4)

    second = _history(asha, f"?limit=2&cursor={first['nextCursor']}")

    assert [line["amount"] for line in second["transactions"]] == [1, 100]
    assert second["nextCursor"] is None


def test_a_page_has_at_most_a_hundred_lines(asha: Person, ravi: Person) -> None:
    for _ in range(60):
        asha.send(ravi, 0.01)
        ravi.send(asha, 0.01)

    assert len(_history(asha)["transactions"]) == 50
    assert len(_history(asha, "?limit=1000000000")["transactions"]) == 100


@pytest.mark.parametrize("cursor", ["0", "1", str(2**63 - 1)])
def test_any_cursor_within_range_shows_ones_own_lines_only(asha: Person, ravi: Person, cursor: str) -> None:
    ravi.send(asha, 5)

    lines = _history(asha, f"?cursor={cursor}")["transactions"]

    assert {line["direction"] for line in lines} <= {"in"}
    assert len(lines) == (2 if cursor == str(2**63 - 1) else 0)


def test_refusals_are_not_in_the_history(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 500, key="too-much")
    asha.send(ravi, 500)

    assert len(_history(asha)["transactions"]) == 1


def test_a_third_person_sees_nothing_of_it(call: Call, asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5)

    assert [line["kind"] for line in _history(sign_up(call))["transactions"]] == ["funding"]


def test_no_email_of_the_other_side_is_shown(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5)

    assert ravi.username not in repr(_history(asha))


def test_a_new_name_is_shown_in_old_lines(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5)
    ravi.call("PUT", "/user", json={"firstName": "Raj"}, headers=ravi.headers)

    assert _history(asha)["transactions"][0]["counterparty"]["name"] == "Raj Iyer"


def test_a_counterparty_who_is_gone_has_no_name(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 5)
    db.database()["users"].delete_one({"_id": ObjectId(ravi.id)})

    assert _history(asha)["transactions"][0]["counterparty"] == {"id": ravi.id, "name": None}


def test_a_time_is_told_with_its_zone(app: Flask, asha: Person) -> None:
    created = datetime.fromisoformat(_history(asha)["transactions"][0]["createdAt"])

    assert created.utcoffset() is not None
    assert abs((clock.now() - created).total_seconds()) < 60
