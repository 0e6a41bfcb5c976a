"""The identity routes: coming in, seeing and changing oneself, one's sessions, going out."""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.user import disabling, roles, sessions
from tests.api.identity import bearer, log_in, person, refresh, register
from tests.api.stored import count, stored
from tests.conftest import caller
from tests.people import PASSWORD, Answer, Call, Person, claims, sign_up


@pytest.fixture
def call(app: Flask) -> Call:
    """Make requests without keeping cookies."""
    return caller(app.test_client(use_cookies=False))


@pytest.fixture
def mira(call: Call) -> Person:
    return person(call, register(call, name="Mira Das"))


def _update(who: Person, **changes: Any) -> Answer:
    return who.call("PUT", "/auth/update-profile", json=changes, headers=who.headers)


def test_registering_answers_with_the_user_and_tokens(call: Call) -> None:
    answer = register(call, name="Mira Das", email=" Mira@Example.com ")

    user = answer.body["user"]
    assert answer.status == 201
    assert answer.body.keys() == {"user", "accessToken", "refreshToken"}
    assert user["_id"] == user["id"] == claims(answer.body["accessToken"])["userId"]
    assert user["username"] == user["email"] == "mira@example.com"
    assert (user["firstName"], user["lastName"], user["name"]) == ("Mira", "Das", "Mira Das")
    assert user["roles"] == ["user"]
    assert user["createdAt"].endswith("+00:00")


def test_a_new_user_has_an_account_with_its_opening_balance(mira: Person, asha: Person) -> None:
    assert mira.balance() == 100
    assert mira.send(asha, 5).status == 200
    assert asha.send(mira, 5).status == 200


def test_an_answer_has_no_secrets(call: Call) -> None:
    assert "argon2" not in repr(register(call).body)


@pytest.mark.parametrize(
    ("form", "names"),
    [
        ({"name": "Mira Das"}, ("Mira", "Das", "Mira Das")),
        ({"name": "  Mira   Das  Gupta "}, ("Mira", "Das  Gupta", "Mira Das  Gupta")),
        ({"name": "Mira"}, ("Mira", "", "Mira")),
        ({"name": ..., "firstName": "Mira", "lastName": "Das"}, ("Mira", "Das", "Mira Das")),
        ({"name": ..., "firstName": "Mira", "lastName": ""}, ("Mira", "", "Mira")),
        ({"name": ..., "firstName": "Mira"}, ("Mira", "", "Mira")),
        ({"name": "X Y", "firstName": "Mira"}, ("Mira", "Y", "Mira Y")),
    ],
)
def test_names_may_be_given_in_one_or_apart(call: Call, form: dict[str, Any], names: tuple[str, ...]) -> None:
    user = register(call, **form).body["user"]

    assert (user["firstName"], user["lastName"], user["name"]) == names


def test_who_has_a_single_name_is_found_and_shown_by_it(call: Call, asha: Person) -> None:
    cher = person(call, register(call, name="Cher"))
    assert asha.send(cher, 1).status == 200

    (found,) = call("GET", "/user/bulk?filter=cher").body["user"]
    assert (found["_id"], found["firstName"], found["lastName"]) == (cher.id, "Cher", "")
    (line,) = asha.get("/account/transactions?limit=1").body["transactions"]
    assert line["counterparty"]["name"] == "Cher"


MALFORMED: list[dict[str, Any]] = [
    {"name": ...},
    {"name": ""},
    {"name": " "},
    {"name": "x" * 51},
    {"name": f"Mira {'x' * 51}"},
    {"name": "Mi\0ra"},
    {"name": 5},
    {"name": ..., "lastName": "Das"},
    {"email": ...},
    {"email": "nobody"},
    {"email": {"$ne": None}},
    {"email": "x" * 250 + "@example.com"},
    {"password": ...},
    {"password": "short"},
    {"password": "x" * 257},
    {"password": None},
]


