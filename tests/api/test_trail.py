"""The audit trail, and the outbox's events of people: what is written down when somebody comes, goes or changes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.ops import trail
from tests.api.identity import log_in, person, refresh, register
from tests.api.stored import count, stored
from tests.conftest import caller
from tests.people import PASSWORD, Call, Person, claims, sign_up


@pytest.fixture
def call(app: Flask) -> Call:
    """Make requests without keeping cookies."""
    return caller(app.test_client(use_cookies=False))


def _trail() -> list[dict[str, Any]]:
    """Return the trail, oldest first."""
    return list(reversed(trail.newest(1000)))


def _kinds() -> list[str]:
    return [event["what"] for event in _trail()]


def _told() -> list[dict[str, Any]]:
    return stored("outbox")["outbox"]


def _run(app: Flask, *arguments: str) -> str:
    with app.app_context():  # As the flask program does.
        result = app.test_cli_runner().invoke(args=list(arguments))
    assert result.exit_code == 0, result.output
    return result.output


SIGN_INS: dict[str, Callable[[Call, str, str], Any]] = {
    "login": lambda call, name, password: log_in(call, name, password),
    "signin": lambda call, name, password: call("POST", "/user/signin", json={"username": name, "password": password}),
}


@pytest.mark.parametrize("enter", [sign_up, lambda call: person(call, register(call))])
def test_a_new_user_stands_in_the_trail_and_in_the_outbox(call: Call, enter: Any) -> None:
    who = ObjectId(enter(call).id)

    (event,), (told,) = _trail(), _told()
    assert (event["what"], event["who"], event["subject"]) == ("user.registered", who, {"user": who})
    assert event["source"] == "127.0.0.1"
    assert (told["kind"], told["user"]) == ("user.registered", who)


@pytest.mark.parametrize("sign_in", SIGN_INS.values(), ids=SIGN_INS)
def test_a_sign_in_stands_in_the_trail_and_in_the_outbox(call: Call, asha: Person, sign_in: Any) -> None:
    sign_in(call, asha.username, PASSWORD)

    (_, event), (_, told) = _trail(), _told()
    assert (event["what"], event["who"]) == ("session.signed_in", ObjectId(asha.id))
    assert (told["kind"], told["user"], told["address"]) == ("user.signed_in", ObjectId(asha.id), "127.0.0.1")
    assert told["device"].startswith("Werkzeug/")


@pytest.mark.parametrize("sign_in", SIGN_INS.values(), ids=SIGN_INS)
def test_a_refused_sign_in_stands_in_the_trail_without_a_name(call: Call, asha: Person, sign_in: Any) -> None:
    sign_in(call, asha.username, "wrong-horse")
    sign_in(call, "nobody@example.com", "wrong-horse")

    _, known, unknown = _trail()
    assert (known["what"], known["who"], known["subject"]) == ("session.refused", None, {"user": ObjectId(asha.id)})
    assert (unknown["what"], unknown["who"], unknown["subject"]) == ("session.refused", None, {})
    assert len(_told()) == 1


def test_going_out_stands_in_the_trail(call: Call, asha: Person) -> None:
    phone, tablet = person(call, log_in(call, asha.username)), person(call, log_in(call, asha.username))

    call("DELETE", f"/auth/sessions/{claims(phone.token)['sid']}", headers=tablet.headers)
    call("POST", "/auth/logout", headers=tablet.headers)
    call("POST", "/auth/logout", json={"all": True}, headers=asha.headers)

    ends = _trail()[3:]
    assert [event["what"] for event in ends] == ["session.signed_out"] * 2 + ["session.all_signed_out"]
    assert {event["who"] for event in ends} == {ObjectId(asha.id)}
    assert ends[0]["subject"] == {"session": ObjectId(claims(phone.token)["sid"])}


def test_a_refresh_token_that_came_again_stands_in_the_trail(call: Call) -> None:
    token = register(call).body["refreshToken"]
    refresh(call, refresh(call, token).body["refreshToken"])
    refresh(call, token)
    refresh(call, token)

    assert _kinds() == ["user.registered", "session.refresh_token_reused"]


CHANGES: dict[str, tuple[str, dict[str, str]]] = {
    "update": ("/user", {"password": "battery-staple"}),
    "update-profile": ("/auth/update-profile", {"password": "battery-staple", "currentPassword": PASSWORD}),
}


@pytest.mark.parametrize(("path", "body"), CHANGES.values(), ids=CHANGES)
def test_a_new_password_stands_in_the_trail_and_in_the_outbox(asha: Person, path: str, body: dict[str, str]) -> None:
    assert asha.call("PUT", path, json=body, headers=asha.headers).status == 200

    assert _kinds() == ["user.registered", "user.password_changed"]
    assert [(told["kind"], told["user"]) for told in _told()][1:] == [("user.password_changed", ObjectId(asha.id))]


@pytest.mark.parametrize("path", ["/user", "/auth/update-profile"])
def test_a_new_name_is_nobodys_business(asha: Person, path: str) -> None:
    assert asha.call("PUT", path, json={"firstName": "Anita"}, headers=asha.headers).status == 200

    assert (_kinds(), len(_told())) == (["user.registered"], 1)


def test_what_operators_do_stands_in_the_trail(app: Flask, asha: Person) -> None:
    _run(app, "grant", "merchant", asha.username)
    _run(app, "disable-user", asha.username)
    _run(app, "enable-user", asha.username)

    _, granted, disabled, enabled = _trail()
    assert [event["what"] for event in (granted, disabled, enabled)] == ["role.granted", "user.disabled", "user.active"]
    assert {event["who"] for event in (granted, disabled, enabled)} == {None}
    assert granted["details"] == {"role": "merchant"}
    assert disabled["subject"] == {"user": ObjectId(asha.id)}


def test_what_was_refused_is_not_told(call: Call, asha: Person) -> None:
    before = stored("outbox", "audit_events")

    assert register(call, email=asha.username).status == 409
    assert call("PUT", "/user", json={"password": "x"}, headers=asha.headers).status == 411

    assert stored("outbox", "audit_events") == before


def test_a_transaction_that_fails_leaves_no_event(app: Flask, asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stored()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(trail, "record", fail)
    form = {"username": asha.username, "password": PASSWORD}
    assert asha.call("POST", "/user/signin", json=form).status == 500

    assert stored() == before
    assert len(_told()) == count("audit_events") == 1


def test_names_and_addresses_do_not_stand_in_the_trail(app: Flask, call: Call, asha: Person) -> None:
    log_in(call, asha.username, "wrong-horse")
    log_in(call, "nobody@example.com")
    _run(app, "grant", "merchant", asha.username)

    assert "example.com" not in repr(_trail())


def test_operators_see_the_newest_events_first(app: Flask, call: Call, asha: Person) -> None:
    log_in(call, asha.username)

    lines = [json.loads(line) for line in _run(app, "trail").splitlines()]

    assert [line["what"] for line in lines] == ["session.signed_in", "user.registered"]
    assert lines[0]["who"] == asha.id
    assert len(_run(app, "trail", "--limit", "1").splitlines()) == 1


@pytest.mark.parametrize("fields", [("at",), ("who", "at")])
def test_the_trail_is_indexed(app: Flask, fields: tuple[str, ...]) -> None:
    indexes = db.database()["audit_events"].index_information().values()

    assert fields in [tuple(field for field, _ in index["key"]) for index in indexes]
