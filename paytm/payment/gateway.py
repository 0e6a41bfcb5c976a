"""The gateway to Stripe: what is said to it and what it says, in the wallet's words, in bounded time.

Amounts are paise, which is what Stripe counts rupees in. Every call goes over the network, so none has a place in a
transaction. With its idempotency key a call may be repeated for 24 hours, with the very same arguments.
"""

import contextlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import stripe
import structlog

from paytm import clock
from paytm.errors import CardPaymentsNotConfigured, CardPaymentsRefused, CardPaymentsUnavailable, InvalidSignature
from paytm.payment import objects
from paytm.payment.objects import Event as Event
from paytm.payment.objects import Intent as Intent
from paytm.payment.objects import Item as Item
from paytm.payment.objects import Refund as Refund
from paytm.payment.objects import Session as Session
from paytm.payment.transport import Transport

log = structlog.get_logger()

CURRENCY = "inr"
# What Stripe takes at least and at most, in paise.
MIN_AMOUNT, MAX_AMOUNT = 50, 99_999_999

_TOLERANCE_SECONDS = 300
_RETRY_AFTER = 5
# A request with the same key is still under way.
_CONFLICT = 409
_PASSING = {408, _CONFLICT, 425, 429}
_PAGE = 100

# It would send along what machine this is, and leave a file in the home directory.
stripe.enable_telemetry = False


class Gateway:
    """Stripe's API.

    :param key: the account's secret key; without one every call says that there are no card payments.
    :param url: where the API is; Stripe's own if it is empty.
    :param timeout: seconds that a call may take.
    """

    def __init__(self, key: str, *, url: str = "", timeout: float = 10.0) -> None:
        self._stripe = _client(key, url, timeout) if key else None

    def create_intent(self, *, payment: str, amount: int, key: str) -> Intent:
        """Announce a payment.

        :param payment: its id, which stands in the metadata as ``paymentId``.
        :param amount: paise.
        :param key: idempotency key.
        :raises CardPaymentsUnavailable: the outcome is unknown; repeat it with the same key.
        :raises CardPaymentsRefused: Stripe does not take it.
        :raises CardPaymentsNotConfigured: there is no Stripe.
        """
        with self._asking("create_intent") as api:
            made = api.v1.payment_intents.create(
                {"amount": amount, "currency": CURRENCY, "metadata": {"paymentId": payment}},
                {"idempotency_key": key},
            )
            return objects.intent(made)

    def create_session(
        self,
        *,
        payment: str,
        intent: str | None,
        items: Sequence[Item],
        amount: int,
        expires_at: datetime,
        success_url: str,
        cancel_url: str,
        key: str,
    ) -> Session:
        """Open a page for a payment.

        The page makes an intent of its own, in whose metadata the payment stands as well.

        :param payment: its id, which stands in the metadata as ``paymentId``.
        :param intent: the one that announced it, which stands in the metadata as ``intentId``.
        :param amount: paise; what the items cost together.
        :param expires_at: 30 minutes to 24 hours from now, as Stripe has it.
        :param success_url: where to go afterwards; ``{CHECKOUT_SESSION_ID}`` in it becomes the session's id.
        :param key: idempotency key.
        :raises ValueError: the items do not add up to the amount.
        :raises CardPaymentsUnavailable: the outcome is unknown; repeat it with the same key.
        :raises CardPaymentsRefused: Stripe does not take it.
        :raises CardPaymentsNotConfigured: there is no Stripe.
        """
        if sum(item.amount * item.quantity for item in items) != amount:
            raise ValueError("the items do not add up to the amount")
        metadata = {"paymentId": payment}
        with self._asking("create_session") as api:
            made = api.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "line_items": [
                        {
                            "price_data": {
                                "currency": CURRENCY,
                                "unit_amount": item.amount,
                                "product_data": {"name": item.name},
                            },
                            "quantity": item.quantity,
                        }
                        for item in items
                    ],
                    "success_url": success_url,
                    "cancel_url": cancel_url,
                    "client_reference_id": payment,
                    "expires_at": int(expires_at.timestamp()),
                    "metadata": metadata | ({"intentId": intent} if intent else {}),
                    "payment_intent_data": {"metadata": metadata},
                },
                {"idempotency_key": key},
            )
            return objects.session(made)

    def intent(self, intent_id: str) -> Intent:
        """Return an intent as it is now. Raises as :meth:`create_intent` does."""
        with self._asking("intent") as api:
            return objects.intent(api.v1.payment_intents.retrieve(intent_id))

    def session(self, session_id: str) -> Session:
        """Return a session as it is now. Raises as :meth:`create_intent` does."""
        with self._asking("session") as api:
            return objects.session(api.v1.checkout.sessions.retrieve(session_id))

    def expire_session(self, session_id: str) -> Session:
        """Close an open page, so that nobody can pay there any more.

        :raises CardPaymentsRefused: it is not open, because somebody has paid or it has expired; and as
            :meth:`create_intent` does.
        """
        with self._asking("expire_session") as api:
            return objects.session(api.v1.checkout.sessions.expire(session_id))

    def cancel_intent(self, intent_id: str) -> Intent:
        """Take an announcement back; the intent of a page is cancelled by closing the page.

        :raises CardPaymentsRefused: it is paid or cancelled, or a page's; and as :meth:`create_intent` does.
        """
        with self._asking("cancel_intent") as api:
            return objects.intent(api.v1.payment_intents.cancel(intent_id))

    def refund(self, *, intent: str, amount: int, key: str, metadata: Mapping[str, str]) -> Refund:
        """Give money back to the card it came from.

        :param intent: what it was paid with; the one of the page, not the one that announced it.
        :param amount: paise.
        :param key: idempotency key.
        :raises CardPaymentsRefused: less than that is left, or it was not paid; and as :meth:`create_intent` does.
        """
        with self._asking("refund") as api:
            made = api.v1.refunds.create(
                {"payment_intent": intent, "amount": amount, "metadata": dict(metadata)},
                {"idempotency_key": key},
            )
            return objects.refund(made)

    def refunds_of(self, intent: str) -> Iterator[Refund]:
        """Yield what was given back of a payment, newest first. Raises as :meth:`create_intent` does."""
        with self._asking("refunds_of") as api:
            pages = api.v1.refunds.list({"payment_intent": intent, "limit": _PAGE})
            yield from map(objects.refund, pages.auto_paging_iter())

    def payments(self, since: datetime, until: datetime) -> Iterator[Intent]:
        """Yield the intents, paid or not, that were made from ``since`` to before ``until``, newest first.

        Raises as :meth:`create_intent` does, at any of its pages.
        """
        with self._asking("payments") as api:
            pages = api.v1.payment_intents.list({"created": _between(since, until), "limit": _PAGE})
            yield from map(objects.intent, pages.auto_paging_iter())

    def refunds(self, since: datetime, until: datetime) -> Iterator[Refund]:
        """Yield the refunds that were made from ``since`` to before ``until``, newest first.

        Raises as :meth:`create_intent` does, at any of its pages.
        """
        with self._asking("refunds") as api:
            pages = api.v1.refunds.list({"created": _between(since, until), "limit": _PAGE})
            yield from map(objects.refund, pages.auto_paging_iter())

    @contextlib.contextmanager
    def _asking(self, operation: str) -> Iterator[stripe.StripeClient]:
        """Give the client, and turn Stripe's errors into the wallet's."""
        if self._stripe is None:
            raise CardPaymentsNotConfigured
        try:
            yield self._stripe
        except stripe.StripeError as error:
            raise _ours(error, operation) from error


