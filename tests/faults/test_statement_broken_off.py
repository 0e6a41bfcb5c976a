"""A database that fails while a statement is written: it is refused as a whole, or breaks off for everybody to see."""

from collections.abc import Callable

import pytest
import requests
from bson import ObjectId

from paytm import db
from paytm.ledger import store
from paytm.ledger.posting import Posting, movement
from tests.people import Person, sign_up
from tests.server import Server

_LINES = 1_100  # Three batches.
_FINDS_BEFORE_THE_FIRST_LINE = 2


@pytest.fixture
def asha(shared_server: Server) -> Person:
    """Somebody with a long statement."""
    asha, ravi = sign_up(shared_server.call), sign_up(shared_server.call)
    payer, payee = ObjectId(asha.id), ObjectId(ravi.id)
    payments = [
        Posting(
            kind="transfer",
            owner=payer,
            source=payer,
            destination=payee,
            amount=1,
            legs=movement(payer, payee, 1),
        )
        for _ in range(_LINES)
    ]
    store.commit(payments, timeout=60)
    return asha


@pytest.fixture
def fail_reading(failpoint: Callable[..., None]) -> Callable[[int], None]:
    """Let every reading of entries fail after so many."""

    def set_up(after: int) -> None:
        data = {"failCommands": ["find"], "namespace": f"{db.database().name}.entries", "errorCode": 8}
        failpoint("failCommand", {"skip": after}, data)

    return set_up


def get(server: Server, person: Person, form: str) -> requests.Response:
    url = f"{server.url}/api/v1/account/{person.id}/statement?format={form}"
    return requests.get(url, headers=person.headers, timeout=15)


def test_a_long_statement_comes_whole(shared_server: Server, asha: Person) -> None:
    answer = get(shared_server, asha, "csv")

    assert answer.status_code == 200
    assert answer.text.count("\r\n") == _LINES + 1 + 3
    assert answer.text.splitlines()[-1].endswith("Closing balance,,,,,89.00,")


@pytest.mark.parametrize("form", ["json", "csv", "pdf"])
@pytest.mark.parametrize("finds", [0, 1, 2])
def test_what_fails_before_the_first_line_is_told(
    shared_server: Server, asha: Person, fail_reading: Callable[[int], None], form: str, finds: int
) -> None:
    fail_reading(finds)

    answer = get(shared_server, asha, form)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "Retry-After" in answer.headers


def test_a_pdf_that_fails_later_is_refused_as_a_whole(
    shared_server: Server, asha: Person, fail_reading: Callable[[int], None]
) -> None:
    fail_reading(_FINDS_BEFORE_THE_FIRST_LINE + 1)

    assert get(shared_server, asha, "pdf").status_code == 503


def test_a_csv_that_fails_later_never_looks_complete(
    shared_server: Server, asha: Person, fail_reading: Callable[[int], None]
) -> None:
    fail_reading(_FINDS_BEFORE_THE_FIRST_LINE + 1)

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        get(shared_server, asha, "csv")
    assert asha.balance() == 89
