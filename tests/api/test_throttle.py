"""Brute force: a guesser is stopped, and the owner still gets in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import argon2
import pytest
from flask import Flask

from paytm import clock, db
from tests.api.stored import count, stored
from tests.conftest import caller
from tests.people import PASSWORD, Answer, Call, Person, sign_up

GUESSER, HOME = "203.0.113.7", "198.51.100.9"
WRONG = "wrong-horse"


@pytest.fixture
def call(call_with: Callable[..., Call]) -> Call:
    return call_with(RATELIMIT_ENABLED="true", ARGON2_MEMORY_KIB="8")


def _try(call: Call, username: str, password: str = WRONG, *, source: str = GUESSER, **headers: str) -> Answer:
    body = {"username": username, "password": password}
    return call("POST", "/user/signin", json=body, environ_base={"REMOTE_ADDR": source}, headers=headers)


def _statuses(answers: list[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def test_two_hundred_wrong_passwords_for_one_account_are_throttled(call: Call) -> None:
    asha = sign_up(call)

    answers = [_try(call, asha.username, f"guess-{number}") for number in range(200)]

    assert _statuses(answers) == [411] * 10 + [429] * 190
    assert {answer.body["code"] for answer in answers[10:]} == {"too_many_attempts"}
    assert all(0 < int(answer.headers["Retry-After"]) <= 15 * 60 for answer in answers[10:])


def test_the_right_password_of_a_throttled_guesser_is_not_looked_at(call: Call) -> None:
    asha = sign_up(call)
    for number in range(11):
        _try(call, asha.username, f"guess-{number}")

    assert _try(call, asha.username, PASSWORD).status == 429


def test_the_owner_gets_in_from_elsewhere(call: Call) -> None:
    asha = sign_up(call)
    for number in range(200):
        _try(call, asha.username, f"guess-{number}")

    assert _try(call, asha.username, PASSWORD, source=HOME).status == 200


def test_one_password_for_many_accounts_is_throttled(call: Call) -> None:
    people = [sign_up(call) for _ in range(6)]

    answers = [_try(call, person.username) for person in people]
    answers += [_try(call, f"nobody{number}@example.com") for number in range(100)]

    assert _statuses(answers) == [411] * 50 + [429] * 56
    assert "Retry-After" in answers[-1].headers
    assert _try(call, people[0].username, PASSWORD, source=HOME).status == 200


def test_many_sources_together_are_throttled_too(call: Call) -> None:
    asha = sign_up(call)

    answers = [_try(call, asha.username, source=f"203.0.113.{number // 9}") for number in range(150)]

    assert _statuses(answers) == [411] * 100 + [429] * 50


def test_another_account_is_not_affected(call: Call) -> None:
    asha, ravi = sign_up(call), sign_up(call)
    for _ in range(15):
        _try(call, asha.username)

    assert _try(call, ravi.username, PASSWORD).status == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"])
def test_a_source_is_not_what_a_header_says(call: Call, header: str) -> None:
    asha = sign_up(call)

    answers = [_try(call, asha.username, **{header: f"192.0.2.{number}"}) for number in range(12)]

    assert _statuses(answers) == [411] * 10 + [429] * 2


def test_a_trusted_proxy_says_who_it_is(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", TRUSTED_PROXIES="1")
    asha = sign_up(call)

    answers = [_try(call, asha.username, **{"X-Forwarded-For": GUESSER}) for _ in range(12)]
    other = _try(call, asha.username, PASSWORD, **{"X-Forwarded-For": HOME})

    assert _statuses(answers) == [411] * 10 + [429] * 2
    assert other.status == 200


def test_behind_a_trusted_proxy_a_made_up_part_does_not_count(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", TRUSTED_PROXIES="1")
    asha = sign_up(call)

    forged = [f"192.0.2.{number}, {GUESSER}" for number in range(12)]
    answers = [_try(call, asha.username, **{"X-Forwarded-For": value}) for value in forged]

    assert _statuses(answers) == [411] * 10 + [429] * 2


def test_a_success_is_not_counted(call: Call) -> None:
    asha = sign_up(call)

    assert _statuses([_try(call, asha.username, PASSWORD) for _ in range(60)]) == [200] * 60


def test_a_success_forgives_no_earlier_failure(call: Call) -> None:
    asha = sign_up(call)

    answers = [_try(call, asha.username, PASSWORD if number % 2 else WRONG) for number in range(22)]

    assert _statuses(answers) == [411, 200] * 9 + [411, 429, 429, 429]


@pytest.mark.parametrize("spell", [str.upper, str.title, lambda name: f" {name} "])
def test_another_spelling_is_the_same_account(call: Call, spell: Callable[[str], str]) -> None:
    asha = sign_up(call)
    for _ in range(10):
        _try(call, asha.username)

    assert _try(call, spell(asha.username)).status == 429


def _move(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    later = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: later)


def test_the_window_ends(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asha = sign_up(call)
    for _ in range(12):
        _try(call, asha.username)
    _move(monkeypatch, 15 * 60 + 1)

    assert _try(call, asha.username).status == 411
    assert _try(call, asha.username, PASSWORD).status == 200


def test_the_window_is_not_prolonged_by_more_guesses(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asha = sign_up(call)
    for _ in range(12):
        _try(call, asha.username)
    _move(monkeypatch, 10 * 60)
    for _ in range(5):
        late = _try(call, asha.username)
    assert int(late.headers["Retry-After"]) <= 5 * 60 + 1
    _move(monkeypatch, 5 * 60 + 1)

    assert _try(call, asha.username, PASSWORD).status == 200


def test_the_limits_are_settings(call_with: Callable[..., Call]) -> None:
    call = call_with(RATELIMIT_ENABLED="true", SIGN_IN_ATTEMPTS_PER_ACCOUNT="2", SIGN_IN_ATTEMPTS_PER_SOURCE="3")
    asha, ravi = sign_up(call), sign_up(call)

    assert _statuses([_try(call, asha.username) for _ in range(3)]) == [411, 411, 429]
    assert _try(call, ravi.username).status == 429


def test_nothing_is_throttled_when_limits_are_off(app: Flask) -> None:
    call = caller(app.test_client())
    assert not app.config["RATELIMIT_ENABLED"]
    assert {_try(call, "nobody@example.com").status for _ in range(60)} == {411}
    assert count("sign_in_failures") == 0


def test_neither_e_mail_nor_source_is_kept(call: Call) -> None:
    asha = sign_up(call)
    _try(call, asha.username)

    kept = repr(stored("sign_in_failures"))
    assert asha.username not in kept
    assert GUESSER not in kept


def test_what_is_kept_goes_away_by_itself(call: Call) -> None:
    _try(call, "nobody@example.com")

    indexes = db.database()["sign_in_failures"].index_information().values()
    assert any(index.get("expireAfterSeconds") == 0 for index in indexes)
    assert all("expiresAt" in record for record in stored("sign_in_failures")["sign_in_failures"])


def test_an_unknown_name_is_answered_and_throttled_like_a_known_one(call: Call) -> None:
    asha = sign_up(call)

    known = [_try(call, asha.username, source="192.0.2.1") for _ in range(12)]
    unknown = [_try(call, "nobody@example.com", source="192.0.2.2") for _ in range(12)]

    def shown(answer: Answer) -> Any:
        return answer.status, answer.body | {"requestId": ""}, sorted(answer.headers.keys())

    assert [shown(answer) for answer in known] == [shown(answer) for answer in unknown]


@pytest.mark.parametrize("known", [True, False])
def test_a_password_is_hashed_for_an_unknown_name_as_well(
    asha: Person, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    verified: list[str] = []
    verify = argon2.PasswordHasher.verify

    def watched(self: argon2.PasswordHasher, hashed: str, password: str) -> bool:
        verified.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", watched)
    _try(asha.call, asha.username if known else "nobody@example.com")

    (hashed,) = verified
    assert "m=8,t=1,p=1" in hashed
