"""What operators see of users, and disabling and enabling them."""

from typing import Any

import pytest
from bson import ObjectId

from paytm import db
from paytm.user import roles
from tests.api.holding import NOBODYS, ask, operator
from tests.people import PASSWORD, Answer, Call, Person, sign_up, walk


@pytest.fixture
def meera(call: Call) -> Person:
    """An operator."""
    return operator(sign_up(call, "Meera", "Nair"))


def find(person: Person, **query: Any) -> Answer:
    return person.call("GET", "/user", query_string=query, headers=person.headers)


def turn(person: Person, to: str, user_id: str, **body: Any) -> Answer:
    body = body or {"reason": "Stolen phone"}
    return person.call("POST", f"/user/{user_id}/{to}", json=body, headers=person.headers)


def sign_in(person: Person) -> Answer:
    return person.call("POST", "/user/signin", json={"username": person.username, "password": PASSWORD})


def events(what: str) -> list[dict[str, Any]]:
    return list(db.database()["audit_events"].find({"what": what}))


def test_an_operator_sees_who_somebody_is_and_how_the_account_stands(asha: Person, meera: Person) -> None:
    roles.grant(asha.username, roles.MERCHANT)
    ask(meera, "POST", f"/{asha.id}/freeze", reason="Chargeback")

    (seen,) = find(meera, filter="asha").body["users"]

    assert seen["account"] == {"status": "frozen", "balance": 100, "available": 100}
    assert (seen["id"], seen["username"], seen["status"]) == (asha.id, asha.username, "active")
    assert seen["roles"] == ["user", "merchant"]
    assert not {"passwordHash", "grams", "searchName"} & set(seen)
    assert meera.get(f"/user/{asha.id}").body == {"user": seen}


def test_users_come_newest_first_in_pages(asha: Person, ravi: Person, meera: Person) -> None:
    pages = walk(lambda **cursor: find(meera, limit=2, **cursor), "users")

    assert [[user["id"] for user in page] for page in pages] == [[meera.id, ravi.id], [asha.id]]


def test_somebody_is_found_by_the_whole_address_in_any_case(asha: Person, ravi: Person, meera: Person) -> None:
    assert [user["id"] for user in find(meera, email=asha.username.upper()).body["users"]] == [asha.id]
    assert find(meera, email=asha.username[:5]).body["users"] == []
    assert find(meera, email=asha.username, filter="ravi").body["users"] == []


def test_a_user_who_is_none_is_not_found(meera: Person) -> None:
    assert meera.get(f"/user/{NOBODYS}").status == 404
    assert turn(meera, "disable", NOBODYS).status == 404


def test_a_disabled_user_is_signed_out_and_not_let_in_until_enabled(asha: Person, ravi: Person, meera: Person) -> None:
    answer = turn(meera, "disable", asha.id)

    assert (answer.status, answer.body["user"]["status"]) == (200, "disabled")
    assert asha.send(ravi, 1).status == 403
    assert sign_in(asha).status == 411
    assert [user["status"] for user in find(meera, filter="asha").body["users"]] == ["disabled"]
    assert turn(meera, "enable", asha.id).body["user"]["status"] == "active"
    assert sign_in(asha).status == 200


def test_disabling_and_enabling_stand_in_the_trail(asha: Person, meera: Person) -> None:
    turn(meera, "disable", asha.id, reason="Stolen phone")
    turn(meera, "enable", asha.id, reason="Found again")

    for what, reason in (("user.disabled", "Stolen phone"), ("user.active", "Found again")):
        (event,) = events(what)
        assert (event["who"], event["subject"]) == (ObjectId(meera.id), {"user": ObjectId(asha.id)})
        assert event["details"] == {"reason": reason}


def test_what_is_so_already_is_told_and_leaves_no_trail(asha: Person, meera: Person) -> None:
    assert turn(meera, "enable", asha.id).body["message"] == "The user is active already"
    turn(meera, "disable", asha.id)
    again = turn(meera, "disable", asha.id)

    assert (again.status, again.body["message"]) == (409, "The user is disabled already")
    assert (len(events("user.disabled")), len(events("user.active"))) == (1, 0)


def test_a_reason_is_required(asha: Person, meera: Person) -> None:
    answer = turn(meera, "disable", asha.id, reason=" ")

    assert (answer.status, list(answer.body["errors"])) == (400, ["reason"])
    assert sign_in(asha).status == 200


def test_operators_disable_neither_themselves_nor_admins(asha: Person, ravi: Person, meera: Person) -> None:
    for person in (asha, ravi):
        roles.grant(person.username, roles.ADMIN)

    assert turn(meera, "disable", meera.id).status == 409
    assert turn(meera, "disable", asha.id).status == 403
    assert turn(ravi, "disable", asha.id).status == 200
    assert turn(meera, "enable", asha.id).status == 403
    assert (sign_in(meera).status, sign_in(asha).status) == (200, 411)
