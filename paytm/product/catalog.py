"""The products that merchants offer: listing, reading, adding, changing and deleting them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from flask import current_app
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.client_session import ClientSession

from paytm import clock, db, grams, sorting
from paytm.account import ownership
from paytm.errors import Forbidden, InvalidInput, NotFound
from paytm.media import album
from paytm.product import stock
from paytm.product.models import ACTIVE, DELETED, LONGEST_NAME, SEEN, Product
from paytm.sorting import Order
from paytm.user import directory, roles

Document = Mapping[str, Any]

ORDERS: Mapping[str, Order] = sorting.named(
    Order("newest", "_id", DESCENDING),
    Order("price", "price", ASCENDING, sorting.paise),
    Order("-price", "price", DESCENDING, sorting.paise),
    Order("name", "searchName", ASCENDING),
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which products are wanted; prices in paise, None is any.

    :param text: a part of the name, literal and in any case.
    """

    text: str = ""
    category: str | None = None
    merchant: ObjectId | None = None
    least: int | None = None
    most: int | None = None
    in_stock: bool | None = None


def page(
    wanted: Filter, *, order: str, after: str | None, limit: int, seen_by: ObjectId | None
) -> tuple[list[Document], str | None]:
    """Return a page of the products that are sold, and the cursor of the next one.

    :param order: one of ``ORDERS``.
    :param after: the cursor, as the page before returned it.
    :param seen_by: who looks, where that is known.
    :raises InvalidInput: the cursor is none of this order.
    """
    conditions = _conditions(wanted)
    if conditions is None:
        return [], None
    sort = ORDERS[order]
    if after is not None:
        conditions.append(sort.behind(after))
    products = list(db.database()["products"].find({"$and": conditions}, SEEN).sort(sort.keys).limit(limit + 1))
    following = sort.cursor(products[limit - 1]) if len(products) > limit else None
    return _shown(products[:limit], seen_by=seen_by), following


def one(product_id: ObjectId, *, seen_by: ObjectId | None) -> Document:
    """Return a product that is sold.

    :param seen_by: who looks, where that is known.
    :raises NotFound: there is none, or it was deleted.
    """
    return shown(_sold(product_id), seen_by=seen_by)


def create(
    merchant: ObjectId,
    *,
    name: str,
    price: int,
    quantity: int,
    description: str | None,
    category: str | None,
    account: ObjectId | None,
) -> Document:
    """Offer a new product.

    :param price: paise.
    :param quantity: how many pieces there are.
    :param account: gets the money; the merchant's primary one by default.
    :raises InvalidInput: the price is out of range.
    :raises NotFound: the account is not the merchant's, or there is none.
    :raises AccountInactive: the account is closed.
    """
    _check(merchant, price=price, account=account)
    now = clock.now()
    product = Product(
        id=ObjectId(),
        merchant=merchant,
        account=account or merchant,
        name=name,
        description=description or None,
        price=Int64(price),
        category=category or None,
        stock=Int64(quantity),
        createdAt=now,
        updatedAt=now,
        **grams.fields(name),
    )
    product.validate()
    first = stock.movement(product.id, quantity, by=merchant)

    def body(session: ClientSession) -> None:
        db.database()["products"].insert_one(product.to_mongo(), session=session)
        stock.enter(first, session=session)

    db.transaction(body)
    return shown(product.to_mongo(), seen_by=merchant)


def change(product_id: ObjectId, changes: Mapping[str, Any], *, by: ObjectId) -> Document:
    """Change what is given of a product.

    :param changes: any of ``name``, ``description``, ``price`` (paise), ``category`` and ``account``.
    :param by: its owner or an admin.
    :raises InvalidInput: nothing is given, or the price is out of range.
    :raises NotFound: there is no such product, or the account is not its merchant's.
    :raises Forbidden: it is somebody else's product.
    :raises AccountInactive: the account is closed.
    """
    merchant = check_owner(product_id, by)
    if not changes:
        raise InvalidInput(errors={"product": ["Name something to change."]})
    _check(merchant, price=changes.get("price"), account=changes.get("account"))
    values = {name: value or None for name, value in changes.items()} | {"updatedAt": clock.now()}
    if "name" in changes:
        values |= grams.fields(changes["name"])
    if "price" in changes:
        values["price"] = Int64(changes["price"])
    return shown(_changed(product_id, values), seen_by=by)


