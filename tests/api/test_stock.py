"""What orders do to stock within their transactions, and the proof that nothing of it was lost."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask
from pymongo.client_session import ClientSession
from pymongo.errors import BulkWriteError, WriteError

from paytm import db
from paytm.errors import OutOfStock, UnknownProduct
from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced
from paytm.product import stock
from tests.api.stored import stored
from tests.conftest import empty_database
from tests.people import Person
from tests.shop import ask, kept, merchant, offer, restock

UNKNOWN = ObjectId("f" * 24)

Items = Mapping[ObjectId, int]


@pytest.fixture
def asha(asha: Person) -> Person:
    return merchant(asha)


@pytest.fixture
def lamp(asha: Person) -> Iterator[ObjectId]:
    """A product with 10 pieces; emptied when the test is over."""
    yield ObjectId(offer(asha))
    empty_database()


def take(items: Items) -> list[Mapping[str, Any]]:
    return db.transaction(lambda session: stock.take(items, session=session))


def give_back(items: Items) -> None:
    def body(session: ClientSession) -> None:
        stock.give_back(items, session=session)

    db.transaction(body)


def counted(product: ObjectId) -> tuple[int, int]:
    """Return how many pieces are left and how many were sold."""
    found = kept(str(product))
    return found["stock"], found["sold"]


def test_what_is_taken_is_counted_as_sold(lamp: ObjectId) -> None:
    take({lamp: 3})

    assert counted(lamp) == (7, 3)
    assert stock.check() == 1


def test_an_order_gets_what_it_has_to_remember(asha: Person, lamp: ObjectId) -> None:
    mug = ObjectId(offer(asha, "Mug", price="2.50"))

    taken = take({mug: 1, lamp: 10})

    assert [(product["_id"], product["name"], product["price"]) for product in taken] == [
        (lamp, "Brass lamp", 5000),
        (mug, "Mug", 250),
    ]
    assert (
        {product["merchant"] for product in taken} == {product["account"] for product in taken} == {ObjectId(asha.id)}
    )


def test_too_much_is_refused_and_nothing_of_the_order_taken(asha: Person, lamp: ObjectId) -> None:
    mug = ObjectId(offer(asha, "Mug", stock=2))

    with pytest.raises(OutOfStock) as refused:
        take({lamp: 1, mug: 3})

    assert refused.value.errors == {"product": str(mug), "left": 2}
    assert (counted(lamp), counted(mug)) == ((10, 0), (2, 0))


@pytest.mark.parametrize("is_deleted", [False, True])
def test_what_is_not_sold_is_named(asha: Person, lamp: ObjectId, is_deleted: bool) -> None:
    if is_deleted:
        ask(asha, "DELETE", f"/{lamp}")
    wanted = lamp if is_deleted else UNKNOWN

    with pytest.raises(UnknownProduct) as refused:
        take({wanted: 1})

    assert (refused.value.status, refused.value.errors) == (400, {"product": str(wanted)})


def test_what_is_given_back_can_be_sold_again(lamp: ObjectId) -> None:
    take({lamp: 10})
    give_back({lamp: 4})

    assert counted(lamp) == (4, 6)
    assert stock.check() == 1


def test_a_deleted_product_takes_its_pieces_back(asha: Person, lamp: ObjectId) -> None:
    take({lamp: 3})
    ask(asha, "DELETE", f"/{lamp}")

    give_back({lamp: 3})

    assert counted(lamp) == (10, 0)
    assert stock.check() == 1


def test_no_more_comes_back_than_was_sold(lamp: ObjectId) -> None:
    take({lamp: 3})

    with pytest.raises(BulkWriteError):
        give_back({lamp: 4})

    assert counted(lamp) == (7, 3)


def test_the_database_itself_keeps_stock_from_falling_below_nothing(lamp: ObjectId) -> None:
    for change in ({"stock": Int64(-11)}, {"sold": Int64(-1)}, {"stock": 0.5}, {"price": Int64(-5000)}):
        with pytest.raises(WriteError):
            db.database()["products"].update_one({"_id": lamp}, {"$inc": change})


def _a_piece_lost(lamp: ObjectId) -> ObjectId:
    db.database()["products"].update_one({"_id": lamp}, {"$inc": {"stock": Int64(-1)}})
    return lamp


def _a_sale_lost(lamp: ObjectId) -> ObjectId:
    db.database()["products"].update_one({"_id": lamp}, {"$inc": {"sold": Int64(1)}})
    return lamp


def _a_movement_lost(lamp: ObjectId) -> ObjectId:
    db.database()["stock_movements"].delete_one({"product": lamp})
    return lamp


def _a_movement_of_nothing(lamp: ObjectId) -> ObjectId:
    movement = db.database()["stock_movements"].find_one({"product": lamp}) or {}
    db.database()["stock_movements"].insert_one({**movement, "_id": ObjectId(), "product": UNKNOWN})
    return UNKNOWN


CORRUPTIONS = [_a_piece_lost, _a_sale_lost, _a_movement_lost, _a_movement_of_nothing]


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda corrupt: corrupt.__name__.strip("_"))
def test_a_corrupted_count_is_named(asha: Person, lamp: ObjectId, corrupt: Callable[[ObjectId], ObjectId]) -> None:
    restock(asha, str(lamp), 5)
    take({lamp: 3})
    assert stock.check() == 1

    product = corrupt(lamp)

    with pytest.raises(Unbalanced, match=str(product)):
        stock.check()


def test_a_proof_reads_everything_as_it_was_at_one_moment(asha: Person, lamp: ObjectId) -> None:
    with audit.snapshot() as session:
        assert audit.count("products", session=session) == 1
        offer(asha)
        assert audit.count("products", session=session) == 1
    assert stock.check() == 2


def test_the_audit_command_counts_products(app: Flask, lamp: ObjectId) -> None:
    before = stored("products", "stock_movements")

    sound = app.test_cli_runner().invoke(args=["audit"])
    _a_piece_lost(lamp)
    broken = app.test_cli_runner().invoke(args=["audit"])

    assert (sound.exit_code, broken.exit_code) == (0, 1)
    assert "1 products" in sound.stdout
    assert str(lamp) in broken.stderr
    assert before["stock_movements"] == stored("stock_movements")["stock_movements"]
