"""Sending money from a user's primary account to another's."""

from bson import ObjectId
from flask import g

from paytm.account import limits, submission
from paytm.errors import InvalidAccount, InvalidAmount, SelfTransfer
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import SYSTEM_ACCOUNT, Outcome, Posting, movement
from paytm.user.tokens import Caller

_KIND = "transfer"


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
    return submission.submit(
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
            request_id=g.request_id,
        ),
    )
