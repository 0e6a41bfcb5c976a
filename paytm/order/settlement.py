"""An order whose money came by card."""

from collections.abc import Callable, Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import submission
from paytm.ledger import store
from paytm.ledger.posting import CARD_ACCOUNT
from paytm.order import shares, writing
from paytm.order.models import PAID, PENDING
from paytm.order.posting import purchase
from paytm.payment import records
from paytm.payment.terms import CARD

Document = Mapping[str, Any]


def by_card(payment: Document, intent: str) -> Callable[[ClientSession], bool]:
    """Return what pays for an order inside the transaction that records the money.

    :param payment: the order's.
    :param intent: with which Stripe has the money.
    :returns: a body that tells whether the order is paid by it. It is not where the order expired, was cancelled or was
        paid otherwise, or where a merchant's account takes no money: then nothing was written.
    """
    orders = db.database()["orders"]
    order = orders.find_one({"_id": payment["order"]})
    if order is None:
        return lambda session: False
    posting = submission.complete(purchase(order, CARD_ACCOUNT, id=ObjectId(), at=clock.now()), None)

    def body(session: ClientSession) -> bool:
        is_open = {"_id": order["_id"], "status": PENDING, "expiresAt": {"$gt": posting.at}}
        if orders.find_one(is_open, {"_id": 1}, session=session) is None:
            return False
        if not store.enter_one(posting, session=session).completed:
            return False
        records.settle(payment["_id"], method=CARD, transaction=posting.id, session=session)
        paid = {"status": PAID, "method": CARD, "transaction": posting.id, "intent": intent}
        changes = {**paid, "shares": shares.paid(order["shares"])}
        writing.change(order, changes, session=session)
        return True

    return body
