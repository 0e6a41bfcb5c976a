"""Signing in with a password."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from paytm.user import disabling
from tests.api.stored import count, stored
from tests.people import PASSWORD, Answer, Call, Person, claims, sign_up


def _sign_in(person: Person, **changes: Any) -> Answer:
    return person.call("POST", "/user/signin", json={"username": person.username, "password": PASSWORD, **changes})


def test_the_right_password_gets_a_token_that_works(asha: Person) -> None:
    answer = _sign_in(asha)

    assert answer.status == 200
    assert answer.body.keys() == {"token"}
    assert claims(answer.body["token"])["userId"] == asha.id
    assert asha.call("GET", "/user/me", headers={"Authorization": f"Bearer {answer.body['token']}"}).status == 200


@pytest.mark.parametrize("change", [str.upper, str.title, lambda name: f"  {name} "])
def test_a_user_name_may_be_typed_in_any_case(asha: Person, change: Callable[[str], str]) -> None:
    assert _sign_in(asha, username=change(asha.username)).status == 200


@pytest.mark.parametrize("password", ["wrong-horse", PASSWORD + " ", PASSWORD.upper(), PASSWORD[:-1], PASSWORD + "\0"])
def test_another_password_is_refused(asha: Person, password: str) -> None:
    before = stored()

    answer = _sign_in(asha, password=password)

    assert (answer.status, answer.body["message"]) == (411, "Error while logging in")
    assert stored() == before


@pytest.mark.parametrize("username", ["nobody@example.com", "no e-mail at all", "a'; --", "$ne", ".*"])
def test_an_unknown_name_gets_the_answer_of_a_wrong_password(asha: Person, username: str) -> None:
    wrong, unknown = _sign_in(asha, password="wrong-horse"), _sign_in(asha, username=username)

    assert unknown.status == wrong.status == 411
    assert unknown.body | {"requestId": ""} == wrong.body | {"requestId": ""}


def test_a_disabled_user_gets_the_answer_of_a_wrong_password(app: Flask, asha: Person) -> None:
    wrong = _sign_in(asha, password="wrong-horse")
    with app.app_context():
        disabling.set_status(asha.username, "disabled")

    answer = _sign_in(asha)

    assert answer.status == 411
    assert answer.body | {"requestId": ""} == wrong.body | {"requestId": ""}


@pytest.mark.parametrize("password", ["", "x" * 300, None, 5, [], "short"])
def test_a_password_that_could_not_be_one_is_refused(asha: Person, password: Any) -> None:
    assert _sign_in(asha, password=password).status == 411


def test_signing_in_leaves_other_sessions_alone(asha: Person) -> None:
    assert _sign_in(asha).status == 200

    assert count("sessions") == 2
    assert asha.get("/user/me").status == 200


def test_a_hash_of_older_parameters_is_renewed(call_with: Callable[..., Call], asha: Person) -> None:
    old = stored("users")["users"][0]["passwordHash"]
    call = call_with(ARGON2_MEMORY_KIB="64")

    for _ in range(2):
        assert call("POST", "/user/signin", json={"username": asha.username, "password": PASSWORD}).status == 200
    new = stored("users")["users"][0]["passwordHash"]
    assert "m=8," in old
    assert "m=64," in new


def test_signing_in_does_not_tell_who_is_who(call: Call) -> None:
    first, second = sign_up(call), sign_up(call)

    assert claims(_sign_in(first).body["token"])["userId"] == first.id
    assert claims(_sign_in(second).body["token"])["userId"] == second.id
