"""A database of the version before: made without migrations, holds, cards and pictures, and with people and money."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask
from pymongo import IndexModel

from paytm import db
from paytm.cli import COLLECTIONS
from paytm.ledger import audit
from paytm.user.passwords import Passwords
from tests.conftest import remake_database
from tests.people import PASSWORD, Call, Person

BANK, ASHA, RAVI = ObjectId("0" * 24), ObjectId(), ObjectId()
AT = datetime(2026, 1, 1, tzinfo=UTC)
LONG = {"bsonType": "long", "minimum": 0}

# Collections as they were declared: what they required, what they allowed, and their indexes.
OLD: dict[str, tuple[list[str], dict[str, Any], list[IndexModel]]] = {
    "users": (
        ["username", "passwordHash", "firstName", "lastName", "status"],
        {"username": {"bsonType": "string"}, "status": {"enum": ["active", "disabled"]}},
        # As mongoengine made them.
        [IndexModel("username", unique=True, background=False), IndexModel([("grams", 1), ("_id", 1)])],
    ),
    "accounts": (
        ["userId", "kind", "status", "currency", "balance", "seq"],
        {"kind": {"enum": ["wallet", "merchant"]}, "balance": LONG, "seq": LONG},
        [IndexModel("userId", background=False)],
    ),
    "transactions": (["kind", "status", "from", "amount", "ownerId", "createdAt"], {}, []),
    "entries": (["account", "amount", "transaction", "createdAt"], {}, []),
    "sessions": (["userId", "createdAt", "expiresAt"], {}, []),
    "outbox": (["kind", "createdAt"], {}, []),
    "deliveries": (
        ["event", "kind", "channel", "recipient", "content", "state", "dueAt", "attempts", "createdAt"],
        {"channel": {"enum": ["email", "webhook"]}, "state": {"enum": ["due", "sent", "dead"]}},
        [IndexModel([("channel", 1), ("state", 1), ("dueAt", 1)], name="due")],
    ),
}


def _user(id_: ObjectId, name: str, password_hash: str) -> dict[str, Any]:
    names = {"firstName": name, "lastName": "Rao", "searchName": f"{name} rao".lower(), "grams": []}
    login = {"username": f"{name}@example.com".lower(), "passwordHash": password_hash, "status": "active"}
    return {"_id": id_, **names, **login, "roles": [], "createdAt": AT, "signIns": 0}


def _account(id_: ObjectId) -> dict[str, Any]:
    kinds = {"name": "Wallet", "kind": "wallet", "status": "active", "currency": "INR"}
    state = {"balance": Int64(10_000), "seq": Int64(1), "usage": {}, "limits": {}, "movedAt": AT}
    return {"_id": id_, "userId": id_, **kinds, **state}


def _funding(to: ObjectId) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    transaction = {"_id": ObjectId(), "kind": "funding", "status": "completed", "from": BANK, "to": to}
    common = {"transaction": transaction["_id"], "kind": "funding", "createdAt": AT}
    out = {"account": BANK, "amount": Int64(-10_000), "other": to, **common}
    into = {"account": to, "amount": Int64(10_000), "other": BANK, "seq": Int64(1), "balance": Int64(10_000), **common}
    return {**transaction, "amount": Int64(10_000), "ownerId": to, "createdAt": AT}, [out, into]


def _documents() -> dict[str, list[dict[str, Any]]]:
    hashed = Passwords(memory_kib=8, time_cost=1, concurrency=1).hash(PASSWORD)
    people = {ASHA: "Asha", RAVI: "Ravi"}
    funded = [_funding(id_) for id_ in people]
    return {
        "users": [_user(id_, name, hashed) for id_, name in people.items()],
        "accounts": [_account(id_) for id_ in people],
        "transactions": [transaction for transaction, _ in funded],
        "entries": [entry for _, entries in funded for entry in entries],
        "outbox": [{"kind": "transaction.completed", "createdAt": AT, "transaction": funded[0][0]["_id"]}],
    }


@pytest.fixture
def old(app: Flask) -> Iterator[Flask]:
    """The application on an old database that ``init-db`` was run on."""
    target = db.database()
    target.client.drop_database(target.name)
    for name, (required, properties, indexes) in OLD.items():
        schema = {"bsonType": "object", "required": required, "properties": properties}
        target.create_collection(name, validator={"$jsonSchema": schema})
        if indexes:
            target[name].create_indexes(indexes)
    for name, documents in _documents().items():
        target[name].insert_many(documents)
    assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0
    yield app
    remake_database()


def test_an_old_database_is_brought_up_to_date(old: Flask) -> None:
    found = {found["name"]: found["options"]["validator"] for found in db.database().list_collections()}
    for collection in COLLECTIONS:
        made = db.database()[collection.name].index_information()
        assert found[collection.name] == {"$jsonSchema": collection.schema}
        assert {index.document["name"] for index in collection.declared_indexes} <= made.keys()


def test_people_of_an_old_database_have_their_money_and_send_it(old: Flask, call: Call) -> None:
    answer = call("POST", "/user/signin", json={"username": "asha@example.com", "password": PASSWORD})
    asha = Person(call, answer.body["token"], str(ASHA), "asha@example.com")

    assert asha.send(str(RAVI), 20).status == 200
    assert asha.balance() == 80
    assert [line["kind"] for line in asha.get("/account/transactions").body["transactions"]] == ["transfer", "funding"]
    assert audit.check().circulating == 20_000