def _client(key: str, url: str, timeout: float) -> stripe.StripeClient:
    return stripe.StripeClient(
        key,
        base_addresses={"api": url or stripe.DEFAULT_API_BASE},
        # Whether to try again is for whoever knows how much time is left.
        max_network_retries=0,
        http_client=Transport(seconds=timeout),
    )


def of(config: Mapping[str, Any]) -> Gateway:
    """Return the gateway that the settings describe; without a key its calls raise, and nothing else does."""
    return _made(config["STRIPE_SECRET_KEY"], config["STRIPE_API_URL"], config["STRIPE_TIMEOUT"])


def require_configured(config: Mapping[str, Any]) -> None:
    """See to it that there are card payments, before anything is written for one.

    :raises CardPaymentsNotConfigured: there are none.
    """
    if not config["STRIPE_SECRET_KEY"]:
        raise CardPaymentsNotConfigured


# Reading the certificates takes as long as a request.
@lru_cache(maxsize=4)
def _made(key: str, url: str, timeout: float) -> Gateway:
    return Gateway(key, url=url, timeout=timeout)


def event(body: bytes, signature: str | None, *, secret: str) -> Event:
    """Return what a webhook tells, once it is proved that Stripe sent it.

    :param body: as it came, to the byte.
    :param signature: the header ``Stripe-Signature``.
    :param secret: the endpoint's signing secret.
    :raises CardPaymentsNotConfigured: there is no secret.
    :raises InvalidSignature: the signature is missing, does not fit, is more than five minutes old or from the
        future, or what it signs is not an event.
    """
    if not secret:
        raise CardPaymentsNotConfigured
    try:
        # The library compares texts, and only ASCII ones.
        (signature or "").encode("ascii")
        # The time is checked here, because the library lets signatures from the future pass.
        stripe.WebhookSignature.verify_header(body, signature, secret)
        if abs(clock.now().timestamp() - _stamp(signature or "")) > _TOLERANCE_SECONDS:
            raise InvalidSignature
        told = json.loads(body)
        return Event(told["id"], told["type"], objects.instant(told["created"]), told["data"]["object"])
    except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
        raise InvalidSignature from error


def is_under_way(error: Exception) -> bool:
    """Tell whether a call failed only because another one with the same idempotency key is not answered yet."""
    return _status(error) == _CONFLICT


def is_kept(error: Exception) -> bool:
    """Tell whether Stripe may answer a failed call the same whenever it comes with the same idempotency key."""
    return isinstance(error, CardPaymentsRefused) or (_status(error) or 0) >= 500


def _status(error: Exception) -> int | None:
    """Return the status of the answer that one of our errors was made from; None where there was no answer."""
    cause = error.__cause__
    return cause.http_status if isinstance(cause, stripe.StripeError) else None


def _stamp(signature: str) -> int:
    # The first one, as the library takes it: a second one would not be signed.
    return int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))


def _ours(error: stripe.StripeError, operation: str) -> CardPaymentsUnavailable | CardPaymentsRefused:
    status = error.http_status
    reason = _reason(error)
    passing = status is None or not 400 <= status < 500 or status in _PASSING
    log.warning(
        "card_payments_unavailable" if passing else "card_payments_refused",
        operation=operation,
        status=status,
        reason=reason,
        stripeRequest=error.request_id,
    )
    return CardPaymentsUnavailable(retry_after=_RETRY_AFTER) if passing else CardPaymentsRefused(reason=reason)


def _reason(error: stripe.StripeError) -> str:
    if isinstance(error, stripe.APIConnectionError):
        return error.user_message or ""
    body: Any = error.json_body
    return str(body["error"].get("code") or body["error"].get("type"))


def _between(since: datetime, until: datetime) -> Any:
    # Stripe tells time in whole seconds.
    return {"gte": math.floor(since.timestamp()), "lt": math.ceil(until.timestamp())}
