"""Refresh tokens: each is used once, and one that comes again later ends the session for everybody who has it."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import jwt
import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.user import sessions
from tests.api.identity import bearer, log_in, person, refresh, register
from tests.api.stored import MONEY, count, stored
from tests.conftest import ENVIRONMENT, caller
from tests.people import Answer, Call, Person, claims, sign_up

SECRET = ENVIRONMENT["JWT_SECRET"]


@pytest.fixture
def call(app: Flask) -> Call:
    """Make requests without keeping cookies."""
    return caller(app.test_client(use_cookies=False))


@pytest.fixture
def entered(call: Call) -> Answer:
    return register(call)


@pytest.fixture
def token(entered: Answer) -> str:
    return entered.body["refreshToken"]


@pytest.fixture
def mira(call: Call, entered: Answer) -> Person:
    return person(call, entered)


def _works(call: Call, answer: Answer) -> bool:
    return call("GET", "/account/balance", headers=bearer(answer.body["accessToken"])).status == 200


def _later(monkeypatch: pytest.MonkeyPatch, **time: float) -> None:
    later = clock.now() + timedelta(**time)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_a_refresh_token_gets_new_ones(call: Call, mira: Person, token: str) -> None:
    answer = refresh(call, token)

    assert (answer.status, answer.body.keys()) == (200, {"accessToken", "refreshToken"})
    assert answer.body["refreshToken"] != token
    assert claims(answer.body["accessToken"])["userId"] == mira.id
    assert claims(answer.body["accessToken"])["sid"] == claims(mira.token)["sid"]
    assert _works(call, answer)
    assert count("sessions") == 1


def test_refreshing_goes_on_and_on(call: Call, token: str) -> None:
    seen = {token}
    for _ in range(5):
        answer = refresh(call, token)
        token = answer.body["refreshToken"]
        seen.add(token)

    assert len(seen) == 6
    assert _works(call, answer)


def test_a_token_whose_answer_was_lost_gets_the_same_successor(call: Call, token: str) -> None:
    first, again = refresh(call, token), refresh(call, token)

    assert again.status == 200
    assert again.body["refreshToken"] == first.body["refreshToken"]
    assert _works(call, first)
    assert _works(call, again)
    assert refresh(call, again.body["refreshToken"]).status == 200


def test_a_token_that_comes_again_later_ends_the_session(
    call: Call, token: str, mira: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = sign_up(call)
    newest = refresh(call, token)
    assert mira.send(asha, 1).status == 200
    before = stored(*MONEY)
    _later(monkeypatch, seconds=11)

    assert (refresh(call, token).status, refresh(call, token).body["code"]) == (401, "invalid_refresh_token")
    assert refresh(call, newest.body["refreshToken"]).status == 401
    assert mira.send(asha, 1).status == 403
    assert not _works(call, newest)
    assert count("sessions", userId=ObjectId(mira.id)) == 0
    before["accounts"][0]["revocations"] = 1
    assert stored(*MONEY) == before


def test_a_token_older_than_the_last_ends_the_session_at_any_time(call: Call, token: str) -> None:
    second = refresh(call, token).body["refreshToken"]
    third = refresh(call, second).body["refreshToken"]

    assert refresh(call, token).status == 401
    assert refresh(call, third).status == 401


def test_reuse_ends_no_other_session(call: Call, token: str, mira: Person) -> None:
    phone = log_in(call, mira.username)
    refresh(call, refresh(call, token).body["refreshToken"])

    assert refresh(call, token).status == 401
    assert refresh(call, phone.body["refreshToken"]).status == 200


def test_the_grace_is_a_setting(call_with: Callable[..., Call], monkeypatch: pytest.MonkeyPatch) -> None:
    call = call_with(REFRESH_TOKEN_GRACE="0")
    token = register(call).body["refreshToken"]
    assert refresh(call, token).status == 200
    _later(monkeypatch, seconds=0.01)

    assert refresh(call, token).status == 401


def test_a_refresh_token_is_no_access_token(call: Call, token: str) -> None:
    asha = sign_up(call)
    before = stored()

    send = {"to": asha.id, "amount": 5}
    assert call("POST", "/account/transfer", json=send, headers=bearer(token)).status == 403
    assert call("GET", "/auth/check", headers=bearer(token)).status == 403
    assert call("GET", "/auth/check", headers={"Cookie": f"accessToken={token}"}).status == 403
    assert stored() == before


@pytest.mark.parametrize("kind", ["of registering", "of sign-up"])
def test_an_access_token_is_no_refresh_token(call: Call, mira: Person, kind: str) -> None:
    access = mira.token if kind == "of registering" else sign_up(call).token

    assert refresh(call, access).status == 401
    assert call("POST", "/auth/refresh", headers=bearer(access)).status == 401


def _signed(said: dict[str, Any], key: str = SECRET, algorithm: str = "HS256", **header: Any) -> str:
    return jwt.encode(said, key, algorithm=algorithm, headers=header)


def _without(claim: str) -> Callable[[str], str]:
    return lambda token: _signed({name: value for name, value in claims(token).items() if name != claim})


def _with(**changes: Any) -> Callable[[str], str]:
    return lambda token: _signed(claims(token) | changes)


def _none(token: str) -> str:
    return jwt.encode(claims(token), None, algorithm="none")


def _confused(token: str) -> str:
    head, payload, _ = token.split(".")
    return f"{head}.{payload}.{hmac.new(b'', payload.encode(), hashlib.sha256).hexdigest()}"


BAD = {
    "empty": lambda token: "",
    "rubbish": lambda token: "a.b.c",
    "cut": lambda token: token[:-4],
    "long": lambda token: "x" * 50_000,
    "alg none": _none,
    "wrong signature": _confused,
    "wrong key": lambda token: _signed(claims(token), "another-secret-that-is-long-enough-012345"),
    "HS512": lambda token: _signed(claims(token), SECRET * 2, "HS512"),
    "key in the header": lambda token: _signed(claims(token), "k" * 32, jwk={"kty": "oct", "k": "a2s"}),
    "typ access": _with(typ="access"),
    "no exp": _without("exp"),
    "no typ": _without("typ"),
    "no sid": _without("sid"),
    "no gen": _without("gen"),
    "gen text": _with(gen="0"),
    "gen an operator": _with(gen={"$gte": 0}),
    "expired": _with(exp=1_600_000_000),
    "another user's": _with(userId=str(ObjectId())),
    "of no session": _with(sid=str(ObjectId())),
}


def test_a_bad_refresh_token_is_refused_and_harms_nobody(call: Call, token: str) -> None:
    before = stored()

    for name, forge in BAD.items():
        answer = refresh(call, forge(token))

        assert (answer.status, answer.body["code"]) == (401, "invalid_refresh_token"), name
        assert "Set-Cookie" not in answer.headers
        assert stored() == before, name

    assert refresh(call, token).status == 200


@pytest.mark.parametrize("value", [5, [], {"$ne": None}, True])
def test_a_refresh_token_that_is_no_text_is_refused(call: Call, value: Any) -> None:
    assert call("POST", "/auth/refresh", json={"refreshToken": value}).status == 400


def test_no_refresh_token_at_all_is_refused(call: Call) -> None:
    bodies: list[dict[str, Any]] = [{}, {"json": {}}, {"json": {"refreshToken": None}}]

    assert [call("POST", "/auth/refresh", **body).status for body in bodies] == [401] * 3


def test_a_session_lasts_thirty_days_from_its_last_refresh(call: Call, token: str) -> None:
    assert claims(token)["exp"] - claims(token)["iat"] == 30 * 86_400
    assert refresh(call, token).status == 200

    (record,) = stored("sessions")["sessions"]
    assert record["expiresAt"] - record["renewedAt"] == timedelta(days=30)


def test_a_refresh_token_ends_with_its_lifetime(call: Call, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _later(monkeypatch, days=30, seconds=10)

    assert refresh(call, token).status == 401


def test_no_token_is_kept_in_the_store(call: Call, token: str, mira: Person) -> None:
    refresh(call, token)
    kept = repr(stored("sessions", "users", "outbox", "audit_events"))

    for secret in (token, mira.token):
        assert secret.split(".")[2] not in kept


def test_using_a_session_is_noted_once_a_minute(mira: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    began = stored("sessions")["sessions"][0]["lastSeenAt"]
    assert mira.get("/account/balance").status == 200
    assert stored("sessions")["sessions"][0]["lastSeenAt"] == began
    sessions._seen.clear()
    _later(monkeypatch, seconds=61)

    assert mira.get("/auth/check").status == 200
    # Nobody waits for the write, so the test has to.
    until = monotonic() + 5
    while stored("sessions")["sessions"][0]["lastSeenAt"] == began and monotonic() < until:
        sleep(0.02)
    assert mira.get("/auth/sessions").body["sessions"][0]["lastSeenAt"] > began.isoformat()


def test_a_transfer_writes_nothing_about_its_session(call: Call, mira: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    asha = sign_up(call)
    before = stored("sessions")
    sessions._seen.clear()
    _later(monkeypatch, seconds=120)

    assert mira.send(asha, 1).status == 200
    assert db.database()["sessions"].find_one({"_id": before["sessions"][0]["_id"]}) == before["sessions"][0]
