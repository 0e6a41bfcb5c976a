"""Having money moved on behalf of somebody who is signed in."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from flask import current_app
from pymongo.client_session import ClientSession

from paytm import db
from paytm.account import limits
from paytm.errors import (
    AccountInactive,
    ApiError,
    BalanceTooLarge,
    InsufficientBalance,
    InvalidAccount,
    SessionInDoubt,
)
from paytm.ledger import posting as ledger
from paytm.ledger.posting import Outcome, Posting
from paytm.user import sessions
from paytm.user.tokens import Caller

_REFUSALS: Mapping[str, type[ApiError]] = {
    ledger.INSUFFICIENT_BALANCE: InsufficientBalance,
    ledger.UNKNOWN_PAYEE: InvalidAccount,
    ledger.INACTIVE_PAYER: AccountInactive,
    ledger.BALANCE_TOO_LARGE: BalanceTooLarge,
}


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
    """Return a posting with what each one on somebody's behalf has: the session's standing, and that it is told of.

    :param revocations: how often sessions of its owner had been revoked when the caller's was seen to stand.
    """
    return replace(posting, revocations=revocations, announced=True)


def _completed(caller: Caller, attempt: Callable[[int], Outcome]) -> Outcome:
    try:
        outcome = attempt(sessions.see(caller, within=sessions.REMEMBERED_SECONDS))
    except SessionInDoubt:
        # It may have been another session of the user that was revoked.
        outcome = attempt(sessions.see(caller, within=0))
    if not outcome.completed:
        raise _refusal(outcome)
    return outcome


def _refusal(outcome: Outcome) -> ApiError:
    transaction = outcome.transaction
    error: ApiError
    if transaction["reason"] == ledger.LIMIT_EXCEEDED:
        error = limits.refusal(transaction)
    else:
        errors = {"account": str(transaction["account"])} if "account" in transaction else None
        error = _REFUSALS[transaction["reason"]](request_id=transaction["requestId"], errors=errors)
    error.replayed = outcome.replayed
    return error
