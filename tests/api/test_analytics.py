"""What came in and went out in a period, as people are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db, keys
from paytm.analytics import book
from paytm.analytics.period import Period
from paytm.errors import Unavailable
from paytm.user.roles import MERCHANT
from tests.api.holding import another, move
from tests.bookkeeping import noted
from tests.people import Answer, Call, Person

# Half past ten in the evening in London, and the next day's small hours in India.
EVENING = datetime(2027, 1, 10, 22, 30, tzinfo=UTC)
TENTH = "transactionDate=2027-01-10"
DAY = timedelta(days=1)


def report(person: Person, query: str = "") -> dict[str, Any]:
    answer = ask(person, query)
    assert answer.status == 200, answer
    return answer.body


def ask(person: Person, query: str = "") -> Answer:
    return person.get(f"/analytics?{query}")


def totals(body: dict[str, Any]) -> tuple[int, float, float, float]:
    names = ("totalTransactions", "totalCredit", "totalDebit", "averageTransactionValue")
    return tuple(body[name] for name in names)


def test_a_report_tells_what_came_in_and_went_out(asha: Person, ravi: Person) -> None:
    asha.send(ravi, "20.50")
    ravi.send(asha, 3)

    shown = report(asha)

    assert shown["fullName"] == "Asha Rao"
    # 123.50 by three: 41.1666...
    assert totals(shown) == (3, 103, 20.5, 41.17)
    assert shown["kinds"] == [
        {"kind": "funding", "transactions": 1, "credit": 100, "debit": 0},
        {"kind": "transfer", "transactions": 2, "credit": 3, "debit": 20.5},
    ]


def test_people_and_the_biggest_movements_are_named_as_in_statements(asha: Person, ravi: Person) -> None:
    paid = asha.send(ravi, "20.50").body["transactionId"]

    shown = report(asha)

    assert shown["people"] == [
        {"source": "wallet", "id": ravi.id, "name": "Ravi Iyer", "transactions": 1, "credit": 0, "debit": 20.5}
    ]
    opening, sent = shown["biggest"]
    assert opening["counterparty"] == {"id": "0" * 24, "name": "Opening balance"}
    assert sent | {"date": None} == {
        "source": "wallet",
        "id": paid,
        "date": None,
        "kind": "transfer",
        "direction": "out",
        "amount": 20.5,
        "counterparty": {"id": ravi.id, "name": "Ravi Iyer"},
    }


def test_a_day_is_one_of_the_time_zone(app: Flask, asha: Person, ravi: Person) -> None:
    move(app, asha.id, ravi.id, 10_00, at=EVENING)

    def day(zone: str) -> str | None:
        return report(asha, f"from=2027-01-09&to=2027-01-12&timezone={zone}")["busiestDay"]

    assert [day(zone) for zone in ("Europe/London", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York")] == [
        "2027-01-10",
        "2027-01-11",
        "2027-01-11",
        "2027-01-10",
    ]


def test_without_days_a_report_is_of_this_month_up_to_today(asha: Person) -> None:
    today = clock.now().astimezone(ZoneInfo("Pacific/Kiritimati")).date()

    shown = report(asha, "timezone=Pacific/Kiritimati")

    assert (shown["from"], shown["to"]) == (str(today.replace(day=1)), str(today))


def test_every_day_week_and_month_is_in_the_series(app: Flask, asha: Person, ravi: Person) -> None:
    move(app, asha.id, ravi.id, 10_00, at=EVENING)

    series = report(asha, "from=2026-12-30&to=2027-01-11")["series"]

    assert [row["date"] for row in series["days"]][::6] == ["2026-12-30", "2027-01-05", "2027-01-11"]
    assert [(row["date"], row["debit"]) for row in series["weeks"]] == [
        ("2026-12-28", 0),
        ("2027-01-04", 0),
        ("2027-01-11", 10),
    ]
    assert [(row["date"], row["debit"]) for row in series["months"]] == [("2026-12-01", 0), ("2027-01-01", 10)]


def test_it_is_compared_with_as_many_days_before(app: Flask, asha: Person, ravi: Person) -> None:
    move(app, asha.id, ravi.id, 10_00, at=EVENING - 2 * DAY)
    move(app, asha.id, ravi.id, 4_00, at=EVENING)

    shown = report(asha, "from=2027-01-10&to=2027-01-11&timezone=UTC")

    assert shown["previous"] == {
        "from": "2027-01-08",
        "to": "2027-01-09",
        "totalTransactions": 1,
        "totalCredit": 0,
        "totalDebit": 10,
        "averageTransactionValue": 10,
    }
    assert shown["change"] == {"totalTransactions": 0, "totalCredit": 0, "totalDebit": -6}


def test_an_average_is_rounded_half_to_even(app: Flask, asha: Person, ravi: Person) -> None:
    for paise in (1, 2, 2, 5):
        move(app, asha.id, ravi.id, paise, at=EVENING)

    # 2.5 paise.
    assert report(asha, f"{TENTH}&timezone=UTC")["averageTransactionValue"] == 0.02


def test_nothing_is_a_report_too(asha: Person) -> None:
    shown = report(asha, TENTH)

    assert totals(shown) == (0, 0, 0, 0)
    assert (shown["busiestDay"], shown["kinds"], shown["people"], shown["biggest"]) == (None, [], [], [])


def test_what_moves_between_own_accounts_is_no_income(app: Flask, asha: Person, ravi: Person) -> None:
    savings = another(asha)
    move(app, asha.id, savings, 60_00, at=EVENING)
    move(app, ravi.id, savings, 7_00, at=EVENING)

    shown = report(asha, f"{TENTH}&timezone=UTC")

    assert totals(shown) == (1, 7, 0, 7)
    assert (shown["ownTransfers"], len(shown["biggest"]), len(shown["people"])) == (60, 1, 1)


def test_what_a_payout_brings_to_an_own_account_was_not_spent(asha: Person, ravi: Person) -> None:
    db.database()["users"].update_one({"_id": ObjectId(asha.id)}, {"$set": {"roles": [MERCHANT]}})
    lines = [{"toAccount": another(asha), "amount": 30}, {"toAccount": ravi.id, "amount": 5}]
    body = {"transfers": lines, "idempotencyKey": "p"}

    assert asha.call("POST", "/transaction/bulk", json=body, headers=asha.headers).status == 201

    assert totals(report(asha))[:3] == (2, 100, 5)
    assert report(asha)["ownTransfers"] == 30


def test_closed_accounts_count(app: Flask, asha: Person, ravi: Person) -> None:
    savings = another(asha)
    move(app, ravi.id, savings, 5_00, at=EVENING)
    move(app, savings, ravi.id, 5_00, at=EVENING)
    assert asha.call("POST", f"/account/{savings}/close", headers=asha.headers).status == 200

    assert totals(report(asha, f"{TENTH}&timezone=UTC"))[:3] == (2, 5, 5)


def test_the_cash_book_has_days_of_its_own(asha: Person) -> None:
    noted(asha, transactionDate="2027-01-10", transactionAmount=12.5, transactionType="debit")
    noted(asha, transactionDate="2027-01-10", transactionAmount=2, transactionType="credit", fullName="Om Rao")

    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        shown = report(asha, f"source=cashbook&{TENTH}&timezone={zone}")
        assert (totals(shown), shown["busiestDay"]) == ((2, 2, 12.5, 7.25), "2027-01-10")
        assert [(row["name"], row["id"], row["debit"]) for row in shown["people"]] == [
            ("Mira Das", None, 12.5),
            ("Om Rao", None, 0),
        ]
        assert shown["kinds"] == [{"kind": "cashbook", "transactions": 2, "credit": 2, "debit": 12.5}]


def test_the_biggest_movement_of_the_cash_book_is_its_record(asha: Person) -> None:
    record = noted(asha, transactionDate="2027-01-10")

    (biggest,) = report(asha, f"source=cashbook&{TENTH}")["biggest"]

    assert biggest == {
        "source": "cashbook",
        "id": record["id"],
        "date": "2027-01-10",
        "kind": "cashbook",
        "direction": "out",
        "amount": 12.5,
        "counterparty": {"id": None, "name": "Mira Das"},
    }


def test_both_sources_add_up(app: Flask, asha: Person, ravi: Person) -> None:
    move(app, asha.id, ravi.id, 10_00, at=EVENING - 12 * DAY / 24)
    noted(asha, transactionDate="2027-01-10")
    noted(asha, transactionDate="2027-01-09", transactionAmount=1)

    shown = report(asha, f"source=all&{TENTH}&timezone=UTC")

    assert totals(shown) == (2, 0, 22.5, 11.25)
    assert [row["name"] for row in shown["people"]] == ["Mira Das", "Ravi Iyer"]
    assert [row["source"] for row in shown["biggest"]] == ["cashbook", "wallet"]
    assert shown["previous"]["totalDebit"] == 1


def test_a_deleted_record_does_not_count(asha: Person) -> None:
    record = noted(asha, transactionDate="2027-01-10")
    assert totals(report(asha, f"source=cashbook&{TENTH}"))[0] == 1

    assert asha.call("DELETE", f"/cashbook/{record['id']}", headers=asha.headers).status in (200, 204)

    assert totals(report(asha, f"source=cashbook&{TENTH}"))[0] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("timezone=Mars/Olympus", "timezone"),
        ("timezone=", "timezone"),
        ("timezone=../../etc/passwd", "timezone"),
        ("timezone=localtime", "timezone"),
        ("timezone=%2B05:30", "timezone"),
        ("source=bank", "source"),
        ("from=2027-01-01&to=2026-12-31", "to"),
        ("from=2027-01-01&to=2028-01-02", "to"),
        ("from=01-01-2027", "from"),
        ("to=2027-02-30", "to"),
        ("transactionDate=20270110", "transactionDate"),
        ("transactionDate=2027-01-10&to=2027-01-10", "transactionDate"),
    ],
)
def test_a_malformed_question_is_refused(asha: Person, query: str, field: str) -> None:
    answer = ask(asha, query)

    assert (answer.status, answer.body["code"], list(answer.body["errors"])) == (400, "invalid_input", [field])


def test_a_leap_year_can_be_asked_for(asha: Person) -> None:
    assert len(report(asha, "from=2028-01-01&to=2028-12-31")["series"]["days"]) == 366


def test_it_is_kept_until_something_moves(asha: Person, ravi: Person) -> None:
    asked = [ask(asha).headers["X-Cache"] for _ in range(2)]
    ravi.send(asha, 1)
    answers = [ask(asha) for _ in range(2)]

    assert asked + [answer.headers["X-Cache"] for answer in answers] == ["miss", "hit", "miss", "hit"]
    assert {totals(answer.body)[1] for answer in answers} == {101}


def test_each_question_and_each_user_has_its_own(asha: Person, ravi: Person) -> None:
    questions = ["", "source=all", "timezone=UTC", TENTH, "from=2026-11-02"]

    assert {ask(person, query).headers["X-Cache"] for person in (asha, ravi) for query in questions} == {"miss"}
    assert {ask(person, query).headers["X-Cache"] for person in (asha, ravi) for query in questions} == {"hit"}


def test_a_record_that_changes_makes_a_report_old(asha: Person) -> None:
    query = f"source=all&{TENTH}"
    before = ask(asha, query)
    noted(asha, transactionDate="2027-01-10")

    after = ask(asha, query)

    assert (before.headers["X-Cache"], after.headers["X-Cache"]) == ("miss", "miss")
    assert (totals(before.body)[0], totals(after.body)[0]) == (0, 1)


def test_an_account_that_is_opened_makes_a_report_old(asha: Person) -> None:
    ask(asha)
    another(asha)

    assert ask(asha).headers["X-Cache"] == "miss"


def test_names_are_never_old(asha: Person, ravi: Person) -> None:
    asha.send(ravi, 1)
    ask(asha)
    for person in (asha, ravi):
        person.call("PUT", "/user", json={"lastName": "Newname"}, headers=person.headers)

    answer = ask(asha)

    assert answer.headers["X-Cache"] == "hit"
    assert answer.body["fullName"] == "Asha Newname"
    assert answer.body["people"][0]["name"] == "Ravi Newname"
    assert answer.body["biggest"][1]["counterparty"]["name"] == "Ravi Newname"


def test_the_default_period_goes_on_with_the_days(asha: Person, later: Callable[..., None]) -> None:
    today = date.fromisoformat(report(asha)["to"])
    later(days=1)

    answer = ask(asha)

    assert (answer.headers["X-Cache"], answer.body["to"]) == ("miss", str(today + DAY))


def test_somebody_whose_name_has_two_keys_is_one_person(asha: Person, call_with: Callable[..., Call]) -> None:
    old, new = (f"{name}:{keys.generate()}" for name in ("old", "new"))
    before, meanwhile = (replace(asha, call=call_with(ENCRYPTION_KEYS=setting)) for setting in (old, f"{new},{old}"))
    noted(before, transactionDate="2027-01-10", transactionAmount=2)
    noted(before, transactionDate="2027-01-10", transactionAmount=4, fullName="Om Rao")
    noted(meanwhile, transactionDate="2027-01-10", transactionAmount=3, fullName="mira das")

    people = report(meanwhile, f"source=cashbook&{TENTH}")["people"]

    assert [(row["name"], row["transactions"], row["debit"]) for row in people] == [
        ("mira das", 2, 5),
        ("Om Rao", 1, 4),
    ]


def test_a_name_that_cannot_be_read_is_left_out(asha: Person) -> None:
    noted(asha, transactionDate="2027-01-10")
    db.database()["cashbook"].update_many({}, {"$set": {"fullName": b"\x01x"}})

    shown = report(asha, f"source=cashbook&{TENTH}")

    assert (shown["people"][0]["name"], shown["biggest"][0]["counterparty"]["name"]) == (None, None)
    assert totals(shown)[:3] == (1, 0, 12.5)


def test_a_book_is_never_read_as_it_was_before(app: Flask, asha: Person) -> None:
    noted(asha, transactionDate="2027-01-10")
    period = Period(start=date(2027, 1, 1), end=date(2027, 1, 31), zone=ZoneInfo("UTC"))

    with app.app_context():
        found = book.movements(ObjectId(asha.id), period, version=1)
        with pytest.raises(Unavailable):
            book.movements(ObjectId(asha.id), period, version=2)

    assert found.days.keys() == {date(2027, 1, 10)}
