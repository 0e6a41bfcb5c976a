"""What happens in a Stripe account: intents, Checkout Sessions, charges, refunds, and the events that tell of them."""

from collections.abc import Callable
from typing import Any

from paytm.dev.stripe import objects
from paytm.dev.stripe.objects import Object
from paytm.dev.stripe.refusals import Refusal
from paytm.dev.stripe.store import Store
from paytm.money import format_rupees

_DAY_SECONDS = 24 * 60 * 60
_DECLINE = {
    "code": "card_declined",
    "decline_code": "generic_decline",
    "message": "Your card was declined.",
    "type": "card_error",
}


class Account:
    """All of these are called while the store's lock is held, and check before they change anything.

    :param tell: gets the id of each new event.
    """

    def __init__(self, store: Store, tell: Callable[[str], None]) -> None:
        self._store = store
        self._tell_of = tell

    def create_intent(self, given: dict[str, Any]) -> Object:
        return self._made("payment_intents", objects.intent(**given))

    def cancel_intent(self, id_: str, *, reason: str | None) -> Object:
        intent = self._store.get("payment_intents", id_, param="intent")
        if intent["status"] != "requires_payment_method":
            words = f"You cannot cancel this PaymentIntent because it has a status of {intent['status']}."
            raise Refusal(400, words, code="payment_intent_unexpected_state")
        if any(session["payment_intent"] == id_ for session in self._store.all("sessions")):
            words = "You cannot cancel the PaymentIntent of a Checkout Session. Expire the Checkout Session instead."
            raise Refusal(400, words, code="payment_intent_unexpected_state")
        return self._cancel(intent, reason)

    def create_session(self, given: dict[str, Any], *, base: str, least_lifetime: int) -> Object:
        """Open a session.

        :param base: where the Checkout pages are.
        :param least_lifetime: seconds that it has to be open; Stripe itself asks for 30 minutes.
        """
        lifetime = (given["expires_at"] or objects.now() + _DAY_SECONDS) - objects.now()
        if not least_lifetime <= lifetime <= _DAY_SECONDS:
            bound = "less than 24 hours" if lifetime > least_lifetime else f"at least {least_lifetime // 60} minutes"
            words = f"The `expires_at` timestamp must be {bound} from Checkout Session creation."
            raise Refusal(400, words, param="expires_at", kept=False)
        return self._made("sessions", objects.session(given, base=base))

    def expire_session(self, id_: str) -> Object:
        session = self._store.get("sessions", id_, param="session")
        if session["status"] != "open":
            words = (
                'Only Checkout Sessions with a status in ["open"] can be expired.'
                f" This Checkout Session has a status of `{session['status']}`."
            )
            raise Refusal(400, words)
        return self._expire(session)

    def expire_due(self) -> None:
        """Expire the sessions whose time has come."""
        for session in self._store.all("sessions"):
            if session["status"] == "open" and session["expires_at"] <= objects.now():
                self._expire(session)

    def pay(self, session: Object) -> None:
        """Pay an open session by card."""
        intent = self._succeed(self._intent_of(session))
        self._complete(session, payment_status="paid")
        self._tell("payment_intent.succeeded", intent)
        self._tell("checkout.session.completed", session)

    def decline(self, session: Object) -> None:
        """Try to pay an open session by a card that is not good; it stays open."""
        intent = self._intent_of(session)
        intent["last_payment_error"] = dict(_DECLINE)
        self._tell("payment_intent.payment_failed", intent)

    def promise(self, session: Object) -> None:
        """Complete an open session by a bank transfer, whose money comes later."""
        intent = self._intent_of(session)
        intent["status"] = "processing"
        self._complete(session, payment_status="unpaid")
        self._tell("checkout.session.completed", session)

    def settle(self, session: Object) -> None:
        """Let the money of a promised payment come in."""
        intent = self._succeed(self._intent_of(session))
        session["payment_status"] = "paid"
        self._tell("payment_intent.succeeded", intent)
        self._tell("checkout.session.async_payment_succeeded", session)

    def refund(self, given: dict[str, Any]) -> Object:
        """Give a charge back, wholly or in parts."""
        charge = self._charge_of(given)
        left = charge["amount"] - charge["amount_refunded"]
        if left == 0:
            words = f"Charge {charge['id']} has already been refunded."
            raise Refusal(400, words, code="charge_already_refunded")
        amount = left if given["amount"] is None else given["amount"]
        if amount > left:
            words = (
                f"Refund amount ({format_rupees(amount)}) is greater than unrefunded amount"
                f" on charge ({format_rupees(left)})"
            )
            raise Refusal(400, words, param="amount")
        made = objects.refund(charge, amount=amount, metadata=given["metadata"], reason=given["reason"])
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount"]
        self._tell("charge.refunded", charge)
        return self._made("refunds", made)

    def _charge_of(self, given: dict[str, Any]) -> Object:
        """Return the charge that a refund is about."""
        if given["charge"]:
            return self._store.get("charges", given["charge"], param="charge")
        if not given["payment_intent"]:
            words = "One of the following params should be provided for this request: payment_intent or charge."
            raise Refusal(400, words, code="parameter_missing", kept=False)
        intent = self._store.get("payment_intents", given["payment_intent"], param="payment_intent")
        if not intent["latest_charge"]:
            words = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise Refusal(400, words, param="payment_intent")
        return self._store.get("charges", intent["latest_charge"])

    def _intent_of(self, session: Object) -> Object:
        """Return a session's intent, which the first attempt to pay makes."""
        if session["payment_intent"] is None:
            intent = objects.intent(amount=session["amount_total"], **session["_intent"])
            session["payment_intent"] = self._made("payment_intents", intent)["id"]
        return self._store.get("payment_intents", session["payment_intent"])

    def _succeed(self, intent: Object) -> Object:
        charge = self._made("charges", objects.charge(intent))
        paid = {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": charge["id"]}
        intent.update(paid, last_payment_error=None)
        return intent

    def _complete(self, session: Object, *, payment_status: str) -> None:
        session.update(
            status="complete", payment_status=payment_status, url=None, customer_details=objects.card_holder()
        )

    def _expire(self, session: Object) -> Object:
        session.update(status="expired", url=None)
        if session["payment_intent"]:
            self._cancel(self._intent_of(session), "automatic")
        self._tell("checkout.session.expired", session)
        return session

    def _cancel(self, intent: Object, reason: str | None) -> Object:
        intent.update(status="canceled", canceled_at=objects.now(), cancellation_reason=reason)
        self._tell("payment_intent.canceled", intent)
        return intent

    def _made(self, kind: str, object_: Object) -> Object:
        self._store.put(kind, object_["id"], object_)
        return object_

    def _tell(self, kind: str, about: Object) -> None:
        self._tell_of(self._made("events", objects.event(kind, about))["id"])
