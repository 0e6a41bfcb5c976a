"""Money that somebody adds to an account by card."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import ownership, submission
from paytm.errors import Conflict, IdempotencyKeyReused, InvalidAmount
from paytm.ledger import store
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import CARD_ACCOUNT, Posting, movement
from paytm.payment import checkout, gateway, records
from paytm.payment.gateway import Item
from paytm.payment.terms import CANCELLED, CARD, EXPIRED, PENDING, TOPUP
from paytm.user.tokens import Caller

Document = Mapping[str, Any]


def start(caller: Caller, *, amount: int, account: ObjectId | None, key: str) -> tuple[ObjectId, str | None, bool]:
    """Begin to add money, and open the page where it is paid.

    :param amount: paise.
    :param account: one of the caller's; None for the primary one.
    :param key: the idempotency key; the same one leads to the same payment and page.
    :returns: the payment's id, its page's URL (None where it ended without one), and whether the key had begun it.
    :raises InvalidAmount: it is more or less than can be paid by card.
    :raises ApiError: refused, and there is no payment.
    :raises CardPaymentsUnavailable: Stripe does not answer; repeat it with the same key.
    """
    gateway.require_configured(current_app.config)
    destination = account or caller.user_id
    mark = fingerprint((TOPUP, destination, amount))
    payment = _earlier(caller.user_id, key, mark, session=None)
    if payment is not None:
        return payment["_id"], _page(payment), True
    if not gateway.MIN_AMOUNT <= amount <= min(gateway.MAX_AMOUNT, current_app.config["TRANSFER_MAX"]):
        raise InvalidAmount
    ownership.check_open(caller.user_id, destination)
    expires_at = clock.now() + timedelta(seconds=current_app.config["ORDER_LIFETIME"])
    facts: dict[str, Any] = {"account": destination, "key": key, "fingerprint": mark}
    made = records.new(TOPUP, caller.user_id, amount, method=CARD, expires_at=expires_at, **facts)

    def body(session: ClientSession) -> tuple[Document, bool]:
        earlier = _earlier(caller.user_id, key, mark, session=session)
        if earlier is not None:
            return earlier, True
        records.insert(made, session=session)
        checkout.want(made["_id"], [Item("Money for the wallet", amount)], expires_at=expires_at, session=session)
        return made, False

    payment, is_replay = db.transaction(body)
    return payment["_id"], _page(payment), is_replay


def by_card(payment: Document, intent: str) -> Callable[[ClientSession], bool]:
    """Return what makes money that arrived part of the account's, to be run in a transaction.

    It returns whether that was still possible.
    """
    posting = submission.complete(
        Posting(
            kind=TOPUP,
            owner=payment["user"],
            source=CARD_ACCOUNT,
            destination=payment["account"],
            amount=payment["amount"],
            legs=movement(CARD_ACCOUNT, payment["account"], payment["amount"]),
            details={"payment": payment["_id"]},
        ),
        None,
    )

    def body(session: ClientSession) -> bool:
        found = db.database()["payments"].find_one({"_id": payment["_id"], "status": PENDING}, session=session)
        if found is None:
            return False
        if not store.enter_one(posting, session=session).completed:
            # Nobody shall pay once more for an account that takes nothing.
            records.close(payment["_id"], CANCELLED, session=session)
            checkout.abandon(payment["_id"], session=session)
            return False
        records.settle(payment["_id"], method=CARD, session=session, transaction=posting.id, intent=intent)
        return True

    return body


def expire(payment_id: ObjectId) -> None:
    """Record that money was not added in time; whoever calls this has seen that nobody can pay any more."""

    def body(session: ClientSession) -> None:
        records.close(payment_id, EXPIRED, session=session)
        checkout.abandon(payment_id, session=session)

    try:
        db.transaction(body)
    except Conflict:
        return  # It came to another end meanwhile.


def _earlier(user_id: ObjectId, key: str, mark: bytes, *, session: ClientSession | None) -> Document | None:
    found = db.database()["payments"].find_one({"user": user_id, "key": key}, session=session)
    if found is not None and found.get("fingerprint") != mark:
        raise IdempotencyKeyReused
    return found


def _page(payment: Document) -> str | None:
    known: str | None = payment.get("card", {}).get("url")
    # The answer is the first one, whatever has become of the payment since.
    return checkout.open_page(payment["_id"]) if checkout.is_open(payment) else known
