"""The page where a payment is made by card: wanted in a transaction, opened and closed outside of it.

What there is of it stands in the payment's ``card``, and each id of Stripe's is stored as soon as it is known. All that
Stripe is asked for is written down before it is asked, and every idempotency key derives from the payment and the
``attempt``: two processes that open one page at once, or one after the other was killed, get the same page.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from bson import ObjectId
from bson.int64 import Int64
from flask import current_app, has_request_context, request
from pymongo import ReturnDocument
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.errors import (
    CardPaymentsNotConfigured,
    CardPaymentsRefused,
    CardPaymentsUnavailable,
    Conflict,
    NotFound,
)
from paytm.payment import gateway, records
from paytm.payment.gateway import Gateway, Item
from paytm.payment.terms import CARD, PENDING

Document = Mapping[str, Any]

log = structlog.get_logger()

# What Stripe asks for is 30 minutes to 24 hours, by its own clock.
_SHORTEST_PAGE, _LONGEST_PAGE = timedelta(minutes=31), timedelta(hours=23, minutes=55)
# So long whoever was asked for a page has it for itself; then the worker takes it for killed.
_GRACE = timedelta(seconds=15)
# So long before a payment is over its page is looked at, lest money be missed of which nobody told.
_LAST_LOOK = timedelta(minutes=1)
# A first attempt may have ended with an answer that Stripe keeps, and then a second one has a key of its own.
_ATTEMPTS = 2
# While another process asks for the same, Stripe wants patience.
_PATIENCE, _PAUSE_SECONDS = 10, 0.2
# What belongs to one attempt alone; the announcement serves all of them.
_OF_A_PAGE = dict.fromkeys(("card.session", "card.url", "card.expiresAt"), "")
_ERRORS = (CardPaymentsUnavailable, CardPaymentsRefused, CardPaymentsNotConfigured)


def want(payment_id: ObjectId, items: Sequence[Item], *, expires_at: datetime, session: ClientSession) -> None:
    """Note down that a payment is to be made by card, inside the given transaction.

    A page that is wanted or open already stays as it is.

    :param items: what the page shows; together they cost what the payment does.
    :param expires_at: when the payment is over.
    :raises Conflict: the payment came to an end.
    """
    records.choose(payment_id, CARD, session=session)
    lines = [{"name": item.name, "amount": Int64(item.amount), "quantity": item.quantity} for item in items]
    due_at = clock.now() + _GRACE
    card = {"attempt": 1, "items": lines, "until": expires_at, "dueAt": due_at, "failures": 0, "wanted": True}
    is_new = {"_id": payment_id, "card": {"$exists": False}}
    db.database()["payments"].update_one(is_new, {"$set": {"card": card}}, session=session)


def open_page(payment_id: ObjectId) -> str:
    """Open the page of a payment, unless it is open, and return its URL; not within a transaction.

    :raises NotFound: there is no such payment.
    :raises Conflict: it is over, or not made by card.
    :raises CardPaymentsUnavailable: Stripe does not answer; again is safe, and the worker does so too.
    :raises CardPaymentsRefused: Stripe does not take it.
    :raises CardPaymentsNotConfigured: there is no Stripe.
    """
    return opened(payment_id, gateway.of(current_app.config), current_app.config)


def opened(payment_id: ObjectId, api: Gateway, config: Mapping[str, Any]) -> str:
    """Open the page of a payment as :func:`open_page` does, in the worker, too."""
    patience = _PATIENCE
    attempts = _ATTEMPTS
    while True:
        payment = _prepared(payment_id, config)
        if "url" in payment["card"]:
            url: str = payment["card"]["url"]
            return url
        try:
            return _open(_announced(payment, api), api)
        except (CardPaymentsRefused, CardPaymentsUnavailable) as error:
            if gateway.is_under_way(error) and patience:
                patience -= 1
                time.sleep(_PAUSE_SECONDS)
                continue
            if gateway.is_kept(error):
                _begin_anew(payment)
                attempts -= 1
                if attempts:
                    continue
            raise


def abandon(payment_id: ObjectId, *, session: ClientSession) -> None:
    """Note down that nobody shall pay on a payment's page any more, inside the transaction that ends the payment."""
    has_page = {"_id": payment_id, "card.closedAt": {"$exists": False}, "card": {"$exists": True}}
    closing = {"$set": {"card.closing": True, "card.dueAt": clock.now(), "card.failures": 0}}
    db.database()["payments"].update_one(has_page, closing, session=session)


def close_page(payment_id: ObjectId) -> None:
    """Close an abandoned page now, if Stripe answers; the worker does it otherwise."""
    payment = db.database()["payments"].find_one({"_id": payment_id})
    if payment is None or not payment.get("card", {}).get("closing"):
        return
    try:
        if closed(payment, gateway.of(current_app.config)) is None:
            forget(payment)
    except _ERRORS as error:
        log.warning("page_not_closed", payment=str(payment_id), code=error.code)


def closed(payment: Document, api: Gateway) -> gateway.Session | None:
    """Close a payment's page at Stripe.

    :returns: the session, if somebody has paid there; None otherwise, and nobody can any more.
    :raises ApiError: as :func:`open_page` does.
    """
    session_id = payment.get("card", {}).get("session")
    if session_id is None:
        return None
    try:
        api.expire_session(session_id)
    except CardPaymentsRefused:
        found = api.session(session_id)
        if found.status == "open":
            raise
        return found if found.paid else None
    return None