def illustrate(product_id: ObjectId, picture: bytes, *, by: ObjectId) -> Document:
    """Give a product a picture, in place of the one that it had.

    :param picture: the file as it came; empty to have none any more.
    :param by: its owner or an admin.
    :raises InvalidPicture: it is none, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    :raises NotFound: there is no such product.
    :raises Forbidden: it is somebody else's.
    """
    merchant, now = check_owner(product_id, by), clock.now()
    with album.exchange(picture, purpose=album.PRODUCT, owner=merchant) as pictures:

        def body(session: ClientSession) -> Document:
            pictures.enter(_sold(product_id, session=session).get("image"), session=session)
            return _changed(product_id, {"image": pictures.new, "updatedAt": now}, session=session)

        changed = db.transaction(body)
    return shown(changed, seen_by=by)


def delete(product_id: ObjectId, *, by: ObjectId) -> None:
    """Sell a product no longer; orders still find it.

    :param by: its owner or an admin.
    :raises NotFound: there is no such product, or it was deleted before.
    :raises Forbidden: it is somebody else's.
    """
    check_owner(product_id, by)
    _changed(product_id, {"status": DELETED, "updatedAt": clock.now()})


def check_owner(product_id: ObjectId, user_id: ObjectId) -> ObjectId:
    """See to it that a product that is sold is a user's, or the user an admin.

    :returns: the merchant whose product it is.
    :raises NotFound: there is none, or it was deleted.
    :raises Forbidden: it is somebody else's.
    """
    merchant: ObjectId = _sold(product_id)["merchant"]
    if merchant != user_id and not roles.has_any(user_id, roles.ADMIN):
        raise Forbidden
    return merchant


def shown(product: Document, *, seen_by: ObjectId | None) -> Document:
    """Return a product as people see it: with its merchant's name, and its account to the merchant alone."""
    (seen,) = _shown([product], seen_by=seen_by)
    return seen


def _check(merchant: ObjectId, *, price: int | None, account: ObjectId | None) -> None:
    if price is not None and not 0 < price <= current_app.config["TRANSFER_MAX"]:
        raise InvalidInput(errors={"price": ["It has to be above 0, and at most what can be paid at once."]})
    if account is not None:
        ownership.check_open(merchant, account)


def _sold(product_id: ObjectId, *, session: ClientSession | None = None) -> Document:
    found = db.database()["products"].find_one({"_id": product_id, "status": ACTIVE}, SEEN, session=session)
    if found is None:
        raise NotFound
    return found


def _changed(product_id: ObjectId, values: Mapping[str, Any], *, session: ClientSession | None = None) -> Document:
    changed: Document | None = db.database()["products"].find_one_and_update(
        {"_id": product_id, "status": ACTIVE},
        {"$set": values},
        SEEN,
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if changed is None:
        raise NotFound
    return changed


def _shown(products: Sequence[Document], *, seen_by: ObjectId | None) -> list[Document]:
    merchants = directory.cards({product["merchant"] for product in products})
    return [
        {name: value for name, value in product.items() if name != "account" or product["merchant"] == seen_by}
        | {"merchant": merchants.get(product["merchant"], {"id": product["merchant"], "name": None})}
        for product in products
    ]


def _conditions(wanted: Filter) -> list[dict[str, Any]] | None:
    """Return what a product has to meet to be listed; None when none does."""
    named = grams.containing(wanted.text, longest=LONGEST_NAME)
    if named is None:
        return None
    conditions: list[dict[str, Any]] = [{"status": ACTIVE, **named}]
    if wanted.category:
        conditions.append({"category": wanted.category})
    if wanted.merchant is not None:
        conditions.append({"merchant": wanted.merchant})
    bounds = (("$gte", wanted.least), ("$lte", wanted.most))
    conditions += [{"price": {name: value}} for name, value in bounds if value is not None]
    if wanted.in_stock is not None:
        conditions.append({"stock": {"$gt" if wanted.in_stock else "$lte": 0}})
    return conditions
