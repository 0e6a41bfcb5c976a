"""What the worker does about payments by card that nobody has finished: a process was killed, or Stripe was silent.

Pages that are wanted are opened and abandoned ones closed; before a payment is over its page is looked at, lest money
be missed whose webhook was lost; and money that nobody has added in time is not expected any longer.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from pymongo import ASCENDING, ReturnDocument

from paytm import clock, db
from paytm.account import submission
from paytm.errors import ApiError, Conflict
from paytm.notify import deliveries
from paytm.payment import checkout, gateway, inbox, receipts, topups
from paytm.payment.gateway import CURRENCY, Gateway, Session
from paytm.payment.terms import CARD, PENDING, TOPUP

Document = Mapping[str, Any]

log = structlog.get_logger()

_POLL_SECONDS = 1.0
# Pages are open for half an hour: what cannot be done to one soon need not be done at all.
_LONGEST_PAUSE_SECONDS = 120.0
# Longer than what is done to one payment usually takes; doing it twice does no harm.
_LEASE = timedelta(seconds=120)


def sweeps(config: Mapping[str, Any]) -> list[Callable[[], float]]:
    """Return what the worker repeats; each does one thing that is due, and returns the seconds to rest."""
    api = gateway.of(config)
    return [
        lambda: 0.0 if repair(api, config) else _POLL_SECONDS,
        lambda: 0.0 if inbox.retry() else _POLL_SECONDS,
    ]


def repair(api: Gateway, config: Mapping[str, Any]) -> bool:
    """Do what is due for the payment that has waited longest, and return whether there was one."""
    now = clock.now()
    payment = _payments().find_one_and_update(
        {"card.dueAt": {"$lte": now}},
        {"$set": {"card.dueAt": now + _LEASE}, "$inc": {"card.failures": 1}},
        sort=[("card.dueAt", ASCENDING)],
        return_document=ReturnDocument.AFTER,
    )
    if payment is None:
        return False
    try:
        _step(payment, api, config)
    except Conflict:
        # It came to another end meanwhile, and whoever brought it there noted what is left to do.
        _look_again(payment, seconds=1)
    except ApiError as error:
        log.warning("payment_not_repaired", payment=str(payment["_id"]), code=error.code)
        _look_again(payment, seconds=_pause(payment))
    return True


def _step(payment: Document, api: Gateway, config: Mapping[str, Any]) -> None:
    card = payment["card"]
    if card.get("closing"):
        paid = checkout.closed(payment, api)
        if paid is not None:
            _receive(payment, paid)
        checkout.forget(payment)
    elif payment["status"] != PENDING or payment.get("method") != CARD:
        _rest(payment)
    elif payment["expiresAt"] <= clock.now():
        _end(payment, api)
    elif "session" in card:
        _look(payment, api)
    elif card.get("wanted"):
        checkout.opened(payment["_id"], api, config)
    else:
        _wait(payment)


def _look(payment: Document, api: Gateway) -> None:
    """See whether somebody has paid on an open page."""
    found = api.session(payment["card"]["session"])
    if found.paid:
        _receive(payment, found)
        _rest(payment)
    else:
        if found.status == "expired":
            db.transaction(lambda session: checkout.gone(found.id, session=session))
        _wait(payment)


def _end(payment: Document, api: Gateway) -> None:
    """Let a payment that is over end, once nobody can pay any more and nobody has."""
    if payment["kind"] != TOPUP:
        # The order ends with it, which is not done here; until then money that comes is looked for.
        found = api.session(payment["card"]["session"]) if "session" in payment["card"] else None
        if found is not None and found.paid:
            _receive(payment, found)
        _look_again(payment, seconds=_pause(payment))
        return
    paid = checkout.closed(payment, api)
    if paid is not None:
        _receive(payment, paid)
        _rest(payment)
    else:
        topups.expire(payment["_id"])


def _receive(payment: Document, found: Session) -> None:
    """Let money count of which no webhook has told."""
    if found.intent is None:
        return
    entered = receipts.enter(payment, intent=found.intent, amount=found.amount, currency=CURRENCY)
    submission.enter_for_bank(entered)
    log.warning("payment_found_without_webhook", payment=str(payment["_id"]))


def _wait(payment: Document) -> None:
    """Look again when the payment is over."""
    _due(payment, {"$set": {"card.dueAt": max(payment["expiresAt"], clock.now()), "card.failures": 0}})


def _pause(payment: Document) -> float:
    return min(deliveries.pause(payment["card"]["failures"]), _LONGEST_PAUSE_SECONDS)


def _look_again(payment: Document, *, seconds: float) -> None:
    _due(payment, {"$set": {"card.dueAt": clock.now() + timedelta(seconds=seconds)}})


def _rest(payment: Document) -> None:
    _due(payment, {"$unset": {"card.dueAt": ""}})


def _due(payment: Document, update: Mapping[str, Any]) -> None:
    # Whoever has changed it since the claim knows better.
    _payments().update_one({"_id": payment["_id"], "card.dueAt": payment["card"]["dueAt"]}, update)


def _payments() -> Any:
    return db.database()["payments"]
