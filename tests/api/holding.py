"""People with several accounts, and operators; money is moved between any two accounts past the routes."""

from datetime import datetime
from typing import Any

from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.ledger.posting import BANK_ACCOUNTS, Posting, movement
from paytm.user import roles
from tests.people import Answer, Person

NOBODYS = "f" * 24


def ask(person: Person, method: str, path: str, **body: Any) -> Answer:
    """Make a request to the account routes; a body is sent where there are fields for one."""
    return person.call(method, f"/account{path}", headers=person.headers, **({"json": body} if body else {}))


def another(person: Person, name: str = "Savings", **body: Any) -> str:
    """Open another account, and return its id."""
    answer = ask(person, "POST", "", name=name, **body)
    assert answer.status == 201, answer
    return answer.body["account"]["id"]


def operator(person: Person) -> Person:
    assert roles.grant(person.username, roles.OPERATOR)
    return person


def move(
    app: Flask,
    source: str | ObjectId,
    destination: str | ObjectId,
    paise: int,
    *,
    at: datetime | None = None,
    note: str | None = None,
) -> None:
    """Move money between two accounts, whoever owns them, at a time."""
    payer, payee = ObjectId(source), ObjectId(destination)
    outcome = app.extensions["ledger"].submit(
        Posting(
            kind="funding" if payer in BANK_ACCOUNTS else "transfer",
            owner=payer,
            source=payer,
            destination=payee,
            amount=paise,
            legs=movement(payer, payee, paise),
            at=at or clock.now(),
            note=note,
        )
    )
    assert outcome.completed, outcome


def set_status(account_id: str, status: str) -> None:
    db.database()["accounts"].update_one({"_id": ObjectId(account_id)}, {"$set": {"status": status}})