def test_a_malformed_registration_is_refused(call: Call) -> None:
    before = stored()

    for form in MALFORMED:
        answer = register(call, **form)

        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), form
        assert answer.body["errors"]
        assert stored() == before, form


def test_an_e_mail_address_is_taken_once_on_all_routes(call: Call, mira: Person, asha: Person) -> None:
    for taken in (mira, asha):
        before = stored()
        answer = register(call, email=taken.username.upper())
        assert (answer.status, answer.body["code"]) == (409, "email_taken")
        assert stored() == before

    form = {"username": mira.username, "password": PASSWORD, "firstName": "Mira", "lastName": "Das"}
    assert call("POST", "/user/signup", json=form).status == 411


def test_a_registration_sets_nothing_else(call: Call) -> None:
    extra = {
        "_id": "0" * 24,
        "id": "0" * 24,
        "roles": ["admin"],
        "role": "admin",
        "balance": 9999,
        "status": "disabled",
    }
    mira = person(call, register(call, **extra, createdAt="2000-01-01", signIns=7, passwordHash="x"))

    (user,) = stored("users")["users"]
    assert mira.id != "0" * 24
    assert (user["roles"], user["status"], user["signIns"]) == ([], "active", 0)
    assert user["createdAt"].year > 2000
    assert user["passwordHash"].startswith("$argon2id$")
    assert mira.balance() == 100


def test_both_ways_in_know_the_same_people(call: Call, mira: Person, asha: Person) -> None:
    old = call("POST", "/user/signin", json={"username": mira.username, "password": PASSWORD})
    new = log_in(call, asha.username)

    assert (old.status, new.status) == (200, 200)
    assert claims(old.body["token"])["userId"] == mira.id
    assert new.body["user"]["id"] == asha.id
    assert asha.get("/auth/check").body["user"]["id"] == asha.id


def test_logging_in_answers_as_registering_does(call: Call, mira: Person) -> None:
    answer = log_in(call, f" {mira.username.upper()} ")

    assert answer.status == 200
    assert answer.body.keys() == {"user", "accessToken", "refreshToken"}
    assert answer.body["user"].keys() == {
        *("_id", "id", "username", "email", "firstName", "lastName", "name", "roles", "createdAt", "lastSignInAt"),
        *("picture", "profilePic"),
    }
    assert person(call, answer).balance() == 100


def test_an_access_token_has_the_usual_claims_and_a_short_life(mira: Person) -> None:
    said = claims(mira.token)

    assert said.keys() == {"userId", "sid", "iat", "exp", "typ"}
    assert said["typ"] == "access"
    assert said["exp"] - said["iat"] == 15 * 60


def test_the_lifetime_of_an_access_token_is_a_setting(call_with: Callable[..., Call]) -> None:
    said = claims(register(call_with(ACCESS_TOKEN_LIFETIME="60")).body["accessToken"])

    assert said["exp"] - said["iat"] == 60


def test_unknown_names_and_wrong_passwords_get_one_answer(app: Flask, call: Call, mira: Person, asha: Person) -> None:
    with app.app_context():
        disabling.set_status(asha.username, "disabled")

    answers = [
        log_in(call, mira.username, "wrong-horse"),
        log_in(call, "nobody@example.com"),
        log_in(call, "no e-mail address"),
        log_in(call, asha.username),
    ]

    assert {answer.status for answer in answers} == {401}
    assert {answer.body["code"] for answer in answers} == {"incorrect_credentials"}
    assert len({str(answer.body | {"requestId": ""}) for answer in answers}) == 1
    assert all("Set-Cookie" not in answer.headers for answer in answers)


@pytest.mark.parametrize(
    "form", [{}, {"email": "a@example.com"}, {"password": "x"}, {"email": {"$ne": 1}, "password": 1}]
)
def test_a_malformed_log_in_is_refused(call: Call, form: dict[str, Any]) -> None:
    assert call("POST", "/auth/login", json=form).status == 400


