"""Tokens, without an application around them."""

import base64
import json
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from bson import ObjectId

from paytm.errors import Unauthorized
from paytm.user import tokens
from paytm.user.tokens import Caller

SECRET = "a-secret-of-more-than-thirty-two-bytes"
NOW = datetime.now(UTC).replace(microsecond=0)
CALLER = Caller(ObjectId(), ObjectId())


def _issue(lifetime: timedelta = timedelta(days=7), secret: str = SECRET) -> str:
    return tokens.issue(CALLER, secret=secret, issued_at=NOW, expires_at=NOW + lifetime)


def _encode(secret: str = SECRET, algorithm: str = "HS256", without: str = "", **changes: Any) -> str:
    claims = {
        "userId": str(CALLER.user_id),
        "sid": str(CALLER.session_id),
        "iat": NOW,
        "exp": NOW + timedelta(days=7),
        "typ": "access",
        **changes,
    }
    claims.pop(without, None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return jwt.encode(claims, secret, algorithm=algorithm)


def _read(token: str, *, seconds: float = 0, secret: str = SECRET) -> Caller:
    return tokens.read(token, secret=secret, now=NOW.timestamp() + seconds)


def test_a_token_names_whom_it_was_issued_for() -> None:
    assert _read(_issue()) == CALLER


def test_a_client_can_read_the_user_and_the_end() -> None:
    payload = _issue().split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))

    assert claims == {
        "userId": str(CALLER.user_id),
        "sid": str(CALLER.session_id),
        "iat": int(NOW.timestamp()),
        "exp": int((NOW + timedelta(days=7)).timestamp()),
        "typ": "access",
    }


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (59, True), (60, True), (64, True), (65, False), (10**6, False)]
)
def test_a_token_ends_a_few_seconds_after_its_time(seconds: float, good: bool) -> None:
    token = _issue(timedelta(minutes=1))

    if good:
        assert _read(token, seconds=seconds) == CALLER
    else:
        with pytest.raises(Unauthorized):
            _read(token, seconds=seconds)


def test_a_token_that_was_good_before_still_ends() -> None:
    token = _issue(timedelta(minutes=1))
    assert _read(token) == CALLER

    with pytest.raises(Unauthorized):
        _read(token, seconds=3600)


@pytest.mark.parametrize("claim", ["userId", "sid", "iat", "exp", "typ"])
def test_every_claim_is_required(claim: str) -> None:
    with pytest.raises(Unauthorized):
        _read(_encode(without=claim))


@pytest.mark.parametrize(
    "changes",
    [
        {"typ": "refresh"},
        {"typ": ""},
        {"typ": None},
        {"typ": ["access"]},
        {"userId": "me"},
        {"userId": None},
        {"userId": 5},
        {"userId": ["x"]},
        {"sid": "x"},
        {"sid": {}},
        {"exp": "never"},
        {"exp": None},
        {"exp": NOW - timedelta(days=1)},
        {"iat": NOW + timedelta(days=1)},
        {"nbf": NOW + timedelta(days=1)},
    ],
)
def test_a_claim_of_the_wrong_kind_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Unauthorized):
        _read(_encode(**changes))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "none"])
def test_only_one_algorithm_is_taken(algorithm: str) -> None:
    with pytest.raises(Unauthorized):
        _read(_encode(secret="" if algorithm == "none" else SECRET * 3, algorithm=algorithm), secret=SECRET * 3)


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "null", "é.é.é", "x" * 10_000, "\0", "a" * 3 + "." * 100])
def test_rubbish_is_refused(token: str) -> None:
    with pytest.raises(Unauthorized):
        _read(token)


def test_the_key_of_another_is_refused() -> None:
    with pytest.raises(Unauthorized):
        _read(_issue(secret="another-secret-of-more-than-thirty-two"))


def test_a_token_is_good_for_its_own_secret_even_when_seen_before() -> None:
    token = _issue()
    _read(token)

    with pytest.raises(Unauthorized):
        _read(token, secret="another-secret-of-more-than-thirty-two")
