"""The proof that cash books agree with their versions, and settled records with the money, from the records alone."""

from collections.abc import Mapping
from typing import Any

from pymongo.client_session import ClientSession

from paytm.cashbook.models import CREDIT, DEBIT
from paytm.cashbook.settlement import PAID
from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced
from paytm.ledger.posting import COMPLETED

# What is found in a transfer and in a request, and in the record that it settles.
_TRANSFER = {
    "$made.status": COMPLETED,
    "$made.ownerId": "$owner",
    "$made.to": "$settledBy.with",
    "$made.amount": "$amount",
    "$made.record": "$_id",
    "$type": CREDIT,
}
_REQUEST = {
    "$made.payee": "$owner",
    "$made.payer": "$settledBy.with",
    "$made.amount": "$amount",
    "$made.record": "$_id",
    "$type": DEBIT,
}


def check() -> int:
    """Prove that books have as many records as they count, and that each settled record was settled as it says, once.

    :returns: how many records there are.
    :raises Unbalanced: names what does not agree.
    """
    with audit.snapshot() as session:
        _check_versions(session)
        _check_settled("transaction", "transactions", _TRANSFER, session)
        _check_settled("request", "payment_requests", _REQUEST, session)
        _check_paid_once(session)
        return audit.count("cashbook", session=session)


def _check_versions(session: ClientSession) -> None:
    is_there = {"$eq": [{"$type": "$deletedAt"}, "missing"]}
    kept = [{"$project": {"kept": "$records", "version": 1}}]
    pipeline: list[dict[str, Any]] = [
        {"$group": {"_id": "$owner", "found": {"$sum": {"$cond": [is_there, 1, 0]}}, "latest": {"$max": "$version"}}},
        {"$unionWith": {"coll": "cashbook_versions", "pipeline": kept}},
        {"$group": {"_id": "$_id"} | {name: {"$sum": f"${name}"} for name in ("found", "latest", "kept", "version")}},
        {"$match": {"$expr": {"$or": [{"$ne": ["$found", "$kept"]}, {"$gt": ["$latest", "$version"]}]}}},
    ]
    for wrong in audit.first("cashbook", pipeline, session=session):
        raise Unbalanced(
            f"the cash book of {wrong['_id']} counts {wrong['kept']} records at version {wrong['version']}, and has"
            f" {wrong['found']} of up to version {wrong['latest']}"
        )


def _check_settled(by: str, collection: str, agreed: Mapping[str, str], session: ClientSession) -> None:
    pipeline: list[dict[str, Any]] = [
        {"$match": {f"settledBy.{by}": {"$exists": True}}},
        {"$lookup": {"from": collection, "localField": f"settledBy.{by}", "foreignField": "_id", "as": "made"}},
        {"$set": {"made": {"$first": "$made"}}},
        {"$match": {"$expr": {"$or": [{"$ne": list(pair)} for pair in agreed.items()]}}},
    ]
    for wrong in audit.first("cashbook", pipeline, session=session):
        raise Unbalanced(f"record {wrong['_id']} of a cash book does not agree with the {by} that settles it")


def _check_paid_once(session: ClientSession) -> None:
    paid = [{"$match": {"record": {"$exists": True}, "status": PAID}}, {"$project": {"record": 1}}]
    pipeline: list[dict[str, Any]] = [
        {"$match": {"record": {"$exists": True}, "status": COMPLETED}},
        {"$project": {"record": 1}},
        {"$unionWith": {"coll": "payment_requests", "pipeline": paid}},
        {"$group": {"_id": "$record", "times": {"$sum": 1}}},
        {"$match": {"times": {"$gt": 1}}},
    ]
    for wrong in audit.first("transactions", pipeline, session=session):
        raise Unbalanced(f"record {wrong['_id']} of a cash book was paid {wrong['times']} times")
