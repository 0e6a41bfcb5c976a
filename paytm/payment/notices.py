"""What is kept of an event of Stripe's: kind, ids and amounts, and nothing about who paid."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bson import ObjectId
from bson.int64 import Int64

from paytm.payment.gateway import Event

PAID, FAILED, PAGE_GONE, REFUNDED, OTHER = KINDS = ("paid", "failed", "page_gone", "refunded", "other")

_TYPES = {
    "checkout.session.completed": PAID,
    "checkout.session.async_payment_succeeded": PAID,
    "payment_intent.succeeded": PAID,
    "payment_intent.payment_failed": FAILED,
    "checkout.session.expired": PAGE_GONE,
    "charge.refunded": REFUNDED,
}
# Where an object says how much it is about.
_AMOUNTS = {"checkout.session": "amount_total", "payment_intent": "amount_received", "charge": "amount_refunded"}


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What an event says about a payment.

    :param kind: what follows from it.
    :param about: the id of the object that it is about.
    :param intent: what was, or was to be, paid with.
    :param payment: the payment's id, from the metadata.
    :param amount: paise; of a refund all that was given back of the payment up to then.
    :param error: the code of a failure.
    """

    id: str
    type: str
    kind: str
    about: str
    intent: str | None
    payment: ObjectId | None
    amount: int
    currency: str
    error: str | None

    def document(self) -> dict[str, Any]:
        """Return it as it is kept, but for its id."""
        kept = {name: value for name, value in asdict(self).items() if name != "id" and value is not None}
        return kept | {"amount": Int64(self.amount)}


def read(event: Event) -> Notice:
    """Return what is kept of an event; one that is malformed is about nothing."""
    about = event.object
    name = str(about.get("object"))
    kind = _TYPES.get(event.type, OTHER)
    if name == "checkout.session" and kind == PAID and about.get("payment_status") != "paid":
        # A bank transfer was promised; its money is told of when it comes.
        kind = OTHER
    metadata = about.get("metadata")
    payment = metadata.get("paymentId") if isinstance(metadata, Mapping) else None
    amount = about.get(_AMOUNTS.get(name, ""))
    error = about.get("last_payment_error")
    return Notice(
        id=event.id,
        type=event.type,
        kind=kind,
        about=str(about.get("id")),
        intent=_text(about.get("id" if name == "payment_intent" else "payment_intent")),
        payment=ObjectId(payment) if isinstance(payment, str) and ObjectId.is_valid(payment) else None,
        amount=amount if isinstance(amount, int) else 0,
        currency=str(about.get("currency")),
        error=_text(error.get("code")) if isinstance(error, Mapping) else None,
    )


def stored(event_id: str, document: Mapping[str, Any]) -> Notice:
    """Return what is kept."""
    names = ("type", "kind", "about", "intent", "payment", "amount", "currency", "error")
    facts: dict[str, Any] = {name: document.get(name) for name in names}
    return Notice(id=event_id, **facts)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
