"""The proof that money by card has one effect: each receipt paid its payment, or goes back."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.client_session import ClientSession

from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced
from paytm.ledger.posting import COMPLETED
from paytm.payment.models import RETURNED, SETTLED
from paytm.payment.terms import SUCCEEDED, TOPUP

Stages = Sequence[Mapping[str, Any]]


def check() -> int:
    """Prove that each receipt is settled by a payment of its amount or given back, and each top-up is posted once.

    :returns: how many receipts there are.
    :raises Unbalanced: names one of which it is not so.
    """
    with audit.snapshot() as session:
        _refuse("receipts", _UNSETTLED, "receipt {} is settled, and its payment was not made by it", session)
        _refuse("receipts", _UNRETURNED, "receipt {} is returned, and no refund gives it back", session)
        _refuse("payments", _UNPOSTED, "top-up {} succeeded, and no transaction moved its money", session)
        _refuse("transactions", _UNCALLED, "transaction {} adds money for no payment that names it", session)
        return audit.count("receipts", session=session)


def _refuse(name: str, stages: Stages, words: str, session: ClientSession) -> None:
    for found in audit.first(name, stages, session=session):
        raise Unbalanced(words.format(found["_id"]))


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
