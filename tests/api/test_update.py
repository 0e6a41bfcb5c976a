"""Changing one's name or password."""

from typing import Any

import pytest

from paytm.user import sessions
from tests.api.stored import MONEY, stored
from tests.people import PASSWORD, Answer, Call, Person, sign_up


def _update(person: Person, **changes: Any) -> Answer:
    return person.call("PUT", "/user", json=changes, headers=person.headers)


def _can_sign_in(person: Person, password: str) -> bool:
    body = {"username": person.username, "password": password}
    return person.call("POST", "/user/signin", json=body).status == 200


def test_a_new_name_is_shown_everywhere(asha: Person, ravi: Person) -> None:
    answer = _update(asha, firstName=" Anita ", lastName="Das")

    assert (answer.status, answer.body) == (200, {"message": "Updated successfully"})
    assert asha.get("/user/me").body["firstName"] == "Anita"
    (found,) = asha.call("GET", "/user/bulk?filter=anita%20das").body["user"]
    assert found["_id"] == asha.id
    assert asha.call("GET", "/user/bulk?filter=Asha").body["user"] == []


@pytest.mark.parametrize(("field", "names"), [("firstName", ("Mira", "Rao")), ("lastName", ("Asha", "Mira"))])
def test_one_name_changes_alone(asha: Person, field: str, names: tuple[str, str]) -> None:
    assert _update(asha, **{field: "Mira"}).status == 200

    me = asha.get("/user/me").body
    assert (me["firstName"], me["lastName"]) == names


def test_an_update_of_nothing_is_fine(asha: Person) -> None:
    before = stored()

    assert _update(asha).body == {"message": "Updated successfully"}
    assert stored() == before


def test_an_update_without_a_body_is_fine(asha: Person) -> None:
    assert asha.call("PUT", "/user", headers=asha.headers).status == 200


def test_an_update_touches_one_user_only(asha: Person, ravi: Person) -> None:
    before = stored()

    assert _update(asha, firstName="Mira", password="another-horse").status == 200

    after = stored()
    assert [user for user in after["users"] if user not in before["users"]] == [after["users"][0]]
    # The new password revoked sessions, which is counted in the account.
    assert after["accounts"][0].pop("revocations") == 1
    assert all(after[name] == before[name] for name in MONEY)


def test_a_new_password_replaces_the_old_one(asha: Person) -> None:
    answer = _update(asha, password="another-horse")

    assert (answer.status, answer.body["message"]) == (200, "Updated successfully")
    assert not _can_sign_in(asha, PASSWORD)
    assert _can_sign_in(asha, "another-horse")


def test_a_new_password_gives_a_new_token_and_ends_all_others(asha: Person, ravi: Person) -> None:
    phone = {"username": asha.username, "password": PASSWORD}
    other = asha.call("POST", "/user/signin", json=phone).body["token"]

    fresh = _update(asha, password="another-horse").body["token"]
    sessions._seen.clear()

    statuses = [asha.call("GET", "/user/me", headers={"Authorization": f"Bearer {t}"}).status for t in (fresh, other)]
    assert statuses == [200, 403]
    assert asha.get("/user/me").status == 403
    assert ravi.get("/user/me").status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "12345"},
        {"password": None},
        {"password": 123456},
        {"password": {"$set": "x"}},
        {"password": "x" * 300},
        {"firstName": "x" * 51},
        {"firstName": None},
        {"firstName": {"$set": "x"}},
        {"firstName": "A\0"},
        {"lastName": "  "},
        {"lastName": 7},
        {"firstName": "Mira", "lastName": "x" * 51},
        {"firstName": "Mira", "password": "short"},
    ],
)
def test_a_bad_change_is_refused_as_a_whole(asha: Person, changes: dict[str, Any]) -> None:
    before = stored()

    answer = _update(asha, **changes)

    assert (answer.status, answer.body["message"]) == (411, "Error while updating information")
    assert stored() == before


def test_me_shows_what_i_signed_up_with_and_no_more(asha: Person) -> None:
    me = asha.get("/user/me").body

    assert me.keys() == {"_id", "id", "username", "firstName", "lastName", "picture", "createdAt"}
    assert (me["_id"], me["id"], me["username"]) == (asha.id, asha.id, asha.username)


def test_me_is_each_caller(call: Call) -> None:
    assert len({person.get("/user/me").body["_id"] for person in (sign_up(call), sign_up(call))}) == 2
