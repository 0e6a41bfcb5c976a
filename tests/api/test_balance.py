"""What an account holds."""

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask.testing import FlaskClient

from paytm import db
from tests.conftest import empty_database
from tests.people import Person


def test_a_balance_is_in_rupees(asha: Person) -> None:
    answer = asha.get("/account/balance")

    assert (answer.status, answer.body) == (200, {"balance": 100, "available": 100})


@pytest.mark.parametrize(
    ("paise", "text"),
    [
        (0, "0"),
        (1, "0.01"),
        (10, "0.1"),
        (3333, "33.33"),
        (100, "1"),
        (29, "0.29"),
        (999_999_999_999_999, "9999999999999.99"),
        (10**15, "10000000000000"),
    ],
)
def test_every_balance_is_exact_to_the_paisa(client: FlaskClient, asha: Person, paise: int, text: str) -> None:
    db.database()["accounts"].update_one({"_id": ObjectId(asha.id)}, {"$set": {"balance": Int64(paise)}})

    answer = client.get("/api/v1/account/balance", headers=asha.headers)

    assert answer.get_data(as_text=True).replace(" ", "").strip() == f'{{"available":{text},"balance":{text}}}'
    empty_database()


def test_a_balance_is_never_kept_by_a_cache(asha: Person) -> None:
    assert asha.get("/account/balance").headers["Cache-Control"] == "no-store"


def test_one_reads_ones_own_writes(asha: Person, ravi: Person) -> None:
    for sent in range(1, 11):
        asha.send(ravi, 1)
        assert (asha.balance(), ravi.balance()) == (100 - sent, 100 + sent)
