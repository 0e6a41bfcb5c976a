"""Sending money from one account to another."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.account import limits, submission
from paytm.errors import InvalidAccount, InvalidAmount, SelfTransfer
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import BANK_ACCOUNTS, Outcome, Posting, movement
from paytm.user.tokens import Caller

KIND = "transfer"


def check(source: ObjectId, to: ObjectId, amount: int) -> None:
    """Refuse what cannot be a payment, whatever the accounts hold.

    :param amount: paise.
    :raises ApiError: the amount is out of range, or the accounts are no two that people have.
    """
    if amount <= 0 or limits.is_too_large(source, amount):
        raise InvalidAmount
    if source == to:
        raise SelfTransfer
    if to in BANK_ACCOUNTS:
        raise InvalidAccount


def send(caller: Caller, *, source: ObjectId, to: ObjectId, amount: int, note: str | None, key: str | None) -> Outcome:
    """Move money between two accounts.

    :param source: an account of the caller; who calls this has seen to it.
    :param amount: paise.
    :param key: the idempotency key; without one, a repetition pays again.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    return submission.submit(caller, posting(caller, source=source, to=to, amount=amount, note=note, key=key))


def posting(
    caller: Caller,
    *,
    source: ObjectId,
    to: ObjectId,
    amount: int,
    note: str | None,
    key: str | None,
    **details: Any,
) -> Posting:
    """Return the posting of a transfer, which :func:`send` has made.

    :param details: more for the journal to keep, which is part of what the request asks for.
    :raises ApiError: it cannot be a payment, whatever the accounts hold.
    """
    note = note or None
    check(source, to, amount)
    return Posting(
        kind=KIND,
        owner=caller.user_id,
        source=source,
        destination=to,
        amount=amount,
        legs=movement(source, to, amount),
        key=key,
        fingerprint=fingerprint((KIND, source, to, amount, note, *details.items())) if key else None,
        note=note,
        limits=limits.defaults(),
        details=details,
        request_id=g.request_id,
    )
