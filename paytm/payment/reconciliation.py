"""Stripe's records beside ours: what came by card, and what went back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from paytm import clock, db
from paytm.errors import CardPaymentsRefused
from paytm.payment.gateway import Gateway, Intent, Refund
from paytm.payment.models import REFUND_MADE

Document = Mapping[str, Any]


@dataclass
class Comparison:
    """How many records agree, and the ids of those that do not: Stripe's where it has one, else ours."""

    matched: int = 0
    missing_here: list[str] = field(default_factory=list)
    missing_there: list[str] = field(default_factory=list)
    amount_differs: list[str] = field(default_factory=list)

    @property
    def agrees(self) -> bool:
        return not (self.missing_here or self.missing_there or self.amount_differs)

    def lines(self, what: str) -> Iterator[str]:
        """Yield what people read of it."""
        yield f"{what}: {self.matched} matched"
        for name in ("missing_here", "missing_there", "amount_differs"):
            ids = getattr(self, name)
            yield f"{what}: {len(ids)} {name.replace('_', ' ')}" + "".join(f"  {id_}" for id_ in ids)


def payments(api: Gateway, since: datetime) -> Comparison:
    """Compare what was paid at Stripe with the receipts; what nobody has paid is nobody's difference.

    :raises ApiError: Stripe does not tell.
    """
    theirs = {intent.id: intent.received for intent in api.payments(since, clock.now()) if intent.received}
    receipts = _ours("receipts", since, {"_id": {"$in": list(theirs)}})
    ours = {receipt["_id"]: receipt["amount"] for receipt in receipts}
    # What was announced before that time may have been paid after it.
    theirs |= {intent.id: intent.received for intent in _asked(api, ours.keys() - theirs.keys())}
    return _compare(ours, theirs)


def refunds(api: Gateway, since: datetime) -> Comparison:
    """Compare what Stripe gave back with the refunds that were made.

    :raises ApiError: Stripe does not tell.
    """
    found = list(api.refunds(since, clock.now()))
    rows = list(_ours("card_refunds", since, {"refund": {"$in": [refund.id for refund in found]}}, status=REFUND_MADE))
    # Made before that time though noted after it.
    known = {refund.id for refund in found}
    older = {row["intent"] for row in rows if row.get("refund") not in known}
    found += [refund for intent in older for refund in api.refunds_of(intent) if refund.id not in known]
    names = {str(row["_id"]): row for row in rows}
    theirs = {_name(refund, names): refund.amount for refund in found if refund.status not in ("failed", "canceled")}
    return _compare({id_: row["amount"] for id_, row in names.items()}, theirs)


def _name(refund: Refund, ours: Mapping[str, Document]) -> str:
    """Return the id of our row that a refund was made for, or else its own."""
    row = refund.metadata.get("refundId")
    return row if row is not None and row in ours else refund.id


def _ours(collection: str, since: datetime, known: Document, **wanted: Any) -> Iterable[Document]:
    return db.database()[collection].find({"$or": [{"createdAt": {"$gte": since}}, known], **wanted})


def _asked(api: Gateway, ids: Iterable[str]) -> Iterator[Intent]:
    for id_ in sorted(ids):
        try:
            yield api.intent(id_)
        except CardPaymentsRefused as error:
            if error.reason != "resource_missing":
                raise


def _compare(ours: Mapping[str, int], theirs: Mapping[str, int]) -> Comparison:
    both = ours.keys() & theirs.keys()
    return Comparison(
        matched=sum(ours[id_] == theirs[id_] for id_ in both),
        missing_here=sorted(theirs.keys() - both),
        missing_there=sorted(ours.keys() - both),
        amount_differs=sorted(id_ for id_ in both if ours[id_] != theirs[id_]),
    )
