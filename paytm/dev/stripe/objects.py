"""Stripe's objects, as its API shows them. What begins with an underscore is the stand-in's own and not shown."""

import copy
import secrets
import string
from typing import Any

from paytm import clock

Object = dict[str, Any]

_API_VERSION = "2026-10-28.endive"
_ALPHABET = string.ascii_letters + string.digits
_DAY_SECONDS = 24 * 60 * 60
_CARD_HOLDER = {"email": "card.holder@example.com", "name": "Card Holder", "phone": None, "address": None}


def new_id(prefix: str, length: int = 24) -> str:
    """Return a new id, ``pi_3Kd…`` for the prefix ``pi``."""
    return f"{prefix}_" + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def now() -> int:
    """Return the time as Stripe tells it, in whole seconds."""
    return int(clock.now().timestamp())


def shown(object_: Object) -> Object:
    """Return a copy of what everybody may see of an object."""
    return {name: copy.deepcopy(value) for name, value in object_.items() if not name.startswith("_")}


def intent(*, amount: int, metadata: dict[str, str], description: str | None = None, **_: Any) -> Object:
    """A PaymentIntent that waits for a card; ``amount`` in paise."""
    id_ = new_id("pi")
    return {
        "id": id_,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{id_}_secret_{secrets.token_hex(12)}",
        "confirmation_method": "automatic",
        "created": now(),
        "currency": "inr",
        "customer": None,
        "description": description,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": metadata,
        "next_action": None,
        "payment_method": None,
        "payment_method_types": ["card"],
        "receipt_email": None,
        "status": "requires_payment_method",
    }


def session(given: dict[str, Any], *, base: str) -> Object:
    """An open Checkout Session.

    :param given: what :class:`parameters.NewSession` reads.
    :param base: where the Checkout pages are.
    """
    id_, at = new_id("cs_test", 58), now()
    return {
        "id": id_,
        "object": "checkout.session",
        "amount_subtotal": given["amount"],
        "amount_total": given["amount"],
        "cancel_url": given["cancel_url"],
        "client_reference_id": given["client_reference_id"],
        "created": at,
        "currency": "inr",
        "customer": None,
        "customer_details": None,
        "customer_email": None,
        "expires_at": given["expires_at"] or at + _DAY_SECONDS,
        "livemode": False,
        "metadata": given["metadata"],
        "mode": "payment",
        # There is none before somebody tries to pay.
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": given["success_url"],
        "ui_mode": "hosted_page",
        "url": f"{base}/c/pay/{id_}",
        "_items": given["line_items"],
        "_intent": given["payment_intent_data"],
    }


def card_holder() -> Object:
    """Whoever pays; the page asks nobody for a name."""
    return dict(_CARD_HOLDER)


def charge(paid: Object) -> Object:
    """The charge of an intent that is paid now."""
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": paid["amount"],
        "amount_captured": paid["amount"],
        "amount_refunded": 0,
        "billing_details": card_holder(),
        "captured": True,
        "created": now(),
        "currency": "inr",
        "customer": None,
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": dict(paid["metadata"]),
        "outcome": {"network_status": "approved_by_network", "type": "authorized"},
        "paid": True,
        "payment_intent": paid["id"],
        "refunded": False,
        "status": "succeeded",
    }


def refund(of: Object, *, amount: int, metadata: dict[str, str], reason: str | None) -> Object:
    """A refund of a charge; ``amount`` in paise."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "charge": of["id"],
        "created": now(),
        "currency": "inr",
        "metadata": metadata,
        "payment_intent": of["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "status": "succeeded",
    }


def event(kind: str, about: Object) -> Object:
    """What a webhook says: the kind, and the object as it is now."""
    return {
        "id": new_id("evt"),
        "object": "event",
        "api_version": _API_VERSION,
        "created": now(),
        "data": {"object": shown(about)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
