"""What Stripe tells, taken once: an event's record and its effect are one transaction.

Stripe tells in any order and as often as it likes, and so do the retries of the worker. An event whose effect fails
stays retryable; one that is of a payment which is not known waits for it.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError, PyMongoError

from paytm import clock, db
from paytm.account import submission
from paytm.errors import NotFound, Unavailable
from paytm.notify import deliveries
from paytm.payment import card_refunds, checkout, notices, receipts
from paytm.payment.gateway import Event
from paytm.payment.models import DEAD, DONE, FAILED, IGNORED, WAITING
from paytm.payment.notices import Notice
from paytm.payment.terms import PENDING

Document = Mapping[str, Any]
# Runs in a transaction; what it returns is why an operator has to look, and how many paise it is about.
Effect = Callable[[ClientSession], tuple[str, int] | None]

log = structlog.get_logger()

# Somebody else's account, or a defect: after that time an operator has to look.
_LONGEST_WAIT = timedelta(days=3)
_LEASE = timedelta(seconds=60)
_SETTLED = (DONE, IGNORED)


def take(event: Event) -> None:
    """Take an event: let it have its effect, unless it had.

    :raises Unavailable: the effect failed, and the event is to be sent again.
    """
    _take(notices.read(event))


def retry() -> bool:
    """Try the event again that has been due longest, and return whether there was one."""
    now = clock.now()
    due = db.database()["webhook_inbox"].find_one_and_update(
        {"dueAt": {"$lte": now}}, {"$set": {"dueAt": now + _LEASE}}, sort=[("dueAt", ASCENDING)]
    )
    if due is None:
        return False
    try:
        _take(notices.stored(due["_id"], due))
    except Unavailable:
        log.warning("webhook_retried_in_vain", event_id=due["_id"])
    return True


def renew(event_id: str) -> bool:
    """Let an event that is not done be tried again now, and return whether there is one."""
    open_ = {"_id": event_id, "status": {"$nin": list(_SETTLED)}}
    again = {"$set": {"status": WAITING, "dueAt": clock.now(), "receivedAt": clock.now(), "attempts": 0}}
    return bool(db.database()["webhook_inbox"].update_one(open_, again).matched_count)


def dismiss(event_id: str) -> bool:
    """Record that an operator has dealt with an event that is not done, and return whether there is one."""
    open_ = {"_id": event_id, "status": {"$nin": list(_SETTLED)}}
    dealt_with = {"$set": {"status": IGNORED}, "$unset": {"dueAt": ""}}
    return bool(db.database()["webhook_inbox"].update_one(open_, dealt_with).matched_count)


def _take(notice: Notice) -> None:
    if _is_settled(notice.id):
        return
    try:
        effect = _effect(notice)
        submission.enter_for_bank(lambda session: _record(notice, effect, session=session))
    except NotFound:
        _keep(notice, WAITING, "unknown payment")
    except Exception as error:
        cause = error.__cause__ or error
        log.warning("webhook_failed", event_id=notice.id, type=notice.type, error=type(cause).__name__)
        _keep(notice, FAILED, type(cause).__name__)
        raise Unavailable from error


def _effect(notice: Notice) -> Effect:
    """Return what an event does; what it does not need a transaction for is done now."""
    if notice.kind == notices.OTHER:
        return _nothing
    payment = receipts.find(notice.payment, notice.intent)
    if notice.kind == notices.PAID:
        if notice.intent is None:
            raise ValueError("money without an intent")
        entered = receipts.enter(payment, intent=notice.intent, amount=notice.amount, currency=notice.currency)
        return _quietly(entered)
    if notice.kind == notices.FAILED:
        return _quietly(lambda session: _note_failure(payment, notice, session=session))
    if notice.kind == notices.PAGE_GONE:
        return _quietly(lambda session: checkout.gone(notice.about, session=session))
    return lambda session: _confirm_refund(notice, session=session)


def _nothing(session: ClientSession) -> None:
    return None


def _quietly(body: Callable[[ClientSession], None]) -> Effect:
    return lambda session: body(session)


def _note_failure(payment: Document, notice: Notice, *, session: ClientSession) -> None:
    failed = {"$set": {"card.lastError": notice.error or "unknown"}}
    known = {"$addToSet": {"card.intents": notice.intent}} if notice.intent else {}
    still_open = {"_id": payment["_id"], "status": PENDING}
    db.database()["payments"].update_one(still_open, {**failed, **known}, session=session)


def _confirm_refund(notice: Notice, *, session: ClientSession) -> tuple[str, int] | None:
    unasked = card_refunds.confirm(notice.intent or "", notice.amount, session=session)
    return ("refund that nobody here asked for", unasked) if unasked else None


def _record(notice: Notice, effect: Effect, *, session: ClientSession) -> None:
    """Let an event have its effect and record that, in one transaction, unless both have happened."""
    if _is_settled(notice.id, session=session):
        return
    problem = effect(session)
    facts = {**notice.document(), "status": IGNORED if notice.kind == notices.OTHER else DONE}
    if problem is not None:
        reason, paise = problem
        facts |= {"status": DEAD, "reason": reason, "unasked": paise}
    _write(notice, facts, over=("dueAt",) if problem else ("dueAt", "reason"), session=session)


def _write(notice: Notice, facts: Document, *, over: tuple[str, ...], session: ClientSession | None = None) -> None:
    update = {
        "$set": dict(facts),
        "$setOnInsert": {"receivedAt": clock.now()},
        "$inc": {"attempts": 1},
        "$unset": dict.fromkeys(over, ""),
    }
    unsettled = {"_id": notice.id, "status": {"$nin": list(_SETTLED)}}
    db.database()["webhook_inbox"].update_one(
        unsettled, {name: part for name, part in update.items() if part}, upsert=True, session=session
    )


def _keep(notice: Notice, status: str, reason: str) -> None:
    """Keep an event whose effect is still to come, beside the transaction that was taken back."""
    try:
        earlier = db.database()["webhook_inbox"].find_one({"_id": notice.id}) or {}
        now = clock.now()
        if now - earlier.get("receivedAt", now) > _LONGEST_WAIT:
            _write(notice, {**notice.document(), "status": DEAD, "reason": reason}, over=("dueAt",))
        else:
            due_at = now + timedelta(seconds=deliveries.pause(earlier.get("attempts", 0) + 1))
            _write(notice, {**notice.document(), "status": status, "reason": reason, "dueAt": due_at}, over=())
    except DuplicateKeyError:
        return  # It was done meanwhile.
    except PyMongoError as error:
        # Stripe tells it again.
        log.warning("webhook_not_kept", event_id=notice.id, error=type(error).__name__)


def _is_settled(event_id: str, *, session: ClientSession | None = None) -> bool:
    settled = {"_id": event_id, "status": {"$in": list(_SETTLED)}}
    return db.database()["webhook_inbox"].find_one(settled, {"_id": 1}, session=session) is not None
