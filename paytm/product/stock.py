"""How many pieces of a product there are: bought in, written off, taken by orders and given back.

Whatever changes the stock is one conditional write of the product, so that it is never below 0 and two that want the
last piece conflict. What is left and what was sold are together what was bought in, by the movements of the product.
"""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import IdempotencyKeyReused, OutOfStock, UnknownProduct
from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced
from paytm.product.models import ACTIVE, SEEN, StockMovement

Document = Mapping[str, Any]


def movement(product_id: ObjectId, quantity: int, *, by: ObjectId, key: str | None = None) -> StockMovement:
    """Return a movement to be entered, made before the transaction that enters it.

    :param quantity: pieces; negative for those that are written off.
    :param by: who says so.
    :param key: the idempotency key; only a product's first movement goes without.
    """
    made = StockMovement(
        id=ObjectId(), product=product_id, quantity=Int64(quantity), key=key, by=by, createdAt=clock.now()
    )
    made.validate()
    return made


def enter(made: StockMovement, *, session: ClientSession) -> None:
    """Insert a movement inside the given transaction, which changes the product as well."""
    db.database()["stock_movements"].insert_one(made.to_mongo(), session=session)


def restock(product_id: ObjectId, *, quantity: int, key: str, by: ObjectId) -> tuple[Document, bool]:
    """Buy pieces of a product in, or write some off, once for each key.

    :param quantity: pieces; negative to write off.
    :param by: the owner or an admin; who calls this has seen to it.
    :returns: the product as it is now, and whether the key had done so before and nothing changed.
    :raises OutOfStock: fewer are left than are to be written off.
    :raises UnknownProduct: there is none, or it is sold no longer.
    :raises IdempotencyKeyReused: the key was for another quantity.
    """
    made = movement(product_id, quantity, by=by, key=key)

    def body(session: ClientSession) -> tuple[Document, bool]:
        known = {"product": product_id, "key": key}
        earlier = db.database()["stock_movements"].find_one(known, {"quantity": 1}, session=session)
        if earlier is not None:
            # Product, key and quantity are all that makes a request what it is.
            if earlier["quantity"] != quantity:
                raise IdempotencyKeyReused
            return _found(product_id, session=session), True
        # Before the row: of two with one key, one loses the product to the other, begins anew and finds it.
        product = _move(product_id, {"stock": Int64(quantity)}, session=session)
        enter(made, session=session)
        return product, False

    return db.transaction(body)


def take(items: Mapping[ObjectId, int], *, session: ClientSession) -> list[Document]:
    """Take pieces of products for an order, inside its transaction: all of them or, with the error, none.

    :param items: how many pieces of each product, at least 1.
    :returns: the products in the order of their ids, with the name, price (paise), merchant and account of this moment.
    :raises OutOfStock: fewer are left of one.
    :raises UnknownProduct: there is no such one, or it is sold no longer.
    """
    # In one order everywhere, so that two orders meet at their first common product and not later.
    return [
        _move(product_id, {"stock": Int64(-quantity), "sold": Int64(quantity)}, session=session)
        for product_id, quantity in sorted(items.items())
    ]


def give_back(items: Mapping[ObjectId, int], *, session: ClientSession) -> None:
    """Give pieces back that :func:`take` took, inside the given transaction; of deleted products as well.

    :param items: how many pieces of each product, at most as many as were taken.
    :raises BulkWriteError: more than were sold of one, and the transaction cannot commit any more.
    """
    updates = [
        {"q": {"_id": product_id}, "u": {"$inc": {"stock": Int64(quantity), "sold": Int64(-quantity)}}}
        for product_id, quantity in sorted(items.items())
    ]
    db.write({"update": "products", "updates": updates}, session=session)


def _move(product_id: ObjectId, change: Mapping[str, Int64], *, session: ClientSession) -> Document:
    moved: Document | None = db.database()["products"].find_one_and_update(
        {"_id": product_id, "status": ACTIVE, "stock": {"$gte": -change["stock"]}},
        {"$inc": change},
        projection=SEEN,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if moved is None:
        left = _found(product_id, session=session)["stock"]
        raise OutOfStock(errors={"product": str(product_id), "left": left})
    return moved


def _found(product_id: ObjectId, *, session: ClientSession) -> Document:
    found = db.database()["products"].find_one({"_id": product_id, "status": ACTIVE}, SEEN, session=session)
    if found is None:
        raise UnknownProduct(errors={"product": str(product_id)})
    return found


def check() -> int:
    """Prove that of each product what is left and what was sold is what was bought in.

    :returns: how many products there are.
    :raises Unbalanced: names a product of which it is not so.
    """
    bought = [{"$project": {"_id": "$product", "bought": "$quantity"}}]
    sums = {name: {"$sum": f"${name}"} for name in ("stock", "sold", "bought")}
    wrong: list[dict[str, Any]] = [
        {"$project": {"stock": 1, "sold": 1}},
        {"$unionWith": {"coll": "stock_movements", "pipeline": bought}},
        {"$group": {"_id": "$_id", **sums}},
        {"$match": {"$expr": {"$ne": [{"$add": ["$stock", "$sold"]}, "$bought"]}}},
    ]
    with audit.snapshot() as session:
        for found in audit.first("products", wrong, session=session):
            raise Unbalanced(
                f"of product {found['_id']} {found['stock']} pieces are left and {found['sold']} sold,"
                f" and {found['bought']} were bought in"
            )
        return audit.count("products", session=session)
