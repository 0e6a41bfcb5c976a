"""Which errors of the database pass, so that all that waits is refused at once."""

import pytest
from pymongo.errors import (
    AutoReconnect,
    DuplicateKeyError,
    ExecutionTimeout,
    OperationFailure,
    WriteConcernError,
    WriteError,
)

from paytm import db


@pytest.mark.parametrize(
    "error",
    [
        AutoReconnect("gone"),
        ExecutionTimeout("slow", 50),
        OperationFailure("No keys found for HMAC", 211),
        WriteConcernError("operation was interrupted", 11602),
    ],
)
def test_what_the_next_request_would_meet_too_is_an_outage(error: Exception) -> None:
    assert db.is_outage(error)


@pytest.mark.parametrize("error", [DuplicateKeyError("twice", 11000), WriteError("invalid", 121), ValueError("no")])
def test_what_one_request_brought_upon_itself_is_none(error: Exception) -> None:
    assert not db.is_outage(error)