def test_both_ways_in_share_the_throttle(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true")
    mira = person(call, register(call))
    form = {"username": mira.username, "password": "wrong-horse"}

    answers = [log_in(call, mira.username, "wrong-horse").status for _ in range(5)]
    answers += [call("POST", "/user/signin", json=form).status for _ in range(5)]

    assert answers == [401] * 5 + [411] * 5
    assert log_in(call, mira.username).status == 429
    assert call("POST", "/user/signin", json=form | {"password": PASSWORD}).status == 429


def test_check_says_who_is_signed_in(mira: Person, call: Call) -> None:
    assert mira.get("/auth/check").body["user"]["email"] == mira.username
    assert (call("GET", "/auth/check").status, call("GET", "/auth/check").body["code"]) == (403, "unauthorized")


def test_check_shows_the_roles(app: Flask, mira: Person) -> None:
    with app.app_context():
        roles.grant(mira.username, "merchant")

    assert mira.get("/auth/check").body["user"]["roles"] == ["user", "merchant"]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"firstName": "Anita"}, "Anita Das"),
        ({"lastName": "Rao"}, "Mira Rao"),
        ({"lastName": ""}, "Mira"),
        ({"name": "Anita Rao"}, "Anita Rao"),
        ({"name": "Anita"}, "Anita"),
        ({"password": ""}, "Mira Das"),
        ({}, "Mira Das"),
    ],
)
def test_names_can_be_changed(mira: Person, changes: dict[str, str], name: str) -> None:
    answer = _update(mira, **changes)

    assert (answer.status, answer.body["user"]["name"]) == (200, name)
    assert mira.get("/auth/check").body["user"]["name"] == name


@pytest.mark.parametrize("changes", [{"firstName": ""}, {"firstName": "x" * 51}, {"name": " "}, {"lastName": 5}])
def test_a_name_that_could_not_be_one_is_refused(mira: Person, changes: dict[str, Any]) -> None:
    assert _update(mira, **changes).status == 400
    assert mira.get("/auth/check").body["user"]["name"] == "Mira Das"


def test_nothing_else_can_be_changed(mira: Person, asha: Person) -> None:
    before = stored()

    answer = _update(
        mira,
        _id=asha.id,
        id=asha.id,
        roles=["admin"],
        role="admin",
        status="disabled",
        email="x@example.com",
        balance=1,
    )

    assert answer.status == 200
    assert stored() == before


def test_a_new_password_needs_the_current_one(mira: Person) -> None:
    before = stored("users", "sessions", "accounts")

    answers = [_update(mira, password="battery-staple", **proof) for proof in ({}, {"currentPassword": "wrong-horse"})]

    assert [(answer.status, answer.body["code"]) for answer in answers] == [(400, "invalid_input")] * 2
    assert all("currentPassword" in answer.body["errors"] for answer in answers)
    assert stored("users", "sessions", "accounts") == before


