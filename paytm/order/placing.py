"""Placing orders: stock, order, payment and money in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import db
from paytm.account import submission
from paytm.errors import IdempotencyKeyReused, InvalidAmount, SelfTransfer
from paytm.ledger.idempotency import fingerprint
from paytm.order import paying, shares, writing
from paytm.order.models import PENDING
from paytm.payment import records
from paytm.payment.terms import ORDER
from paytm.product import stock
from paytm.user.tokens import Caller

Document = Mapping[str, Any]


def place(
    caller: Caller, items: Mapping[ObjectId, int], *, method: str | None, account: ObjectId | None, key: str
) -> tuple[Document, bool]:
    """Order products, and pay for them from the wallet, have the money set aside, or leave it to be paid.

    :param items: how many pieces of each product.
    :param method: ``wallet``, ``hold`` or ``card``, whose page is opened after this; None to choose later.
    :param account: of the caller, to pay from; None for the primary one.
    :returns: the order, and whether an earlier request placed it.
    :raises ApiError: refused, and there is no order.
    :raises Unavailable: the outcome is unknown.
    """
    means = paying.means(caller, method, account)
    mark = fingerprint((ORDER, sorted(items.items()), method, means.account))
    # Chosen once, so that a transaction that starts again writes the same records.
    order_id, payment_id = ObjectId(), ObjectId()
    most = current_app.config["TRANSFER_MAX"]
    known = {"buyer": caller.user_id, "key": key}
    dates = {"createdAt": means.at, "expiresAt": means.expires_at}

    def body(session: ClientSession, revocations: int) -> tuple[Document, bool]:
        earlier = db.database()["orders"].find_one(known, session=session)
        if earlier is not None:
            if earlier["fingerprint"] != mark:
                raise IdempotencyKeyReused
            return earlier, True
        content = _content(caller.user_id, stock.take(items, session=session), items)
        if content["amount"] > most:
            raise InvalidAmount
        order = {"_id": order_id, **known, "fingerprint": mark, "payment": payment_id, **content, **dates}
        subject = {"id": payment_id, "order": order_id}
        payment = records.new(
            ORDER, caller.user_id, order["amount"], method=method, expires_at=means.expires_at, **subject
        )
        records.insert(payment, session=session)
        order |= paying.pay_in(order, means, revocations, session=session)
        writing.insert(order, session=session)
        return order, False

    return submission.enter(caller, body)


def _content(buyer: ObjectId, products: Sequence[Document], quantities: Mapping[ObjectId, int]) -> dict[str, Any]:
    if any(product["merchant"] == buyer for product in products):
        raise SelfTransfer
    items = shares.items_of(products, quantities)
    split = shares.of(items)
    return {"status": PENDING, "items": items, "shares": split, "amount": Int64(shares.total(split))}
