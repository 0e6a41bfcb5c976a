"""Having money moved, on behalf of somebody who is signed in or of the bank itself."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import current_app, has_app_context
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import SessionInDoubt
from paytm.ledger import refusals
from paytm.ledger.engine import Engine
from paytm.ledger.posting import Outcome, Posting
from paytm.user import sessions
from paytm.user.tokens import Caller

Result = TypeVar("Result")


def submit(caller: Caller, posting: Posting) -> Outcome:
    """Have a posting committed together with others.

    :returns: what completed, now or under the same key before.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    engine: Engine = current_app.extensions["ledger"]
    return _confirmed(caller, lambda revocations: engine.submit(complete(posting, revocations)))


def enter(caller: Caller, body: Callable[[ClientSession, int], Result]) -> Result:
    """Have money moved or held in a transaction with a feature's own reads and writes.

    :param body: runs in the transaction, again after a write conflict; it takes the database session and the
        revocations that :func:`complete` or :func:`paytm.ledger.holds.authorise` is to have.
    :returns: what the body returns; an outcome completed, now or under the same key before.
    :raises ApiError: refused, and no money moved; what the body raises, too.
    :raises Unavailable: the outcome is unknown.
    """
    return _confirmed(caller, lambda revocations: enter_for_bank(lambda session: body(session, revocations)))


def enter_for_bank(body: Callable[[ClientSession], Result]) -> Result:
    """Have money moved or held as :func:`enter` does where no user asks: by a webhook's event, or because time is over.

    In a process that serves, the committer runs the body between two batches. A thread of the worker, which has no
    application, runs it by itself: nobody shall wait for a turn that a niced process has.

    :param body: its postings have no revocations (None).
    :returns: what the body returns, an outcome that is declined as well.
    :raises ApiError: what the body raises; nothing was written.
    :raises Unavailable: the outcome is unknown; in the worker, a PyMongoError says so.
    """
    work = partial(db.transaction, body)
    if not has_app_context():
        return work()
    engine: Engine = current_app.extensions["ledger"]
    return engine.run(work)


def complete(posting: Posting, revocations: int | None) -> Posting:
    """Complete a posting by what each one has: the standing of the session that asks, and that it is told of.

    :param revocations: how often sessions of its owner had been revoked when the caller's was seen to stand; None where
        no session of the owner asks.
    """
    posting.revocations, posting.announced = revocations, True
    return posting


def _confirmed(caller: Caller, attempt: Callable[[int], Result]) -> Result:
    """Return the result of an attempt that knows how often the caller's sessions were revoked."""
    try:
        result = attempt(sessions.see(caller, within=sessions.REMEMBERED_SECONDS))
    except SessionInDoubt:
        # It may have been another session of the user that was revoked.
        result = attempt(sessions.see(caller, within=0))
    if isinstance(result, Outcome) and not result.completed:
        refusal = refusals.of(result.transaction)
        refusal.replayed = result.replayed
        raise refusal
    return result
