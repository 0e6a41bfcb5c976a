"""GET /event: what happened since one last looked."""

import pytest
from bson import ObjectId

from paytm.realtime import cursors
from tests.people import Person

_ID = "0" * 24


def missed(person: Person, since: str, limit: int = 50) -> tuple[list[float], str]:
    answer = person.get(f"/event?since={since}&limit={limit}")
    assert answer.status == 200, answer
    return [event["data"]["amount"] for event in answer.body["events"]], answer.body["cursor"]


def test_the_first_call_brings_the_cursor_and_nothing_else(asha: Person) -> None:
    answer = asha.get("/event")

    assert answer.body["events"] == []
    assert missed(asha, answer.body["cursor"]) == ([], answer.body["cursor"])


def test_pages_follow_one_another_oldest_first(asha: Person, ravi: Person) -> None:
    cursor = ravi.get("/event").body["cursor"]
    for amount in (1, 2, 3):
        asha.send(ravi, amount)

    first, cursor = missed(ravi, cursor, limit=2)
    second, cursor = missed(ravi, cursor, limit=2)

    assert (first, second, missed(ravi, cursor)[0]) == ([1, 2], [3], [])


def test_an_account_that_was_opened_since_is_new(asha: Person) -> None:
    cursor = asha.get("/event").body["cursor"]
    opened = asha.call("POST", "/account", json={"name": "Rent"}, headers=asha.headers).body["account"]["id"]
    form = {"fromAccount": asha.id, "toAccount": opened, "amount": 5, "idempotencyKey": "1"}
    assert asha.call("POST", "/transaction", json=form, headers=asha.headers).status == 201

    events = asha.get(f"/event?since={cursor}").body["events"]

    assert {(event["data"]["account"], event["data"]["direction"]) for event in events} == {
        (asha.id, "out"),
        (opened, "in"),
    }


def test_the_cursor_of_somebody_else_shows_ones_own(asha: Person, ravi: Person) -> None:
    cursor = ravi.get("/event").body["cursor"]
    asha.send(ravi, 7)

    amounts, cursor = missed(asha, cursor)

    assert amounts == [100, 7]
    assert cursors.read(cursor).keys() == {ObjectId(asha.id)}


@pytest.mark.parametrize(
    "bad", ["", "x", f"{_ID}-", f"{_ID}--1", f"{_ID}-{'9' * 19}", f"{_ID}-1.", f"{_ID}-%D9%A1", "%00", "a" * 5000]
)
def test_what_is_no_cursor_is_refused(asha: Person, bad: str) -> None:
    answer = asha.get(f"/event?since={bad}")

    assert (answer.status, answer.body["code"]) == (400, "invalid_input")
