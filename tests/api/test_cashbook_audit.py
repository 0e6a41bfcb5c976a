"""The proof that cash books agree finds whatever does not."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64

from paytm import db
from paytm.cashbook import audit
from paytm.ledger.audit import Unbalanced
from tests.bookkeeping import ask, noted, settle
from tests.conftest import empty_database
from tests.people import Person


@pytest.fixture
def book(asha: Person, ravi: Person) -> Iterator[dict[str, ObjectId]]:
    """A book with a record that was sent, one that was asked for, an open and a deleted one; emptied at the end."""
    sent = settle(asha, noted(asha, transactionType="credit")["id"], ravi, "a").body["record"]
    asked = settle(asha, noted(asha)["id"], ravi, "b").body["record"]
    noted(asha)
    ask(asha, "DELETE", f"/{noted(asha)['id']}")
    ids = {
        "owner": asha.id,
        "sent": sent["id"],
        "transaction": sent["settledBy"]["transactionId"],
        "asked": asked["id"],
    }
    yield {name: ObjectId(id_) for name, id_ in ids.items()} | {"request": ObjectId(asked["settledBy"]["requestId"])}
    empty_database()


def change(name: str, id_: ObjectId, **values: Any) -> None:
    assert db.database()[name].update_one({"_id": id_}, {"$set": values}).modified_count


def pay_twice(book: dict[str, ObjectId]) -> None:
    for key in ("c", "d"):
        paid = db.database()["transactions"].find_one({"_id": book["transaction"]}) or {}
        db.database()["transactions"].insert_one({**paid, "_id": ObjectId(), "key": key, "record": book["asked"]})


WRONG: dict[str, tuple[str, Callable[[dict[str, ObjectId]], Any]]] = {
    "a record too many": ("owner", lambda book: change("cashbook_versions", book["owner"], records=Int64(4))),
    "a write too few": ("owner", lambda book: change("cashbook_versions", book["owner"], version=Int64(1))),
    "a book without a version": ("owner", lambda book: db.database()["cashbook_versions"].delete_one({})),
    "another amount": ("sent", lambda book: change("cashbook", book["sent"], amount=Int64(1))),
    "no such transfer": (
        "sent",
        lambda book: change("cashbook", book["sent"], **{"settledBy.transaction": ObjectId()}),
    ),
    "another payer": ("asked", lambda book: change("payment_requests", book["request"], payer=ObjectId())),
    "no such request": ("asked", lambda book: db.database()["payment_requests"].delete_one({"_id": book["request"]})),
    "another type": ("asked", lambda book: change("cashbook", book["asked"], type="credit")),
    "paid twice": ("asked", pay_twice),
}


def test_what_agrees_is_counted(book: dict[str, ObjectId]) -> None:
    assert audit.check() == 4


@pytest.mark.parametrize(("named", "spoil"), WRONG.values(), ids=WRONG.keys())
def test_what_does_not_agree_is_named(
    book: dict[str, ObjectId], named: str, spoil: Callable[[dict[str, ObjectId]], Any]
) -> None:
    spoil(book)

    with pytest.raises(Unbalanced, match=str(book[named])):
        audit.check()
