"""Accounts that may not pay or be paid, as an operator sets them in the database."""

from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.ledger.posting import CARD_ACCOUNT, SYSTEM_ACCOUNT
from tests.api.holding import move
from tests.api.stored import MONEY, count, stored
from tests.people import Person

SYSTEM, CARD = str(SYSTEM_ACCOUNT), str(CARD_ACCOUNT)


def _set(person: Person, status: str) -> None:
    db.database()["accounts"].update_one({"_id": ObjectId(person.id)}, {"$set": {"status": status}})


@pytest.mark.parametrize("status", ["frozen", "closed"])
def test_an_inactive_account_pays_nobody(asha: Person, ravi: Person, status: str) -> None:
    _set(asha, status)
    before = stored(*MONEY)

    answer = asha.send(ravi, 5)

    assert (answer.status, answer.body["code"]) == (400, "account_inactive")
    assert stored(*MONEY) == before


@pytest.mark.parametrize("status", ["frozen", "closed"])
def test_an_inactive_account_is_not_paid(asha: Person, ravi: Person, status: str) -> None:
    _set(ravi, status)
    before = stored(*MONEY)

    answer = asha.send(ravi, 5)

    assert (answer.status, answer.body["message"]) == (400, "Invalid account")
    assert stored(*MONEY) == before


@pytest.mark.parametrize("status", ["frozen", "closed"])
def test_an_inactive_account_can_still_be_read(asha: Person, status: str) -> None:
    _set(asha, status)

    assert asha.balance() == 100
    assert len(asha.get("/account/transactions").body["transactions"]) == 1


@pytest.mark.parametrize("to", [SYSTEM, CARD, SYSTEM + " ", {"$oid": SYSTEM}])
def test_the_banks_own_accounts_are_not_paid(asha: Person, to: Any) -> None:
    before = stored(*MONEY)

    answer = asha.send(to, 5, key="k")

    assert (answer.status, answer.body["message"]) == (400, "Invalid account")
    assert stored(*MONEY) == before


@pytest.mark.parametrize("own", [SYSTEM, CARD])
def test_the_banks_own_accounts_have_no_document(app: Flask, asha: Person, own: str) -> None:
    move(app, own, asha.id, 5_00)

    assert count("accounts", _id=ObjectId(own)) == 0
    assert count("users", _id=ObjectId(own)) == 0


def test_money_from_a_card_is_shown_as_such(app: Flask, asha: Person) -> None:
    move(app, CARD, asha.id, 5_00)

    (line, _) = asha.get("/account/transactions").body["transactions"]
    assert (line["counterparty"], line["balance"]) == ({"id": CARD, "name": "Card"}, 105)


def test_an_account_that_is_thawed_pays_again(asha: Person, ravi: Person) -> None:
    _set(asha, "frozen")
    assert asha.send(ravi, 5).status == 400
    _set(asha, "active")

    assert asha.send(ravi, 5).status == 200


def test_a_keyed_refusal_of_a_frozen_account_stays_with_its_key(asha: Person, ravi: Person) -> None:
    _set(ravi, "frozen")
    first = asha.send(ravi, 5, key="k")
    _set(ravi, "active")

    again = asha.send(ravi, 5, key="k")

    assert (first.status, again.status, first.body) == (400, 400, again.body)
    assert asha.send(ravi, 5, key="k2").status == 200
