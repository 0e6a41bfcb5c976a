"""Refunds of orders: by a merchant of its own share, wholly or in parts, to where the money came from."""

from bson import ObjectId
from bson.int64 import Int64
from flask import g
from pymongo.client_session import ClientSession

from paytm import clock
from paytm.account import submission
from paytm.errors import InvalidAmount, RefundTooLarge
from paytm.ledger import refusals, store
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import CARD_ACCOUNT, Outcome, Posting, movement
from paytm.order import reading, shares, writing
from paytm.payment import card_refunds
from paytm.payment.terms import CARD
from paytm.user.tokens import Caller

KIND = "refund"


def refund(caller: Caller, order_id: ObjectId, *, amount: int | None, account: ObjectId | None, key: str) -> Outcome:
    """Give money of an order back: into the wallet, or through Stripe to the card.

    :param amount: paise; None for all that is left of the share.
    :param account: of the merchant whose share it is; may be None where the caller has only one, or there is one.
    :raises NotFound: the caller has no share in such an order.
    :raises RefundTooLarge: less than that was paid and not refunded.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    if amount == 0:
        raise InvalidAmount
    order, share = reading.share_of(caller.user_id, order_id, account)
    mark = fingerprint((KIND, order_id, share["account"], amount))
    # Chosen once, so that a transaction that starts again writes the same records.
    refund_id, at, request_id = ObjectId(), clock.now(), g.request_id
    by_card = order.get("method") == CARD
    destination = CARD_ACCOUNT if by_card else order.get("account", order["buyer"])

    def body(session: ClientSession, revocations: int) -> Outcome:
        earlier = store.earlier(caller.user_id, key, mark, session=session)
        if earlier is not None:
            return earlier
        given = _take(order_id, share["account"], amount, session=session)
        posting = Posting(
            id=refund_id,
            at=at,
            kind=KIND,
            owner=caller.user_id,
            source=share["account"],
            destination=destination,
            amount=given,
            legs=movement(share["account"], destination, given),
            key=key,
            fingerprint=mark,
            details={"order": order_id},
            request_id=request_id,
        )
        outcome = store.enter_one(submission.complete(posting, revocations), session=session)
        if not outcome.completed:
            # Raised inside the transaction, which takes everything back.
            raise refusals.of(outcome.transaction)
        if by_card:
            row = card_refunds.new(payment=order["payment"], intent=order["intent"], amount=given, reason="refund")
            card_refunds.insert(row, session=session)
        return outcome

    return submission.enter(caller, body)


def _take(order_id: ObjectId, account: ObjectId, amount: int | None, *, session: ClientSession) -> int:
    """Count a refund against what is left of a share, and return how much it is, in paise."""
    order = writing.find(order_id, session=session)
    (share,) = (share for share in order["shares"] if share["account"] == account)
    given: int = amount or share["left"]
    if not 0 < given <= share["left"]:
        raise RefundTooLarge
    counted = {"left": Int64(share["left"] - given), "refunded": Int64(share["refunded"] + given)}
    writing.change(order, {"shares": shares.changed(order["shares"], account, counted)}, session=session)
    return given
