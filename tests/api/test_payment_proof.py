"""The proof of card payments, which finds whatever is made up or missing."""

from collections.abc import Callable
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask

from paytm import db
from paytm.ledger.audit import Unbalanced
from paytm.payment import proof
from tests.conftest import caller
from tests.paying import change, hear_all, started
from tests.people import sign_up
from tests.stand_in import StandIn


@pytest.fixture
def payment(app: Flask, make_app: Callable[..., Flask], stripe: StandIn) -> str:
    """One of two payments; the other one came too late."""
    call = caller(make_app(**stripe.settings).test_client())
    asha = sign_up(call)
    made, session = started(asha, key="made")
    late, other = started(asha, key="late")
    change(late, status="expired")
    for id_ in (session, other):
        stripe.pay(id_)
    hear_all(call, stripe)
    return made


def test_what_adds_up_is_counted(payment: str) -> None:
    assert proof.check() == 2


@pytest.mark.parametrize(
    ("collection", "wanted", "update"),
    [
        ("payments", {"status": "succeeded"}, {"status": "pending"}),
        ("payments", {"status": "succeeded"}, {"amount": Int64(4000)}),
        ("payments", {"status": "succeeded"}, {"card.paidBy": "pi_other"}),
        ("payments", {"status": "succeeded"}, {"transaction": ObjectId()}),
        ("payments", {"status": "expired"}, {"status": "succeeded"}),
        ("receipts", {"status": "returned"}, {"status": "settled"}),
        ("receipts", {"status": "returned"}, {"amount": Int64(1)}),
        ("card_refunds", {}, {"intent": "pi_other"}),
    ],
)
def test_what_does_not_is_named(payment: str, collection: str, wanted: dict[str, Any], update: dict[str, Any]) -> None:
    db.database()[collection].update_one(wanted, {"$set": update})

    with pytest.raises(Unbalanced):
        proof.check()
