"""Having money moved on behalf of somebody who is signed in."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import current_app
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import SessionInDoubt
from paytm.ledger import refusals
from paytm.ledger.posting import Outcome, Posting, Record
from paytm.notify import outbox
from paytm.user import sessions
from paytm.user.tokens import Caller


def submit(caller: Caller, posting: Posting) -> Outcome:
    """Have a posting committed together with others.

    :returns: what completed, now or under the same key before.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    engine = current_app.extensions["ledger"]
    return _completed(caller, lambda revocations: engine.submit(complete(posting, revocations)))


def enter(caller: Caller, body: Callable[[ClientSession, int], Outcome]) -> Outcome:
    """Have a posting committed in a transaction with a feature's own reads and writes.

    :param body: runs in the transaction, again after a write conflict; it takes the database session and the
        revocations that :func:`complete` is to have.
    :returns: what completed, now or under the same key before.
    :raises ApiError: refused, and no money moved; what the body raises, too.
    :raises Unavailable: the outcome is unknown.
    """
    engine = current_app.extensions["ledger"]

    def attempt(revocations: int) -> Outcome:
        work = partial(db.transaction, lambda session: body(session, revocations))
        outcome: Outcome = engine.run(work)
        return outcome

    return _completed(caller, attempt)


def complete(posting: Posting, revocations: int) -> Posting:
    """Return a posting with what each one on somebody's behalf has: the session's standing, and the event it is.

    :param revocations: how often sessions of its owner had been revoked when the caller's was seen to stand.
    """
    event = {"_id": posting.id, "kind": "transaction.completed", "createdAt": posting.at, "transaction": posting.id}
    told = Record(outbox.NAME, event)
    return replace(posting, revocations=revocations, records=(*posting.records, told))


def _completed(caller: Caller, attempt: Callable[[int], Outcome]) -> Outcome:
    try:
        outcome = attempt(sessions.see(caller, within=sessions.REMEMBERED_SECONDS))
    except SessionInDoubt:
        # It may have been another session of the user that was revoked.
        outcome = attempt(sessions.see(caller, within=0))
    if not outcome.completed:
        refusal = refusals.of(outcome.transaction)
        refusal.replayed = outcome.replayed
        raise refusal
    return outcome
