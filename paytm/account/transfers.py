"""Sending money from a user's primary account to another's."""

from collections.abc import Mapping
from dataclasses import replace

from bson import ObjectId
from flask import current_app, g

from paytm.account import limits
from paytm.errors import (
    AccountInactive,
    ApiError,
    BalanceTooLarge,
    InsufficientBalance,
    InvalidAccount,
    InvalidAmount,
    SelfTransfer,
    SessionInDoubt,
)
from paytm.ledger import posting
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import SYSTEM_ACCOUNT, Outcome, Posting, movement
from paytm.user import sessions
from paytm.user.tokens import Caller

_KIND = "transfer"
_REFUSALS: Mapping[str, type[ApiError]] = {
    posting.INSUFFICIENT_BALANCE: InsufficientBalance,
    posting.UNKNOWN_PAYEE: InvalidAccount,
    posting.INACTIVE_PAYER: AccountInactive,
    posting.BALANCE_TOO_LARGE: BalanceTooLarge,
}


def send(caller: Caller, *, to: ObjectId, amount: int, note: str | None, key: str | None) -> Outcome:
    """Move money between the primary accounts of two users, which have the users' ids.

    :param to: the user who is paid.
    :param amount: paise.
    :param key: the idempotency key; without one, a repetition pays again.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    note = note or None
    if amount <= 0 or limits.is_too_large(caller.user_id, amount):
        raise InvalidAmount
    if to == caller.user_id:
        raise SelfTransfer
    if to == SYSTEM_ACCOUNT:
        raise InvalidAccount
    outcome = _submit(
        caller,
        Posting(
            kind=_KIND,
            owner=caller.user_id,
            source=caller.user_id,
            destination=to,
            amount=amount,
            legs=movement(caller.user_id, to, amount),
            key=key,
            fingerprint=fingerprint((_KIND, caller.user_id, to, amount, note)) if key else None,
            note=note,
            limits=limits.defaults(),
            revocations=sessions.see(caller, within=sessions.REMEMBERED_SECONDS),
            request_id=g.request_id,
        ),
    )
    if not outcome.completed:
        raise _refusal(outcome)
    return outcome


def _submit(caller: Caller, posting: Posting) -> Outcome:
    submit = current_app.extensions["ledger"].submit
    try:
        outcome: Outcome = submit(posting)
    except SessionInDoubt:
        # It may have been another session of the user that was revoked.
        outcome = submit(replace(posting, revocations=sessions.see(caller, within=0)))
    return outcome


def _refusal(outcome: Outcome) -> ApiError:
    transaction = outcome.transaction
    error: ApiError
    if transaction["reason"] == posting.LIMIT_EXCEEDED:
        error = limits.refusal(transaction)
    else:
        error = _REFUSALS[transaction["reason"]](request_id=transaction["requestId"])
    error.replayed = outcome.replayed
    return error
