"""Money added by card: at the API, on Stripe's page, and by the webhooks that tell of it."""

import json
from typing import Any

from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.notify.models import CARD
from paytm.notify.relay import Relay
from paytm.payment import card_refunds, gateway, inbox, repair
from tests.people import Answer, Call, Person
from tests.stand_in import StandIn
from tests.telling import work

WEBHOOK = "/api/v1/payment/webhook"


def top_up(person: Person, amount: Any = 50, *, key: str | None = "k", **body: Any) -> Answer:
    """Ask for a page to add money on."""
    body = {"amount": amount, **({} if key is None else {"idempotencyKey": key}), **body}
    return person.call("POST", "/payment/topup", json=body, headers=person.headers)


def started(person: Person, amount: Any = 50, **body: Any) -> tuple[str, str]:
    """Ask for a page, and return the ids of the payment and of the session."""
    answer = top_up(person, amount, **body)
    assert answer.status == 201, answer
    return answer.body["paymentId"], session_of(answer.body["paymentUrl"])


def session_of(url: str) -> str:
    return url.rpartition("/")[2]


def status(person: Person, payment: str) -> dict[str, Any]:
    answer = person.get(f"/payment/{payment}/status")
    assert answer.status == 200, answer
    body: dict[str, Any] = answer.body
    return body


def hear(call: Call, stripe: StandIn, event: dict[str, Any]) -> Answer:
    """Post an event of Stripe's."""
    body, headers = stripe.webhook(event)
    return call("POST", "/payment/webhook", data=body, headers=headers)


def hear_all(call: Call, stripe: StandIn) -> set[int]:
    """Post everything that has happened, and return the answers' statuses."""
    return {hear(call, stripe, event).status for event in stripe.events}


def invent(stripe: StandIn, kind: str, event: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Let Stripe have told something else than it did."""
    copy = json.loads(json.dumps(event))
    copy |= {"id": f"evt_{ObjectId()}", "type": kind, "pending_webhooks": 0}
    copy["data"]["object"] |= changes
    with stripe.parts.store.open():
        stripe.parts.store.put("events", copy["id"], copy)
    return copy


def sweep(app: Flask) -> None:
    """Let the worker do everything that is due for payments."""
    api = gateway.of(app.config)
    while repair.repair(api, app.config) or inbox.retry():
        pass


def give_back(app: Flask) -> None:
    """Let the worker make the refunds that are due."""
    work(Relay({CARD: card_refunds.channel(app.config)}, per_second=1e6))


def paid(payment: str) -> dict[str, Any]:
    """Return a payment as it is kept."""
    return db.database()["payments"].find_one({"_id": ObjectId(payment)}) or {}


def change(payment: str, **facts: Any) -> None:
    db.database()["payments"].update_one({"_id": ObjectId(payment)}, {"$set": facts})
