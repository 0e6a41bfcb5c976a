"""Making the collections, and what they refuse by themselves."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask
from pymongo.errors import DuplicateKeyError, WriteError

from paytm import db
from paytm.cli import COLLECTIONS
from tests.api.stored import stored
from tests.conftest import empty_database
from tests.people import Call, Person, sign_up

NOW = datetime(2024, 1, 1, tzinfo=UTC)
ACCOUNT = {
    "userId": ObjectId(),
    "name": "Wallet",
    "kind": "wallet",
    "status": "active",
    "currency": "INR",
    "balance": Int64(0),
    "seq": Int64(0),
}
USER = {
    "username": "asha@example.com",
    "passwordHash": "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA",
    "firstName": "Asha",
    "lastName": "Rao",
    "status": "active",
}
TRANSACTION = {
    "kind": "transfer",
    "status": "completed",
    "from": ObjectId(),
    "to": ObjectId(),
    "amount": Int64(5),
    "ownerId": ObjectId(),
    "createdAt": NOW,
    "key": "k",
}
ENTRY = {
    "account": ObjectId(),
    "amount": Int64(5),
    "transaction": ObjectId(),
    "createdAt": NOW,
    "seq": Int64(1),
    "balance": Int64(5),
}
HOLD = {
    "account": ObjectId(),
    "amount": Int64(5),
    "status": "authorised",
    "payee": ObjectId(),
    "ownerId": ObjectId(),
    "createdAt": NOW,
    "expiresAt": NOW,
}
SOUND = {"accounts": ACCOUNT, "users": USER, "transactions": TRANSACTION, "entries": ENTRY, "holds": HOLD}


@pytest.fixture(autouse=True)
def _emptied(app: Flask) -> Iterator[None]:
    """Leave nothing that does not add up."""
    yield
    empty_database()


def _insert(name: str, **changes: Any) -> None:
    db.database()[name].insert_one({k: v for k, v in {**SOUND[name], **changes}.items() if v is not ...})


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_document_is_taken(app: Flask, name: str) -> None:
    _insert(name)


REFUSED = [
    ("accounts", {"balance": Int64(-1)}),
    ("accounts", {"balance": 5}),
    ("accounts", {"balance": 5.0}),
    ("accounts", {"balance": "5"}),
    ("accounts", {"balance": None}),
    ("accounts", {"balance": ...}),
    ("accounts", {"held": Int64(-1)}),
    ("accounts", {"held": 5}),
    ("accounts", {"held": None}),
    ("accounts", {"seq": 1.5}),
    ("accounts", {"seq": Int64(-1)}),
    ("accounts", {"status": "open"}),
    ("accounts", {"kind": "system"}),
    ("accounts", {"userId": ...}),
    ("users", {"passwordHash": "correct-horse"}),
    ("users", {"passwordHash": ""}),
    ("users", {"passwordHash": "$2b$12$abcdefghijklmnopqrstuv"}),
    ("users", {"passwordHash": "$argon2i$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA"}),
    ("users", {"passwordHash": "x$argon2id$"}),
    ("users", {"passwordHash": ...}),
    ("users", {"username": ...}),
    ("users", {"username": 5}),
    ("users", {"status": "root"}),
    ("transactions", {"amount": Int64(0)}),
    ("transactions", {"amount": Int64(-5)}),
    ("transactions", {"amount": 5}),
    ("transactions", {"amount": 5.0}),
    ("transactions", {"status": "pending"}),
    ("transactions", {"ownerId": ...}),
    ("transactions", {"key": 5}),
    ("entries", {"amount": 5}),
    ("entries", {"amount": 5.5}),
    ("entries", {"balance": Int64(-1)}),
    ("entries", {"balance": 5.0}),
    ("entries", {"seq": Int64(0)}),
    ("entries", {"transaction": ...}),
    ("holds", {"amount": Int64(0)}),
    ("holds", {"amount": 5}),
    ("holds", {"captured": Int64(0)}),
    ("holds", {"status": "released"}),
    ("holds", {"expiresAt": None}),
    ("holds", {"payee": ...}),
]


def _refusal(name: str, changes: dict[str, Any]) -> int | None:
    try:
        _insert(name, **changes)
    except WriteError as refused:
        return refused.code
    return None


def test_an_unsound_document_is_refused_by_the_database(app: Flask) -> None:
    assert [case for case in REFUSED if _refusal(*case) != 121] == []


def test_no_update_brings_a_balance_below_zero(asha: Person) -> None:
    with pytest.raises(WriteError):
        db.database()["accounts"].update_one({"_id": ObjectId(asha.id)}, {"$inc": {"balance": Int64(-10_001)}})

    assert asha.balance() == 100


UNIQUE = [
    ("users", {"username": "b@example.com"}),
    ("transactions", {"key": "k2"}),
    ("transactions", {"ownerId": ObjectId()}),
    ("entries", {"seq": Int64(2)}),
    ("entries", {"account": ObjectId()}),
]


@pytest.mark.parametrize(("name", "different"), UNIQUE)
def test_what_has_to_be_unique_is(app: Flask, name: str, different: dict[str, Any]) -> None:
    _insert(name)
    with pytest.raises(DuplicateKeyError):
        _insert(name)

    _insert(name, **different)


def test_many_transactions_have_no_key(app: Flask) -> None:
    for _ in range(3):
        _insert("transactions", key=...)


def test_many_entries_of_the_system_account_have_no_seq(app: Flask) -> None:
    for _ in range(3):
        _insert("entries", account=ObjectId("0" * 24), seq=..., balance=...)


INDEXED = [
    ("users", ("username",)),
    ("users", ("grams", "_id")),
    ("accounts", ("userId",)),
    ("sessions", ("userId",)),
    ("sessions", ("expiresAt",)),
    ("sign_in_failures", ("expiresAt",)),
    ("transactions", ("ownerId", "key")),
    ("entries", ("account", "seq")),
    ("holds", ("expiresAt",)),
]


@pytest.mark.parametrize(("name", "fields"), INDEXED)
def test_an_index_is_there(app: Flask, name: str, fields: tuple[str, ...]) -> None:
    indexes = db.database()[name].index_information().values()

    assert fields in [tuple(field for field, _ in index["key"]) for index in indexes]


def test_making_everything_again_changes_nothing(call: Call, app: Flask) -> None:
    person = sign_up(call)
    before = stored()
    described = list(db.database().list_collections())

    for _ in range(2):
        assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0

    assert stored() == before
    assert sorted(map(repr, db.database().list_collections())) == sorted(map(repr, described))
    assert person.balance() == 100


def test_an_older_validator_is_brought_up_to_date(app: Flask) -> None:
    db.database().command("collMod", "accounts", validator={})
    _insert("accounts", balance=Int64(-5))
    db.database()["accounts"].delete_many({})

    assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0

    with pytest.raises(WriteError):
        _insert("accounts", balance=Int64(-5))


def test_a_lost_index_is_made_again(app: Flask) -> None:
    db.database()["entries"].drop_index("account_seq")

    assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0

    assert "account_seq" in db.database()["entries"].index_information()


def test_an_empty_database_gets_every_collection(app: Flask) -> None:
    for collection in COLLECTIONS:
        db.database().drop_collection(collection.name)

    assert app.test_cli_runner().invoke(args=["init-db"]).exit_code == 0

    assert {collection.name for collection in COLLECTIONS} <= set(db.database().list_collection_names())


def test_every_collection_has_a_validator(app: Flask) -> None:
    options = {found["name"]: found["options"] for found in db.database().list_collections()}

    assert all("$jsonSchema" in options[collection.name]["validator"] for collection in COLLECTIONS)
