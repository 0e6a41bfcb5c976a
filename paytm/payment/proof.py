"""The proof that money by card has one effect: each receipt paid its payment, or goes back."""

from collections.abc import Mapping, Sequence
from typing import Any

import pymongo
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern

from paytm import db
from paytm.ledger.audit import Unbalanced
from paytm.ledger.posting import COMPLETED
from paytm.payment.models import RETURNED, SETTLED
from paytm.payment.terms import SUCCEEDED, TOPUP

Stages = Sequence[Mapping[str, Any]]


def check(session: ClientSession | None = None) -> int:
    """Prove that each receipt is settled by a payment of its amount or given back, and each top-up is posted once.

    :param session: whose snapshot is read; else one of its own.
    :returns: how many receipts there are.
    :raises Unbalanced: names one of which it is not so.
    """
    if session is None:
        # As in the audit of the ledger, which takes as long as the collections are.
        with pymongo.timeout(None), db.database().client.start_session(snapshot=True) as own:
            return check(own)
    _refuse("receipts", _UNSETTLED, "receipt {} is settled, and its payment was not made by it", session)
    _refuse("receipts", _UNRETURNED, "receipt {} is returned, and no refund gives it back", session)
    _refuse("payments", _UNPOSTED, "top-up {} succeeded, and no transaction moved its money", session)
    _refuse("transactions", _UNCALLED, "transaction {} adds money for no payment that names it", session)
    receipts: int = _collection("receipts").count_documents({}, session=session)
    return receipts


def _refuse(name: str, stages: Stages, words: str, session: ClientSession) -> None:
    for found in _collection(name).aggregate([*stages, {"$limit": 1}], session=session, allowDiskUse=True):
        raise Unbalanced(words.format(found["_id"]))


def _collection(name: str) -> Any:
    # The session brings its own read concern, snapshot.
    return db.database()[name].with_options(read_concern=ReadConcern())


def _without(other: str, local: str, foreign: str, condition: Mapping[str, Any]) -> Stages:
    """Return the stages that leave the records to which no other one belongs that meets a condition."""
    wanted = [{"$match": condition}, {"$limit": 1}, {"$project": {"_id": 1}}]
    joined = {"from": other, "localField": local, "foreignField": foreign, "as": "found"}
    # The record's own fields, for the condition to compare with.
    own = {"id": "$_id", "amount": "$amount", "to": "$account"}
    return [{"$lookup": {**joined, "let": own, "pipeline": wanted}}, {"$match": {"found": []}}]


def _same(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"$expr": {"$and": [{"$eq": [f"${theirs}", f"$${own}"]} for theirs, own in pairs]}}


_PAID = {"status": SUCCEEDED, **_same(("amount", "amount"), ("card.paidBy", "id"))}
_GIVEN_BACK = _same(("amount", "amount"))
_POSTED = {"kind": TOPUP, "status": COMPLETED, **_same(("amount", "amount"), ("to", "to"), ("payment", "id"))}
_CALLED = {"status": SUCCEEDED, **_same(("transaction", "id"))}

_UNSETTLED = [{"$match": {"status": SETTLED}}, *_without("payments", "payment", "_id", _PAID)]
_UNRETURNED = [{"$match": {"status": RETURNED}}, *_without("card_refunds", "_id", "intent", _GIVEN_BACK)]
_UNPOSTED = [
    {"$match": {"kind": TOPUP, "status": SUCCEEDED}},
    *_without("transactions", "transaction", "_id", _POSTED),
]
_UNCALLED = [
    {"$match": {"kind": TOPUP, "status": COMPLETED}},
    *_without("payments", "payment", "_id", _CALLED),
]
