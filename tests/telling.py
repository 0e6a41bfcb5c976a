"""Events as the application inserts them, and a relay that is worked by hand."""

from typing import Any

from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.notify import outbox, relay
from paytm.notify.relay import Relay
from tests.people import Person


def tell(kind: str, **subject: Any) -> ObjectId:
    """Insert an event, and return its id."""
    event = outbox.event(kind, **subject)
    db.transaction(lambda session: outbox.insert(event, session=session))
    return event["_id"]


def pay(payer: Person, payee: Person, amount: Any, **body: Any) -> ObjectId:
    """Send money, and return the id of the event that tells of it."""
    answer = payer.send(payee, amount, **body)
    assert answer.status == 200, answer
    return ObjectId(answer.body["transactionId"])


def hush() -> None:
    """Forget what sign-ups and the like would have told."""
    for name in (outbox.NAME, "deliveries"):
        db.database()[name].delete_many({})


def relay_of(app: Flask, **settings: Any) -> Relay:
    """Return a relay that rests nowhere."""
    return relay.of({**app.config, "DELIVERIES_PER_SECOND": 1e6, "WEBHOOK_ALLOW_PRIVATE": True, **settings})


def work(relay: Relay) -> None:
    """Let a relay do everything that can be done now."""
    while db.database()[outbox.NAME].count_documents({"unclear": None}):
        relay.fan_out()
    for channel in relay._channels:
        while relay.deliver(channel) == 0:
            pass
