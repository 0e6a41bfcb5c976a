"""The posting that pays a whole order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId

from paytm.ledger.limits import Limits
from paytm.ledger.posting import Posting
from paytm.order import shares

KIND = "purchase"


def purchase(
    order: Mapping[str, Any],
    source: ObjectId,
    *,
    id: ObjectId,
    at: datetime,
    limits: Limits | None = None,
    request_id: str | None = None,
) -> Posting:
    """Return the posting that pays an order from one account to all its merchants at once.

    :param id: chosen before the transaction, as is ``at``.
    :param limits: what the source may pay; None for money that comes from a card.
    """
    (first, *others) = order["shares"]
    return Posting(
        id=id,
        at=at,
        kind=KIND,
        owner=order["buyer"],
        source=source,
        destination=None if others else first["account"],
        amount=order["amount"],
        legs=shares.legs(source, order["shares"]),
        limits=limits,
        details={"order": order["_id"]} | ({"lines": shares.lines(order["shares"])} if others else {}),
        request_id=request_id,
    )
