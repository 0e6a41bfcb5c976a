"""What an account may pay in a day and a month, as people meet it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64

from paytm import clock, db
from tests.api.holding import another, ask, operator
from tests.api.stored import MONEY, stored
from tests.people import Call, Person, sign_up

USUAL = {
    "transactionAmount": 1000000,
    "dayAmount": 100000,
    "dayCount": 5000,
    "monthAmount": 1000000,
    "monthCount": 50000,
}


@pytest.fixture
def meera(call: Call) -> Person:
    """An operator."""
    return operator(sign_up(call, "Meera", "Nair"))


def of(person: Person, account: str | None = None) -> dict[str, Any]:
    answer = person.get(f"/account/{account or person.id}/limits")
    assert answer.status == 200, answer
    return answer.body


def test_a_new_account_has_the_usual_limits_and_used_what_it_paid(asha: Person, ravi: Person) -> None:
    asha.send(ravi, "1.50")
    asha.send(ravi, 2)

    shown = of(asha)

    assert (shown["limits"], shown["own"]) == (USUAL, {})
    assert (shown["day"]["amount"], shown["day"]["count"]) == (3.5, 2)
    assert (shown["month"]["amount"], shown["month"]["count"]) == (3.5, 2)
    assert of(ravi)["day"]["amount"] == 0


def test_the_owner_and_operators_see_the_limits(asha: Person, ravi: Person, meera: Person) -> None:
    assert of(meera, asha.id) == of(asha)
    assert ravi.get(f"/account/{asha.id}/limits").status == 404


def test_it_tells_when_they_start_anew(asha: Person) -> None:
    shown = of(asha)
    day, month = (datetime.fromisoformat(shown[period]["resetsAt"]) for period in ("day", "month"))

    assert clock.now() < day <= month
    assert (day.astimezone(clock.INDIA).time().isoformat(), month.astimezone(clock.INDIA).day) == ("00:00:00", 1)


def test_more_than_the_day_allows_is_declined_and_charges_nothing(call_with: Callable[..., Call]) -> None:
    call = call_with(LIMIT_DAY_AMOUNT="50")
    asha, ravi = sign_up(call), sign_up(call)
    assert asha.send(ravi, 30).status == 200
    before = stored(*MONEY)

    answer = asha.send(ravi, "20.01")

    assert (answer.status, answer.body["code"]) == (400, "limit_exceeded")
    assert answer.body["message"].startswith("You can send at most ₹50 a day; try again after ")
    assert answer.body["message"].endswith(", 00:00 IST")
    assert answer.body["errors"] | {"resetsAt": ""} == {"limit": "dayAmount", "value": 50, "resetsAt": ""}
    assert stored(*MONEY) == before
    assert asha.send(ravi, 20).status == 200


@pytest.mark.parametrize(
    ("setting", "limit", "message"),
    [
        ("LIMIT_DAY_COUNT", "dayCount", "You can pay at most 1 times a day; try again after "),
        ("LIMIT_MONTH_COUNT", "monthCount", "You can pay at most 1 times a month; try again after "),
        ("LIMIT_MONTH_AMOUNT", "monthAmount", "You can send at most ₹1 a month; try again after "),
    ],
)
def test_each_limit_is_named(call_with: Callable[..., Call], setting: str, limit: str, message: str) -> None:
    call = call_with(**{setting: "1"})
    asha, ravi = sign_up(call), sign_up(call)
    assert asha.send(ravi, 1).status == 200

    answer = asha.send(ravi, 1)

    assert (answer.status, answer.body["errors"]["limit"], answer.body["errors"]["value"]) == (400, limit, 1)
    assert answer.body["message"].startswith(message)


def test_the_replay_of_a_declined_payment_has_the_same_body(call_with: Callable[..., Call]) -> None:
    call = call_with(LIMIT_DAY_AMOUNT="50")
    asha, ravi = sign_up(call), sign_up(call)
    first = asha.send(ravi, 51, key="k")

    again = asha.send(ravi, 51, key="k")

    assert (first.status, again.status, again.body) == (400, 400, first.body)
    assert "Idempotent-Replayed" in again.headers


def test_a_limit_in_lakhs_reads_like_one(asha: Person, ravi: Person) -> None:
    used = {"usage.dayAmount": Int64(100_000_00)}
    asha.send(ravi, 1)
    db.database()["accounts"].update_one({"_id": ObjectId(asha.id)}, {"$set": used})

    assert asha.send(ravi, 1).body["message"].startswith("You can send at most ₹1,00,000 a day; try again after ")


def test_an_operator_gives_an_account_limits_of_its_own(asha: Person, ravi: Person, meera: Person) -> None:
    answer = ask(meera, "PUT", f"/{asha.id}/limits", dayAmount="2.50", monthCount=7)

    assert answer.status == 200
    assert answer.body["limits"] == USUAL | {"dayAmount": 2.5, "monthCount": 7}
    assert answer.body["own"] == {"dayAmount": 2.5, "monthCount": 7}
    assert (asha.send(ravi, 2.51).status, asha.send(ravi, 2.50).status, ravi.send(asha, 50).status) == (400, 200, 200)


def test_null_goes_back_to_the_usual_limit_and_others_stay(asha: Person, meera: Person) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", dayAmount=1, dayCount=2)

    answer = ask(meera, "PUT", f"/{asha.id}/limits", dayAmount=None)

    assert answer.body["own"] == {"dayCount": 2}
    assert answer.body["limits"] == USUAL | {"dayCount": 2}


def test_an_own_limit_may_be_above_the_usual_one(call_with: Callable[..., Call], meera: Person, asha: Person) -> None:
    call = call_with(TRANSFER_MAX="5", LIMIT_DAY_AMOUNT="5")
    ravi, payee = sign_up(call), sign_up(call)
    assert ravi.send(payee, 6).body["message"] == "Invalid amount"

    ask(meera, "PUT", f"/{ravi.id}/limits", transactionAmount=60, dayAmount=80)

    assert ravi.send(payee, 60).status == 200
    assert ravi.send(payee, 61).body["message"] == "Invalid amount"
    assert ravi.send(payee, 21).body["errors"]["limit"] == "dayAmount"


def test_a_lower_limit_of_its_own_for_each_payment_is_told(asha: Person, ravi: Person, meera: Person) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", transactionAmount=10)

    answer = asha.send(ravi, 11)

    assert answer.body["message"] == "You can send at most ₹10 at a time"
    assert answer.body["errors"] == {"limit": "transactionAmount", "value": 10, "resetsAt": None}


@pytest.mark.parametrize(
    "body",
    [
        {"dayAmount": -1},
        {"dayAmount": "x"},
        {"dayAmount": 0.001},
        {"dayAmount": True},
        {"dayCount": -1},
        {"dayCount": "5"},
        {"dayCount": 1.5},
        {"dayCount": True},
        {"monthCount": 2**63},
        {"yearAmount": 5},
    ],
)
def test_what_is_no_limit_changes_nothing(asha: Person, meera: Person, body: dict[str, Any]) -> None:
    before = stored(*MONEY, "audit_events")

    assert ask(meera, "PUT", f"/{asha.id}/limits", **body).status == 400
    assert stored(*MONEY, "audit_events") == before


def test_a_change_stands_in_the_trail(asha: Person, meera: Person) -> None:
    ask(meera, "PUT", f"/{asha.id}/limits", dayAmount=1, dayCount=None)

    (event,) = db.database()["audit_events"].find({"what": "account.limits_changed"})
    assert event["who"] == ObjectId(meera.id)
    assert event["subject"] == {"account": ObjectId(asha.id)}
    assert event["details"] == {"limits": {"day_amount": 100, "day_count": None}}


def test_each_account_has_limits_and_usage_of_its_own(asha: Person, ravi: Person, meera: Person) -> None:
    savings = another(asha)
    ask(meera, "PUT", f"/{savings}/limits", dayAmount=1)
    asha.send(ravi, 5)

    assert of(asha, savings)["day"]["amount"] == 0
    assert of(asha)["limits"] == USUAL
