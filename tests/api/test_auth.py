"""Who is let in: every flaw of a token gets one and the same answer, and a revoked token stops working."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.user import disabling, sessions
from tests.api.stored import MONEY, stored
from tests.conftest import ENVIRONMENT
from tests.people import PASSWORD, Answer, Call, Person, claims, sign_up

SECRET = ENVIRONMENT["JWT_SECRET"]
PUBLIC_KEY = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAL\n-----END PUBLIC KEY-----\n"


def _part(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _signed(header: dict[str, Any] | bytes, payload: Any, *, key: str = SECRET, digest: Any = hashlib.sha256) -> str:
    """Sign by hand, as no library would."""
    text = f"{_part(header)}.{_part(payload)}"
    return f"{text}.{_part(hmac.new(key.encode(), text.encode(), digest).digest())}"


HS256 = {"alg": "HS256", "typ": "JWT"}


def _without(claim: str) -> Callable[[Person], str]:
    return lambda person: _signed(HS256, {k: v for k, v in claims(person.token).items() if k != claim})


def _with(**changes: Any) -> Callable[[Person], str]:
    return lambda person: _signed(HS256, claims(person.token) | changes)


def _headed(key: str = SECRET, digest: Any = hashlib.sha256, **header: Any) -> Callable[[Person], str]:
    return lambda person: _signed(HS256 | header, claims(person.token), key=key, digest=digest)


def _tampered(person: Person) -> str:
    header, _, signature = person.token.split(".")
    return f"{header}.{_part(claims(person.token) | {'userId': '0' * 24})}.{signature}"


def _cut(parts: int) -> Callable[[Person], str]:
    return lambda person: ".".join(person.token.split(".")[:parts])


BAD_TOKENS: dict[str, Callable[[Person], str]] = {
    "empty": lambda person: "",
    "null": lambda person: "null",
    "undefined": lambda person: "undefined",
    "two dots": lambda person: "..",
    "rubbish": lambda person: "a.b.c",
    "not ASCII": lambda person: person.token + "é",
    "not base64": lambda person: person.token.replace(".", ".!", 1),
    "twice": lambda person: f"{person.token} {person.token}",
    "quoted": lambda person: f'"{person.token}"',
    "long": lambda person: "x" * 100_000,
    "tampered": _tampered,
    "signature cut": lambda person: person.token[:-4],
    "signature missing": lambda person: _cut(2)(person) + ".",
    "two parts": _cut(2),
    "alg none": lambda person: f"{_part({'alg': 'none'})}.{person.token.split('.')[1]}.",
    "alg None, signed": _headed(alg="None"),
    "alg missing": lambda person: _signed({"typ": "JWT"}, claims(person.token)),
    "alg a list": _headed(alg=["HS256"]),
    "wrong key": _headed(key="another-secret-that-is-long-enough-012345"),
    "empty key": _headed(key=""),
    "HS512": _headed(alg="HS512", digest=hashlib.sha512),
    "RS256": _headed(alg="RS256"),
    "signed with a public key": _headed(key=PUBLIC_KEY),
    "key id a path": _headed(key="", kid="../../../../dev/null"),
    "key id a number": _headed(kid=7),
    "key in the header": _headed(key="k" * 32, jwk={"kty": "oct", "k": _part(b"k" * 32), "alg": "HS256"}),
    "key elsewhere": _headed(key="k" * 32, jku="http://127.0.0.1:1/keys"),
    "critical extension": _headed(crit=["x"], x=1),
    "nested header": lambda person: f"{_part(b'[' * 50_000)}.e30.x",
    "nested payload": lambda person: _signed(HS256, b"[" * 50_000),
    "payload a list": lambda person: _signed(HS256, []),
    "payload not UTF-8": lambda person: _signed(HS256, b"\xff"),
    "no exp": _without("exp"),
    "no iat": _without("iat"),
    "no typ": _without("typ"),
    "no sid": _without("sid"),
    "no userId": _without("userId"),
    "expired": _with(exp=1_600_000_000),
    "exp null": _with(exp=None),
    "exp text": _with(exp="soon"),
    "issued tomorrow": _with(iat=time.time() + 86_400),
    "not yet valid": _with(nbf=time.time() + 86_400),
    "a refresh token": _with(typ="refresh"),
    "typ a list": _with(typ=["access"]),
    "userId no id": _with(userId="me"),
    "userId null": _with(userId=None),
    "userId a number": _with(userId=1),
    "userId an operator": _with(userId={"$ne": None}),
    "sid no id": _with(sid="x"),
    "sid of no session": _with(sid="0123456789abcdef01234567"),
    "sid an operator": _with(sid={"$ne": None}),
}


def _refusal(answer: Answer) -> tuple[int, dict[str, Any]]:
    return answer.status, {name: value for name, value in answer.body.items() if name != "requestId"}


def test_a_bad_token_gets_the_answer_of_a_missing_one(asha: Person, ravi: Person) -> None:
    missing = asha.call("GET", "/account/balance")
    before = stored(*MONEY)
    assert missing.status == 403

    for name, forge in BAD_TOKENS.items():
        headers = {"Authorization": f"Bearer {forge(asha)}"}
        read = asha.call("GET", "/account/balance", headers=headers)
        sent = asha.call("POST", "/account/transfer", json={"to": ravi.id, "amount": 5}, headers=headers)

        assert _refusal(read) == _refusal(sent) == _refusal(missing), name
        assert stored(*MONEY) == before, name


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token {}", "{}", "BearerX {}", "Bearer,{}"])
def test_another_authorization_header_lets_nobody_in(asha: Person, header: str) -> None:
    answer = asha.call("GET", "/user/me", headers={"Authorization": header.format(asha.token)})

    assert answer.status == 403


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER {}", "Bearer  {}"])
def test_a_token_is_read_in_any_usual_spelling(asha: Person, header: str) -> None:
    assert asha.call("GET", "/user/me", headers={"Authorization": header.format(asha.token)}).status == 200


def test_a_refusal_says_what_to_do_and_names_its_request(asha: Person) -> None:
    answer = asha.call("GET", "/account/balance")

    assert answer.body == {
        "message": "Sign in to continue",
        "code": "unauthorized",
        "requestId": answer.headers["X-Request-ID"],
    }


@pytest.mark.parametrize("place", ["query", "cookie", "body"])
def test_a_token_counts_in_the_header_only(asha: Person, ravi: Person, place: str) -> None:
    query = {"token": asha.token, "access_token": asha.token} if place == "query" else {}
    headers = {"Cookie": f"token={asha.token}; access_token={asha.token}"} if place == "cookie" else {}
    body = {"to": ravi.id, "amount": 5} | ({"token": asha.token} if place == "body" else {})

    answer = asha.call("POST", "/account/transfer", query_string=query, headers=headers, json=body)

    assert answer.status == 403


def _sign_out(person: Person, _: Flask) -> None:
    assert person.call("POST", "/user/signout", headers=person.headers).status == 200


def _change_password(person: Person, _: Flask) -> None:
    body = {"password": "another-horse"}
    assert person.call("PUT", "/user", json=body, headers=person.headers).status == 200


def _disable(person: Person, app: Flask) -> None:
    with app.app_context():
        assert disabling.set_status(person.username, "disabled")


def _lose_session(person: Person, _: Flask) -> None:
    db.database()["sessions"].delete_many({"userId": ObjectId(person.id)})


REVOCATIONS = {
    "sign-out": _sign_out,
    "password change": _change_password,
    "disabling": _disable,
    "session removed": _lose_session,
}


@contextmanager
def unnoticed() -> Iterator[None]:
    """Let this process believe afterwards what it believed before, as one that was not told."""
    seen = dict(sessions._seen)
    yield
    sessions._seen.update(seen)


@pytest.mark.parametrize("revoke", [_sign_out, _change_password, _disable])
def test_a_revoked_token_moves_no_money_even_while_it_is_believed(
    app: Flask, asha: Person, ravi: Person, revoke: Any
) -> None:
    assert asha.send(ravi, 1, key="before").status == 200
    with unnoticed():
        revoke(asha, app)
    before = stored(*MONEY)

    assert asha.send(ravi, 5).status == 403
    assert asha.send(ravi, 1, key="before").status == 403
    assert asha.send(ravi, 5, key="after").body["code"] == "unauthorized"
    assert stored(*MONEY) == before


@pytest.mark.parametrize("path", ["/account/balance", "/account/transactions", "/user/me"])
@pytest.mark.parametrize("revoke", REVOCATIONS.values(), ids=REVOCATIONS.keys())
def test_a_revoked_token_reads_nothing_once_it_is_looked_up(app: Flask, asha: Person, revoke: Any, path: str) -> None:
    assert asha.get(path).status == 200
    revoke(asha, app)
    sessions._seen.clear()

    assert asha.get(path).status == 403


def test_a_session_is_believed_for_less_than_five_seconds() -> None:
    assert sessions.BELIEVED_SECONDS < 5


def test_another_session_of_the_user_goes_on_paying(asha: Person, ravi: Person) -> None:
    body = {"username": asha.username, "password": PASSWORD}
    phone = Person(asha.call, asha.call("POST", "/user/signin", json=body).body["token"], asha.id, asha.username)
    assert phone.send(ravi, 1).status == 200

    with unnoticed():
        asha.call("POST", "/user/signout", headers=asha.headers)

    assert phone.send(ravi, 1).status == 200
    assert asha.send(ravi, 1).status == 403


def test_a_believed_token_changes_nobody_who_was_disabled(app: Flask, asha: Person) -> None:
    assert asha.get("/user/me").status == 200
    with unnoticed():
        _disable(asha, app)
    before = stored("users")

    answer = asha.call("PUT", "/user", json={"firstName": "Mira"}, headers=asha.headers)

    assert answer.status == 403
    assert stored("users") == before


@pytest.mark.parametrize("revoke", [_sign_out, _change_password, _lose_session])
def test_a_believed_token_changes_no_password(app: Flask, asha: Person, revoke: Any) -> None:
    assert asha.get("/user/me").status == 200
    with unnoticed():
        revoke(asha, app)
    before = stored("users")

    answer = asha.call("PUT", "/user", json={"password": "of-the-thief"}, headers=asha.headers)

    assert answer.status == 403
    assert stored("users") == before


def test_a_token_ends_with_its_lifetime(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    expires = claims(asha.token)["exp"]
    assert expires == pytest.approx(now.timestamp() + 7 * 86_400, abs=60)

    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=7, seconds=60))

    assert asha.get("/account/balance").status == 403
    assert asha.send("0" * 24, 5).status == 403


def test_a_token_works_until_its_lifetime_ends(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=6, hours=23))

    assert asha.get("/account/balance").status == 200


def test_the_token_of_another_deployment_is_refused(asha: Person, call_with: Callable[..., Call]) -> None:
    other = call_with(JWT_SECRET="the-secret-of-another-deployment-0123456789")

    assert other("GET", "/account/balance", headers=asha.headers).status == 403


def test_a_user_who_was_removed_is_refused(asha: Person) -> None:
    db.database()["users"].delete_one({"_id": ObjectId(asha.id)})

    assert asha.get("/user/me").status == 403


def test_each_sign_in_is_a_session_of_its_own(asha: Person) -> None:
    body = {"username": asha.username, "password": PASSWORD}
    phone = Person(asha.call, asha.call("POST", "/user/signin", json=body).body["token"], asha.id, asha.username)

    asha.call("POST", "/user/signout", headers=asha.headers)
    sessions._seen.clear()

    assert asha.get("/user/me").status == 403
    assert phone.get("/user/me").status == 200


def test_people_see_their_own_money_only(call: Call, asha: Person) -> None:
    other = sign_up(call)
    assert asha.send(other, 40).status == 200

    assert (asha.balance(), other.balance()) == (60, 140)
    assert asha.get(f"/account/balance?userId={other.id}&_id={other.id}").body["balance"] == 60
