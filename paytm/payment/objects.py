"""What Stripe has, as the wallet sees it: plain values, frozen, amounts in paise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import stripe


@dataclass(frozen=True)
class Item:
    """A line of the Checkout page; ``amount`` is the price of one, in paise."""

    name: str
    amount: int
    quantity: int = 1


@dataclass(frozen=True)
class Intent:
    """A PaymentIntent: what is to be paid, and what was.

    :param status: ``requires_payment_method``, ``processing``, ``succeeded``, ``canceled`` and others of Stripe's.
    :param amount: paise.
    :param received: paise that were paid.
    :param payment: the payment's id, from the metadata.
    """

    id: str
    status: str
    amount: int
    currency: str
    received: int
    payment: str | None
    created: datetime


@dataclass(frozen=True)
class Session:
    """A Checkout Session, on whose page somebody pays.

    :param url: the page; None when it is no longer open.
    :param status: ``open``, ``complete`` or ``expired``.
    :param paid: whether the money is there; a complete session may still wait for a bank transfer.
    :param intent: the intent that the page has made; None before somebody tries to pay.
    :param amount: paise.
    :param payment: the payment's id, from the metadata.
    """

    id: str
    url: str | None
    status: str
    paid: bool
    intent: str | None
    amount: int
    payment: str | None
    expires_at: datetime


@dataclass(frozen=True)
class Refund:
    """Money that goes back to a card.

    :param status: ``succeeded``, ``pending``, ``failed``, ``canceled`` or ``requires_action``.
    :param amount: paise.
    :param intent: what it was paid with.
    """

    id: str
    status: str
    amount: int
    intent: str | None
    metadata: Mapping[str, str]
    created: datetime


@dataclass(frozen=True)
class Event:
    """What Stripe tells by webhook; ``object`` is what it is about, as Stripe writes it."""

    id: str
    type: str
    created: datetime
    object: dict[str, Any]


def intent(made: stripe.PaymentIntent) -> Intent:
    """Return an intent of Stripe's as ours."""
    return Intent(
        id=made.id,
        status=made.status,
        amount=made.amount,
        currency=made.currency,
        received=made.amount_received,
        payment=_payment(made.metadata),
        created=instant(made.created),
    )


def session(made: stripe.checkout.Session) -> Session:
    """Return a session of Stripe's as ours."""
    return Session(
        id=made.id,
        url=made.url,
        status=made.status or "",
        paid=made.payment_status == "paid",
        intent=_id(made.payment_intent),
        amount=made.amount_total or 0,
        payment=_payment(made.metadata),
        expires_at=instant(made.expires_at),
    )


def refund(made: stripe.Refund) -> Refund:
    """Return a refund of Stripe's as ours."""
    return Refund(
        id=made.id,
        status=made.status or "",
        amount=made.amount,
        intent=_id(made.payment_intent),
        metadata=made.metadata.to_dict() if made.metadata else {},
        created=instant(made.created),
    )


def instant(seconds: int) -> datetime:
    """Return a point in time that Stripe tells in Unix time."""
    return datetime.fromtimestamp(seconds, UTC)


def _id(reference: stripe.PaymentIntent | str | None) -> str | None:
    return reference.id if isinstance(reference, stripe.PaymentIntent) else reference


def _payment(metadata: stripe.StripeObject | None) -> str | None:
    return metadata.to_dict().get("paymentId") if metadata else None
