"""What operators do to accounts: freezing and limits, and the trail of it."""

from typing import Any

import pytest
from bson import ObjectId

from paytm import db
from tests.api.holding import NOBODYS, another, ask, operator, set_status
from tests.api.stored import MONEY, stored
from tests.people import Call, Person, sign_up


@pytest.fixture
def meera(call: Call) -> Person:
    """An operator."""
    return operator(sign_up(call, "Meera", "Nair"))


def events(what: str) -> list[dict[str, Any]]:
    return list(db.database()["audit_events"].find({"what": what}))


def test_a_frozen_account_neither_pays_nor_is_paid(asha: Person, ravi: Person, meera: Person) -> None:
    answer = ask(meera, "POST", f"/{asha.id}/freeze", reason="Chargeback")

    assert (answer.status, answer.body["account"]["status"]) == (200, "frozen")
    assert asha.send(ravi, 1).body["code"] == "account_inactive"
    assert ravi.send(asha, 1).body["message"] == "Invalid account"
    assert asha.balance() == 100


def test_an_unfrozen_account_pays_again(asha: Person, ravi: Person, meera: Person) -> None:
    ask(meera, "POST", f"/{asha.id}/freeze", reason="Chargeback")

    answer = ask(meera, "POST", f"/{asha.id}/unfreeze", reason="Settled")

    assert (answer.status, answer.body["account"]["status"]) == (200, "active")
    assert asha.send(ravi, 1).status == 200


def test_freezing_and_unfreezing_stand_in_the_trail(asha: Person, meera: Person) -> None:
    ask(meera, "POST", f"/{asha.id}/freeze", reason="Chargeback")
    ask(meera, "POST", f"/{asha.id}/unfreeze", reason="Settled")

    for what, reason in (("account.frozen", "Chargeback"), ("account.unfrozen", "Settled")):
        (event,) = events(what)
        assert (event["who"], event["subject"]) == (ObjectId(meera.id), {"account": ObjectId(asha.id)})
        assert event["details"] == {"reason": reason}


@pytest.mark.parametrize("body", [{"reason": ""}, {"reason": "  "}, {"reason": None}, {"reason": "x" * 201}, {"a": 1}])
def test_a_reason_is_required(asha: Person, meera: Person, body: dict[str, Any]) -> None:
    answer = ask(meera, "POST", f"/{asha.id}/freeze", **body)

    assert (answer.status, list(answer.body["errors"])) == (400, ["reason"])
    assert asha.get(f"/account/{asha.id}").body["account"]["status"] == "active"


@pytest.mark.parametrize(
    ("status", "path"), [("frozen", "freeze"), ("closed", "freeze"), ("active", "unfreeze"), ("closed", "unfreeze")]
)
def test_what_does_not_fit_the_status_conflicts(asha: Person, meera: Person, status: str, path: str) -> None:
    set_status(asha.id, status)

    answer = ask(meera, "POST", f"/{asha.id}/{path}", reason="Why not")

    assert (answer.status, answer.body["message"]) == (409, f"The account is {status}")
    assert events("account.frozen") + events("account.unfrozen") == []


OPERATIONS = {
    "freeze": ("POST", "/{}/freeze", {"reason": "x"}),
    "unfreeze": ("POST", "/{}/unfreeze", {"reason": "x"}),
    "limits": ("PUT", "/{}/limits", {"dayCount": 5}),
}


@pytest.mark.parametrize("route", OPERATIONS.values(), ids=OPERATIONS)
def test_others_may_not_even_do_it_to_their_own(asha: Person, route: tuple[str, str, dict[str, Any]]) -> None:
    before = stored(*MONEY)
    method, path, body = route

    answer = ask(asha, method, path.format(asha.id), **body)

    assert (answer.status, answer.body["code"]) == (403, "forbidden")
    assert stored(*MONEY) == before


@pytest.mark.parametrize("route", OPERATIONS.values(), ids=OPERATIONS)
def test_what_is_not_there_is_not_found(meera: Person, route: tuple[str, str, dict[str, Any]]) -> None:
    method, path, body = route

    before = stored("audit_events")

    assert ask(meera, method, path.format(NOBODYS), **body).status == 404
    assert stored("audit_events") == before


def test_further_accounts_are_frozen_for_themselves(asha: Person, ravi: Person, meera: Person) -> None:
    savings = another(asha)

    assert ask(meera, "POST", f"/{savings}/freeze", reason="x").status == 200
    assert asha.send(ravi, 1).status == 200


def test_an_owner_cannot_unfreeze(asha: Person, meera: Person) -> None:
    ask(meera, "POST", f"/{asha.id}/freeze", reason="x")

    assert ask(asha, "POST", f"/{asha.id}/unfreeze", reason="please").status == 403
    assert asha.get(f"/account/{asha.id}").body["account"]["status"] == "frozen"
