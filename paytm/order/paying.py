"""Paying for orders: from the wallet at once, by money that is set aside until delivery, or on a card's page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId
from flask import current_app, g
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import limits, ownership, submission
from paytm.errors import Conflict, InvalidAmount, NotFound
from paytm.ledger import holds, refusals, store
from paytm.ledger.limits import Limits
from paytm.ledger.posting import Hold
from paytm.order import closing, shares, writing
from paytm.order.models import AUTHORISED, PAID, PENDING
from paytm.order.posting import purchase
from paytm.payment import checkout, gateway, records
from paytm.payment.terms import CARD, HOLD, WALLET
from paytm.user.tokens import Caller

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Means:
    """How somebody pays, and what is chosen before the transaction that pays.

    :param method: None for later.
    :param account: to pay from, for what is not paid by card.
    :param expires_at: until when an order that is paid in this way, or not yet, keeps its stock.
    :param limits: what the account may pay out.
    """

    method: str | None
    account: ObjectId
    at: datetime
    expires_at: datetime
    limits: Limits
    request_id: str
    transaction: ObjectId = field(default_factory=ObjectId)


def means(caller: Caller, method: str | None, account: ObjectId | None) -> Means:
    """Return how the caller pays now.

    :param account: None for the caller's primary one.
    :raises NotFound: it is not the caller's.
    :raises CardPaymentsNotConfigured: there are no card payments here.
    """
    source = account or caller.user_id
    ownership.check(caller.user_id, source)
    if method == CARD:
        gateway.require_configured(current_app.config)
    now = clock.now()
    lifetime = current_app.config["HOLD_LIFETIME" if method == HOLD else "ORDER_LIFETIME"]
    return Means(
        method=method,
        account=source,
        at=now,
        expires_at=now + timedelta(seconds=lifetime),
        limits=limits.defaults(),
        request_id=g.request_id,
    )


def pay(caller: Caller, order_id: ObjectId, *, method: str, account: ObjectId | None) -> tuple[Document, bool]:
    """Pay for an order of one's own that is not paid yet; a repetition changes nothing.

    :param account: of the caller, to pay from; None for the primary one.
    :returns: the order, and whether it was paid in this way before.
    :raises NotFound: the caller has no such order.
    :raises Conflict: it was paid otherwise or cancelled, or expired.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    chosen = means(caller, method, account)
    closing.expire_if_due(order_id, chosen.at)
    orders = db.database()["orders"]

    def body(session: ClientSession, revocations: int) -> tuple[Document, bool]:
        order = orders.find_one({"_id": order_id, "buyer": caller.user_id}, session=session)
        if order is None:
            raise NotFound
        if order["status"] in (AUTHORISED, PAID) and order["method"] == method:
            return order, True
        if order["status"] != PENDING or order["expiresAt"] <= chosen.at:
            raise Conflict
        if order.get("method") == CARD != method:
            checkout.abandon(order["payment"], session=session)
        changes = pay_in(order, chosen, revocations, session=session)
        return writing.change(order, changes, session=session), False

    return submission.enter(caller, body)


def pay_in(order: Document, chosen: Means, revocations: int, *, session: ClientSession) -> dict[str, Any]:
    """Pay for a pending order inside the given transaction, and return what changes in it.

    :param order: its payment is inserted already.
    """
    if chosen.method == WALLET:
        return _by_wallet(order, chosen, revocations, session=session)
    if chosen.method == HOLD:
        return _by_hold(order, chosen, revocations, session=session)
    if chosen.method == CARD:
        return _by_card(order, session=session)
    return {}


def _by_wallet(order: Document, chosen: Means, revocations: int, *, session: ClientSession) -> dict[str, Any]:
    posting = purchase(
        order,
        chosen.account,
        id=chosen.transaction,
        at=chosen.at,
        limits=chosen.limits,
        request_id=chosen.request_id,
    )
    outcome = store.enter_one(submission.complete(posting, revocations), session=session)
    if not outcome.completed:
        # Raised inside the transaction, which gives the stock back.
        raise refusals.of(outcome.transaction)
    records.settle(order["payment"], method=WALLET, transaction=posting.id, session=session)
    paid = {"status": PAID, "method": WALLET, "account": chosen.account, "transaction": posting.id}
    return {**paid, "shares": shares.paid(order["shares"])}


def _by_hold(order: Document, chosen: Means, revocations: int, *, session: ClientSession) -> dict[str, Any]:
    held = []
    for share in order["shares"]:
        hold = Hold(
            owner=order["buyer"],
            account=chosen.account,
            payee=share["account"],
            amount=share["amount"],
            expires_at=chosen.expires_at,
            limits=chosen.limits,
            at=chosen.at,
            details={"order": order["_id"]},
        )
        holds.authorise(hold, revocations, session=session)
        held.append({**share, "hold": hold.id})
    records.choose(order["payment"], HOLD, expiresAt=chosen.expires_at, session=session)
    authorised = {"status": AUTHORISED, "method": HOLD, "account": chosen.account, "expiresAt": chosen.expires_at}
    return {**authorised, "shares": held}


def _by_card(order: Document, *, session: ClientSession) -> dict[str, Any]:
    if not gateway.MIN_AMOUNT <= order["amount"] <= gateway.MAX_AMOUNT:
        raise InvalidAmount
    items = [gateway.Item(item["name"], item["price"], item["quantity"]) for item in order["items"]]
    checkout.want(order["payment"], items, expires_at=order["expiresAt"], session=session)
    return {"method": CARD}
