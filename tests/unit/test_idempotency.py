"""Telling a repeated request from another one."""

from itertools import combinations

import pytest
from bson import ObjectId

from paytm.ledger.idempotency import fingerprint

PAYER, PAYEE = ObjectId("0123456789abcdef01234567"), ObjectId("0123456789abcdef01234568")


def test_the_same_request_has_the_same_fingerprint() -> None:
    assert fingerprint(("transfer", PAYER, PAYEE, 500, "")) == fingerprint(["transfer", PAYER, PAYEE, 500, ""])


def test_a_fingerprint_has_16_bytes() -> None:
    assert len(fingerprint([])) == len(fingerprint(["x" * 10_000])) == 16


REQUESTS: list[tuple[object, ...]] = [
    ("transfer", PAYER, PAYEE, 500, ""),
    ("purchase", PAYER, PAYEE, 500, ""),
    ("transfer", PAYEE, PAYER, 500, ""),
    ("transfer", PAYER, PAYEE, 501, ""),
    ("transfer", PAYER, PAYEE, 500, "x"),
    ("transfer", PAYER, PAYEE, "500", ""),
    ("transfer", PAYER, PAYEE, 500, None),
    ("transfer", PAYER, PAYEE, 500, "None"),
    ("transfer", PAYER, PAYEE, 50, "0"),
    ("ab", "c"),
    ("a", "bc"),
    ("a', 'b",),
    ("a", "b"),
    (),
    ("",),
]


@pytest.mark.parametrize(("one", "other"), list(combinations(REQUESTS, 2)))
def test_different_requests_have_different_fingerprints(one: tuple[object, ...], other: tuple[object, ...]) -> None:
    assert fingerprint(one) != fingerprint(other)


def test_a_fingerprint_that_is_stored_stays_valid() -> None:
    # Another value here would refuse every repetition of a request that was made before an update.
    stored = "6913b259277e953e11bdafc9fd558d9b"
    assert fingerprint(("transfer", PAYER, PAYEE, 500, "chai")).hex() == stored
