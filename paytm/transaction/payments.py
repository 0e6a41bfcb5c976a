"""Moving money from one account to another, by the ids of both."""

from bson import ObjectId
from flask import current_app, g

from paytm.account import ownership, submission
from paytm.account.limits import defaults
from paytm.errors import InvalidAccount, InvalidAmount, SelfTransfer
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import SYSTEM_ACCOUNT, Outcome, Posting, movement
from paytm.user.tokens import Caller

KIND = "transfer"


def check(source: ObjectId, destination: ObjectId, amount: int) -> None:
    """Refuse what cannot be a payment, whatever the accounts hold.

    :param amount: paise.
    :raises ApiError: the amount is out of range, or the accounts are no two that people have.
    """
    if not 0 < amount <= current_app.config["TRANSFER_MAX"]:
        raise InvalidAmount
    if source == destination:
        raise SelfTransfer
    if destination == SYSTEM_ACCOUNT:
        raise InvalidAccount


def pay(caller: Caller, *, source: ObjectId, destination: ObjectId, amount: int, note: str | None, key: str) -> Outcome:
    """Move money from one of the caller's accounts to any other.

    :param amount: paise.
    :raises NotFound: the source is not an account of the caller.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    check(source, destination, amount)
    ownership.check(caller.user_id, source)
    return submission.submit(
        caller,
        Posting(
            kind=KIND,
            owner=caller.user_id,
            source=source,
            destination=destination,
            amount=amount,
            legs=movement(source, destination, amount),
            key=key,
            fingerprint=fingerprint((KIND, source, destination, amount, note)),
            note=note,
            limits=defaults(),
            request_id=g.request_id,
        ),
    )
