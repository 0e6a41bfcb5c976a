"""Orders that come to nothing: cancelled by the buyer, or not paid or delivered in time. Their stock comes back, once.

An order is over at its time, whether or not a worker runs: every touch looks first.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from flask import has_app_context
from pymongo import ASCENDING
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import submission
from paytm.errors import Conflict, NotFound
from paytm.ledger import holds
from paytm.order import shares, writing
from paytm.order.models import AUTHORISED, CANCELLED, EXPIRED, PAID, PENDING
from paytm.payment import checkout, records
from paytm.payment.terms import CARD, HOLD
from paytm.product import stock
from paytm.user.tokens import Caller

Document = Mapping[str, Any]

_POLL_SECONDS = 1.0
_BATCH = 20


def cancel(caller: Caller, order_id: ObjectId) -> Document:
    """Take an order of one's own back that is neither paid nor delivered in any part; again is as good as once.

    :raises NotFound: the caller has no such order.
    :raises Conflict: it is paid or delivered, or expired.
    """
    expire_if_due(order_id, clock.now())

    def body(session: ClientSession, _: int) -> Document:
        order = db.database()["orders"].find_one({"_id": order_id, "buyer": caller.user_id}, session=session)
        if order is None:
            raise NotFound
        if order["status"] == CANCELLED:
            return order
        if order["status"] not in (PENDING, AUTHORISED) or any(map(shares.is_delivered, order["shares"])):
            raise Conflict
        for share in order["shares"]:
            if "hold" in share:
                holds.void(share["hold"], session=session)
        return _close(order, CANCELLED, session=session)

    closed = submission.enter(caller, body)
    _close_page(closed)
    return closed


def expire_if_due(order_id: ObjectId, now: datetime) -> None:
    """End an order whose time is over, whoever it belongs to; any other stays as it is."""
    due = {"_id": order_id, "status": {"$in": [PENDING, AUTHORISED]}, "expiresAt": {"$lte": now}}
    orders = db.database()["orders"]
    if orders.find_one(due, {"_id": 1}) is None:
        return

    def body(session: ClientSession) -> Document | None:
        order = orders.find_one(due, session=session)
        return None if order is None else _expire(order, now, session=session)

    expired = submission.enter_for_bank(body)
    if expired is not None:
        _close_page(expired)


def expire_due(now: datetime, limit: int) -> int:
    """End the orders whose time has been over longest, and return how many there were.

    :param limit: how many to look at.
    """
    due = {"status": {"$in": [PENDING, AUTHORISED]}, "expiresAt": {"$lte": now}}
    found = list(db.database()["orders"].find(due, {"_id": 1}).sort("expiresAt", ASCENDING).limit(limit))
    for order in found:
        expire_if_due(order["_id"], now)
    return len(found)


def sweep() -> float:
    """End what is over, for the worker, and return the seconds to rest."""
    now = clock.now()
    # Holds end with their orders; the second sweep is for one without an order.
    return 0.0 if expire_due(now, _BATCH) + holds.expire_due(now, _BATCH) else _POLL_SECONDS


def _expire(order: Document, now: datetime, *, session: ClientSession) -> Document:
    undelivered = [share for share in order["shares"] if not shares.is_delivered(share)]
    for share in undelivered:
        if "hold" in share:
            holds.expire(share["hold"], now, session=session)
    if len(undelivered) == len(order["shares"]):
        return _close(order, EXPIRED, session=session)
    # Some merchants delivered their part, and it stays paid.
    accounts = [share["account"] for share in undelivered]
    stock.give_back(shares.quantities(order["items"], accounts=accounts), session=session)
    records.settle(order["payment"], method=HOLD, session=session)
    kept = [share if shares.is_delivered(share) else {**share, "returned": True} for share in order["shares"]]
    return writing.change(order, {"status": PAID, "shares": kept}, session=session)


def _close(order: Document, status: str, *, session: ClientSession) -> Document:
    stock.give_back(shares.quantities(order["items"]), session=session)
    if order.get("method") == CARD:
        checkout.abandon(order["payment"], session=session)
    records.close(order["payment"], status, session=session)
    return writing.change(order, {"status": status}, session=session)


def _close_page(order: Document) -> None:
    # The worker, which has no application, closes pages by itself.
    if has_app_context() and order.get("method") == CARD and order["status"] in (CANCELLED, EXPIRED):
        checkout.close_page(order["payment"])
