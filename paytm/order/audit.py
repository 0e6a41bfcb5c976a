"""The proof that orders agree with stock, payments and ledger, from their records alone."""

from typing import Any

from pymongo.client_session import ClientSession

from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced
from paytm.ledger.posting import COMPLETED
from paytm.order import posting, refunds
from paytm.order.models import AUTHORISED, CANCELLED, EXPIRED, PAID, PENDING
from paytm.payment import terms

# How the payment of an order in a state has come out.
_PAYMENTS = {
    PENDING: terms.PENDING,
    AUTHORISED: terms.PENDING,
    PAID: terms.SUCCEEDED,
    CANCELLED: terms.CANCELLED,
    EXPIRED: terms.EXPIRED,
}


def check() -> int:
    """Prove that pieces are sold as orders say, that money moved as their shares say, and that payments end with them.

    :returns: how many orders there are.
    :raises Unbalanced: names what does not agree.
    """
    with audit.snapshot() as session:
        _check_pieces(session)
        _check_money(session)
        _check_payments(session)
        return audit.count("orders", session=session)


def _check_pieces(session: ClientSession) -> None:
    returned = {"$map": {"input": {"$filter": {"input": "$shares", "cond": "$$this.returned"}}, "in": "$$this.account"}}
    ordered: list[dict[str, Any]] = [
        {"$match": {"status": {"$in": [PENDING, AUTHORISED, PAID]}}},
        {"$project": {"items": 1, "returned": returned}},
        {"$unwind": "$items"},
        {"$match": {"$expr": {"$not": {"$in": ["$items.account", "$returned"]}}}},
        {"$project": {"_id": "$items.product", "ordered": "$items.quantity"}},
    ]
    pipeline: list[dict[str, Any]] = [
        {"$project": {"sold": 1}},
        {"$unionWith": {"coll": "orders", "pipeline": ordered}},
        {"$group": {"_id": "$_id", "sold": {"$sum": "$sold"}, "ordered": {"$sum": "$ordered"}}},
        {"$match": {"$expr": {"$ne": ["$sold", "$ordered"]}}},
    ]
    for found in audit.first("products", pipeline, session=session):
        raise Unbalanced(f"of product {found['_id']} {found['sold']} were sold and {found['ordered']} stand in orders")


def _check_money(session: ClientSession) -> None:
    def moved(kind: str) -> dict[str, Any]:
        return {"$cond": [{"$eq": ["$kind", kind]}, "$amount", 0]}

    posted: list[dict[str, Any]] = [
        {"$match": {"order": {"$exists": True}, "status": COMPLETED}},
        {"$project": {"_id": "$order", "posted": moved(posting.KIND), "returned": moved(refunds.KIND)}},
    ]
    paid = {"$add": [{"$sum": "$shares.left"}, {"$sum": "$shares.refunded"}]}
    pipeline: list[dict[str, Any]] = [
        {"$project": {"paid": paid, "refunded": {"$sum": "$shares.refunded"}}},
        {"$unionWith": {"coll": "transactions", "pipeline": posted}},
        {"$group": {"_id": "$_id"} | {n: {"$sum": f"${n}"} for n in ("paid", "posted", "refunded", "returned")}},
        {"$match": {"$expr": {"$or": [{"$ne": ["$paid", "$posted"]}, {"$ne": ["$refunded", "$returned"]}]}}},
    ]
    for found in audit.first("orders", pipeline, session=session):
        raise Unbalanced(
            f"of order {found['_id']} {found['paid']} paise were paid and {found['refunded']} refunded, and the ledger"
            f" has {found['posted']} and {found['returned']}"
        )


def _check_payments(session: ClientSession) -> None:
    ends = [{"case": {"$eq": ["$status", status]}, "then": end} for status, end in _PAYMENTS.items()]
    states = {"$switch": {"branches": ends}}
    pipeline: list[dict[str, Any]] = [
        {"$project": {"payment": 1, "amount": 1, "shared": {"$sum": "$shares.amount"}, "state": states}},
        {"$lookup": {"from": "payments", "localField": "payment", "foreignField": "_id", "as": "payments"}},
        {"$set": {"paying": {"$first": "$payments"}}},
        {
            "$match": {
                "$expr": {
                    "$or": [
                        {"$ne": ["$state", "$paying.status"]},
                        {"$ne": ["$amount", "$paying.amount"]},
                        {"$ne": ["$amount", "$shared"]},
                    ]
                }
            }
        },
    ]
    for found in audit.first("orders", pipeline, session=session):
        raise Unbalanced(f"order {found['_id']} does not agree with its payment {found['payment']} or its shares")
