"""Hashing passwords."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from paytm.errors import Unavailable
from paytm.user import passwords
from paytm.user.passwords import Passwords


@pytest.fixture(scope="module")
def cheap() -> Passwords:
    return Passwords(memory_kib=8, time_cost=1, concurrency=2)


SORTS = {
    "seven": "1234567",
    "64": "x" * 64,
    "200": "y" * 200,
    "256 of four bytes": "🔑" * 256,
    "unicode": "पासवर्ड-密码",
    "NUL": "before\0after",
    "only NUL": "\0" * 8,
    "blanks": "   ",
    "expanding": "\ufdfa" * 256,
}


@pytest.mark.parametrize("password", SORTS.values(), ids=SORTS.keys())
def test_a_password_fits_its_hash_and_no_other_does(cheap: Passwords, password: str) -> None:
    hashed = cheap.hash(password)

    assert cheap.verify(hashed, password)
    assert not cheap.verify(hashed, password[:-1])
    assert not cheap.verify(hashed, password + "x")


@pytest.mark.parametrize(
    ("typed", "again"),
    [("caf\u00e9", "cafe\u0301"), ("cafe\u0301", "caf\u00e9"), ("\u212b", "\u00c5"), ("ｐａｓｓ", "pass"), ("ﬁ", "fi")],
)
def test_a_password_fits_however_it_is_composed(cheap: Passwords, typed: str, again: str) -> None:
    assert cheap.verify(cheap.hash(typed), again)


@pytest.mark.parametrize(("typed", "other"), [("Secret", "secret"), ("cafe", "café"), ("a b", "ab"), ("a\0b", "a")])
def test_different_passwords_stay_different(cheap: Passwords, typed: str, other: str) -> None:
    assert not cheap.verify(cheap.hash(typed), other)


def test_nobody_has_a_password(cheap: Passwords) -> None:
    assert not cheap.verify(None, "nobody's password")
    assert not cheap.verify(None, "")


def test_nobodys_hash_costs_what_others_do() -> None:
    made = Passwords(memory_kib=64, time_cost=3, concurrency=1)

    assert made._nobody.split("$")[1:4] == made.hash("x").split("$")[1:4] == ["argon2id", "v=19", "m=64,t=3,p=1"]


@pytest.mark.parametrize("hashed", ["plain", "$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$x$y", "$2b$12$abc", "\0", "$"])
def test_a_broken_hash_fits_nothing(cheap: Passwords, hashed: str) -> None:
    assert not cheap.verify(hashed, "plain")


def test_two_hashes_of_one_password_differ(cheap: Passwords) -> None:
    assert cheap.hash("secret") != cheap.hash("secret")


@pytest.mark.parametrize(("memory_kib", "outdated"), [(8, False), (64, True)])
def test_a_hash_of_other_parameters_is_outdated(cheap: Passwords, memory_kib: int, outdated: bool) -> None:
    now = Passwords(memory_kib=memory_kib, time_cost=1, concurrency=1)

    assert now.is_outdated(cheap.hash("secret")) is outdated


def test_a_queue_that_is_full_refuses_and_says_when_to_come_back() -> None:
    full = Passwords(memory_kib=8, time_cost=1, concurrency=1)
    for _ in range(passwords._LONGEST_QUEUE):
        full._offload._places.acquire()

    with pytest.raises(Unavailable) as refused:
        full.hash("secret")

    assert refused.value.retry_after == 5


def test_a_place_is_given_back_even_after_an_error() -> None:
    made = Passwords(memory_kib=8, time_cost=1, concurrency=1)
    hashed = made.hash("secret")

    for _ in range(passwords._LONGEST_QUEUE + 1):
        assert not made.verify("broken", "secret")
        with pytest.raises(UnicodeEncodeError):
            made.hash("\ud800")
    assert made.verify(hashed, "secret")


class Gauge:
    """A hasher that counts how many are in it at the same time."""

    def __init__(self, full: int) -> None:
        self.inside = self.most = 0
        self._lock = threading.Lock()
        self._full = threading.Barrier(full)

    def hash(self, _: Any) -> str:
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self._full.wait(10)
        with self._lock:
            self.inside -= 1
        return "$argon2id$"


@pytest.mark.parametrize("concurrency", [1, 3])
def test_only_so_many_are_hashed_at_once(concurrency: int) -> None:
    made = Passwords(memory_kib=8, time_cost=1, concurrency=concurrency)
    made._hasher = gauge = Gauge(concurrency)  # type: ignore[assignment]

    with ThreadPoolExecutor(12) as pool:
        hashes = list(pool.map(made.hash, ["secret"] * 12))

    assert (len(hashes), gauge.most) == (12, concurrency)
