"""Writing orders: each change is told, by an event in the transaction that makes it."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.notify import outbox

Document = Mapping[str, Any]


def find(order_id: ObjectId, *, session: ClientSession) -> Document:
    """Return an order that exists, as the given transaction sees it."""
    (order,) = db.database()["orders"].find({"_id": order_id}, session=session)
    return order


def insert(order: Document, *, session: ClientSession) -> None:
    """Insert an order inside the given transaction."""
    db.write({"insert": "orders", "documents": [{**order, "changedAt": clock.now()}]}, session=session)
    _tell(order, session=session)


def change(order: Document, changes: Mapping[str, Any], *, session: ClientSession) -> Document:
    """Change an order inside the given transaction, which has read it, and return it."""
    changes = {**changes, "changedAt": clock.later_than(order.get("changedAt"))}
    db.database()["orders"].update_one({"_id": order["_id"]}, {"$set": changes}, session=session)
    changed = {**order, **changes}
    _tell(changed, session=session)
    return changed


def _tell(order: Document, *, session: ClientSession) -> None:
    people = {order["buyer"], *(share["merchant"] for share in order["shares"])}
    # One for each change, so it is made here; what a transaction that starts again leaves behind is nothing.
    outbox.insert(outbox.event("order.updated", order=order["_id"], users=sorted(people)), session=session)
