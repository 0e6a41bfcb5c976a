"""Looking at orders: buyers at theirs, merchants at those they have a share in, operators at all."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from paytm import clock, db
from paytm.errors import InvalidInput, NotFound
from paytm.order import closing
from paytm.order.models import AUTHORISED, EXPIRED, PENDING
from paytm.user import roles

Document = Mapping[str, Any]


def one(user_id: ObjectId, order_id: ObjectId) -> Document:
    """Return an order as it is now.

    :raises NotFound: there is none, or it is other people's.
    """
    closing.expire_if_due(order_id, clock.now())
    order = db.database()["orders"].find_one({"_id": order_id})
    if order is None:
        raise NotFound
    has_part = user_id == order["buyer"] or any(share["merchant"] == user_id for share in order["shares"])
    if not has_part and not roles.has_any(user_id, roles.OPERATOR):
        raise NotFound
    return order


def page(
    user_id: ObjectId, *, role: str, before: ObjectId | None, limit: int
) -> tuple[list[Document], ObjectId | None]:
    """Return a page of the orders that a user made (``buyer``) or fills (``merchant``), newest first, and a cursor."""
    wanted: dict[str, Any] = {"buyer" if role == "buyer" else "shares.merchant": user_id}
    if before is not None:
        wanted["_id"] = {"$lt": before}
    found = list(db.database()["orders"].find(wanted).sort("_id", -1).limit(limit + 1))
    return [seen(order) for order in found[:limit]], found[limit - 1]["_id"] if len(found) > limit else None


def share_of(user_id: ObjectId, order_id: ObjectId, account: ObjectId | None) -> tuple[Document, Document]:
    """Return an order and the share in it that a merchant, or an operator for one, acts on.

    :param account: whose share it is; may be None where there is only one.
    :raises NotFound: the user has no such share.
    :raises InvalidInput: there are several.
    """
    order = one(user_id, order_id)
    is_operator = roles.has_any(user_id, roles.OPERATOR)
    own = [share for share in order["shares"] if share["merchant"] == user_id or is_operator]
    wanted = [share for share in own if account in (None, share["account"])]
    if not wanted:
        raise NotFound
    if len(wanted) > 1:
        raise InvalidInput(errors={"account": ["Name the account whose share it is."]})
    return order, wanted[0]


def seen(order: Document) -> Document:
    """Return an order as it counts now: one that is open ends by itself."""
    is_over = order["status"] in (PENDING, AUTHORISED) and order["expiresAt"] <= clock.now()
    return {**order, "status": EXPIRED} if is_over else order