def forget(payment: Document) -> None:
    """Record that there is nothing more to do about a page."""
    done = {"$set": {"card.closedAt": clock.now()}, "$unset": {"card.dueAt": "", "card.closing": ""}}
    _payments().update_one({"_id": payment["_id"], "card.closing": True}, done)


def gone(session_id: str, *, session: ClientSession) -> None:
    """Record that a page has closed by itself, inside the given transaction; the payment may open another one."""
    update = {"$inc": {"card.attempt": 1}, "$unset": {**_OF_A_PAGE, "card.wanted": ""}}
    _payments().update_one({"card.session": session_id}, update, session=session)


def is_open(payment: Document) -> bool:
    """Tell whether a payment can still be made."""
    return bool(payment["status"] == PENDING and payment["expiresAt"] > clock.now())


def _prepared(payment_id: ObjectId, config: Mapping[str, Any]) -> Document:
    """Return a payment by card with all that its page is made from, fixed for this attempt."""
    payment: Document | None = _payments().find_one({"_id": payment_id})
    if payment is None:
        raise NotFound
    card = payment.get("card", {})
    if not is_open(payment) or payment.get("method") != CARD or not card or card.keys() & {"closing", "closedAt"}:
        raise Conflict
    now = clock.now()
    if card.get("expiresAt", now) < now:
        _begin_anew(payment)
        return _prepared(payment_id, config)
    if "expiresAt" in card:
        return payment
    fixed = {
        "card.expiresAt": min(max(card["until"], now + _SHORTEST_PAGE), now + _LONGEST_PAGE),
        "card.returnUrl": card.get("returnUrl") or f"{_origin(config)}/payments/{payment_id}",
        "card.wanted": True,
    }
    first = {"_id": payment_id, "card.attempt": card["attempt"], "card.expiresAt": {"$exists": False}}
    _payments().update_one(first, {"$set": fixed})
    return _prepared(payment_id, config)


def _announced(payment: Document, api: Gateway) -> Document:
    """Return the payment with the intent that announces it, or with None where Stripe does not take one.

    It is decided once for all who open the page, because the page names it.
    """
    if "intent" in payment["card"]:
        return payment
    intent = None
    try:
        made = api.create_intent(payment=str(payment["_id"]), amount=payment["amount"], key=_key(payment, "intent"))
        intent = made.id
    except (CardPaymentsRefused, CardPaymentsUnavailable) as error:
        if not gateway.is_kept(error):
            raise
        log.warning("payment_not_announced", payment=str(payment["_id"]), code=error.code)
    known = {"$addToSet": {"card.intents": intent}} if intent else {}
    undecided = {"_id": payment["_id"], "card.intent": {"$exists": False}}
    update = {"$set": {"card.intent": intent}, **known}
    _payments().update_one(undecided, update)
    decided: Document | None = _payments().find_one({"_id": payment["_id"]})
    return decided or payment


def _open(payment: Document, api: Gateway) -> str:
    """Open the page and store what it is, and return its URL."""
    card = payment["card"]
    if "expiresAt" not in card:
        # Somebody else has begun another attempt, which will be found the next time.
        raise CardPaymentsUnavailable
    made = api.create_session(
        payment=str(payment["_id"]),
        intent=card["intent"],
        items=[Item(line["name"], line["amount"], line["quantity"]) for line in card["items"]],
        amount=payment["amount"],
        expires_at=card["expiresAt"],
        success_url=card["returnUrl"],
        cancel_url=card["returnUrl"],
        key=_key(payment, "session"),
    )
    page = {"card.session": made.id, "card.url": made.url, "card.dueAt": _next_look(payment), "card.failures": 0}
    # Some versions of Stripe's API make the page's own intent at once.
    known = {"$addToSet": {"card.intents": made.intent}} if made.intent else {}
    stored = _payments().find_one_and_update(
        {"_id": payment["_id"], "card.attempt": card["attempt"]},
        {"$set": page, **known},
        return_document=ReturnDocument.AFTER,
    )
    if stored is None or made.url is None:
        raise CardPaymentsUnavailable
    if stored["status"] != PENDING or stored["card"].keys() & {"closing", "closedAt"}:
        # The payment came to an end meanwhile, and the page shall do so too.
        reopened = {"$set": {"card.closing": True, "card.dueAt": clock.now()}, "$unset": {"card.closedAt": ""}}
        _payments().update_one({"_id": payment["_id"]}, reopened)
        raise Conflict
    return made.url


def _begin_anew(payment: Document) -> None:
    """Let the next attempt have keys and times of its own.

    A page that an answer was lost of may be open at Stripe: nobody was told where, so nobody pays there.
    """
    this = {"_id": payment["_id"], "card.attempt": payment["card"]["attempt"]}
    _payments().update_one(this, {"$inc": {"card.attempt": 1}, "$unset": _OF_A_PAGE})


def _next_look(payment: Document) -> datetime:
    last: datetime = payment["expiresAt"] - _LAST_LOOK
    return max(last, clock.now())


def _origin(config: Mapping[str, Any]) -> str:
    """Return where payers go afterwards: the web client or, for want of one, whoever was asked for the payment."""
    if config["FRONTEND_URL"]:
        return str(config["FRONTEND_URL"]).rstrip("/")
    if has_request_context():
        return request.host_url.rstrip("/")
    # The process that was asked died before it could note that down.
    return f"http://localhost:{config['PORT']}"


def _key(payment: Document, step: str) -> str:
    return f"{payment['_id']}-{payment['card']['attempt']}-{step}"


def _payments() -> Any:
    return db.database()["payments"]