def test_guessing_the_current_password_is_throttled(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true")
    mira = person(call, register(call))

    answers = [_update(mira, password="battery-staple", currentPassword=f"guess-{n}").status for n in range(12)]

    assert answers == [400] * 10 + [429] * 2


def test_a_new_password_ends_the_other_sessions_at_once(call: Call, mira: Person, asha: Person) -> None:
    entered = log_in(call, mira.username)
    phone = person(call, entered)
    assert phone.send(asha, 1).status == 200

    assert _update(mira, password="battery-staple", currentPassword=PASSWORD).status == 200

    assert phone.send(asha, 1).status == 403
    assert refresh(call, entered.body["refreshToken"]).status == 401
    assert mira.send(asha, 1).status == 200
    assert log_in(call, mira.username).status == 401
    assert log_in(call, mira.username, "battery-staple").status == 200


def test_sessions_say_where_and_with_what_one_signed_in(call: Call, mira: Person) -> None:
    request = {"headers": {"User-Agent": "Phone " + "x" * 300}, "environ_base": {"REMOTE_ADDR": "203.0.113.7"}}
    log_in(call, mira.username, **request)

    phone, here = mira.get("/auth/sessions").body["sessions"]

    assert phone.keys() == {"id", "device", "address", "createdAt", "lastSeenAt", "current"}
    assert phone["device"] == ("Phone " + "x" * 300)[:200]
    assert phone["address"] == "203.0.113.7"
    assert (phone["current"], here["current"]) == (False, True)
    assert here["id"] == claims(mira.token)["sid"]


def test_sessions_of_others_and_expired_ones_are_not_shown(call: Call, mira: Person, asha: Person) -> None:
    log_in(call, mira.username)
    newest = max(stored("sessions")["sessions"], key=lambda session: session["createdAt"])
    db.database()["sessions"].update_one({"_id": newest["_id"]}, {"$set": {"expiresAt": clock.now()}})

    assert [shown["id"] for shown in mira.get("/auth/sessions").body["sessions"]] == [claims(mira.token)["sid"]]
    assert count("sessions") == 3


def test_one_of_my_sessions_can_be_ended(call: Call, mira: Person, asha: Person) -> None:
    entered = log_in(call, mira.username)
    phone = person(call, entered)
    assert phone.send(asha, 1).status == 200

    session = claims(phone.token)["sid"]
    assert mira.call("DELETE", f"/auth/sessions/{session}", headers=mira.headers).status == 200

    assert phone.send(asha, 1).status == 403
    assert refresh(call, entered.body["refreshToken"]).status == 401
    assert mira.send(asha, 1).status == 200
    assert mira.call("DELETE", f"/auth/sessions/{session}", headers=mira.headers).status == 404


def test_anothers_session_is_as_one_that_does_not_exist(mira: Person, asha: Person) -> None:
    before = stored()

    ids = [claims(asha.token)["sid"], str(ObjectId()), "x", "null", "%00", "0" * 24]
    answers = [mira.call("DELETE", f"/auth/sessions/{session}", headers=mira.headers) for session in ids]

    assert {answer.status for answer in answers} == {404}
    assert len({str(answer.body | {"requestId": ""}) for answer in answers}) == 1
    assert stored() == before
    assert asha.balance() == 100


def test_logging_out_ends_this_session_only(call: Call, mira: Person, asha: Person) -> None:
    entered = log_in(call, mira.username)
    phone = person(call, entered)

    assert call("POST", "/auth/logout", headers=phone.headers).status == 200

    assert phone.get("/auth/check").status == 403
    assert phone.send(asha, 1).status == 403
    assert refresh(call, entered.body["refreshToken"]).status == 401
    assert mira.get("/auth/check").status == 200


def test_logging_out_everywhere_ends_all_of_mine(call: Call, mira: Person, asha: Person) -> None:
    phone = person(call, log_in(call, mira.username))

    assert call("POST", "/auth/logout", json={"all": True}, headers=phone.headers).status == 200
    sessions._seen.clear()

    assert [who.send(asha, 1).status for who in (phone, mira)] == [403, 403]
    assert [who.get("/auth/check").status for who in (phone, mira)] == [403, 403]
    assert asha.get("/auth/check").status == 200


def test_a_disabled_user_is_refused_everywhere(app: Flask, call: Call) -> None:
    entered = register(call)
    mira = person(call, entered)
    with app.app_context():
        disabling.set_status(mira.username, "disabled")
    sessions._seen.clear()

    assert mira.get("/auth/check").status == 403
    assert refresh(call, entered.body["refreshToken"]).status == 401
    assert log_in(call, mira.username).status == 401


def test_a_token_of_sign_up_works_on_the_identity_routes(call: Call) -> None:
    asha = sign_up(call)

    assert asha.get("/auth/check").status == 200
    assert len(asha.get("/auth/sessions").body["sessions"]) == 1
    assert call("POST", "/auth/logout", headers=bearer(asha.token)).status == 200
    assert asha.get("/user/me").status == 403
