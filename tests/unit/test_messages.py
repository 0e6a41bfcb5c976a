"""Who is told what of an event."""

import json
import re
from typing import Any

import pytest
from bson import ObjectId

from paytm import clock
from paytm.ledger.posting import BANK_ACCOUNTS, CARD_ACCOUNT, SYSTEM_ACCOUNT
from paytm.notify import messages, outbox
from paytm.notify.deliveries import Message
from paytm.notify.messages import Facts, compose
from tests.house.source import MODULES

ASHA, RAVI, MEENA = (ObjectId(f"{n:024x}") for n in (1, 2, 3))
SAVINGS = ObjectId(f"{9:024x}")
ENDPOINT = {"_id": ObjectId(f"{8:024x}"), "events": ["transaction.completed"]}


def _facts(transaction: dict[str, Any] | None = None, **more: Any) -> Facts:
    known: dict[str, Any] = {
        "transactions": {transaction["_id"]: transaction} if transaction else {},
        "owners": {ASHA: ASHA, RAVI: RAVI, MEENA: MEENA, SAVINGS: ASHA},
        "names": {ASHA: "Asha Rao", RAVI: "Ravi Iyer", MEENA: "Meena Das"},
        "wishes": {},
        "listeners": {},
    }
    return Facts(**known | more)


def _moved(kind: str = "transfer", *, source: ObjectId = ASHA, **fields: Any) -> dict[str, Any]:
    return {"_id": ObjectId(), "kind": kind, "from": source, "amount": 2050, "createdAt": clock.now(), **fields}


def _told(transaction: dict[str, Any], **more: Any) -> dict[tuple[ObjectId, str], Message]:
    event = outbox.event("transaction.completed", transaction=transaction["_id"])
    told = compose(event, _facts(transaction, **more))
    return {(m.recipient, m.content.get("template", "webhook")): m for m in told}


def test_both_sides_of_a_transfer_are_told() -> None:
    told = _told(_moved(to=RAVI, note="chai"))

    assert set(told) == {(ASHA, "money_sent"), (RAVI, "money_received")}
    sent, received = (message.content for message in told.values())
    assert (sent["name"], sent["amount"], sent["note"]) == ("Ravi Iyer", 2050, "chai")
    assert (received["name"], received["amount"]) == ("Asha Rao", 2050)


def test_money_between_ones_own_accounts_is_no_news() -> None:
    assert _told(_moved(to=SAVINGS)) == {}


@pytest.mark.parametrize(("own", "name"), [(SYSTEM_ACCOUNT, "Paytm wallet"), (CARD_ACCOUNT, "Card")])
def test_money_from_the_bank_is_told_to_who_gets_it(own: ObjectId, name: str) -> None:
    told = _told(_moved("funding", source=own, to=RAVI))

    assert set(told) == {(RAVI, "money_received")}
    assert told[RAVI, "money_received"].content["name"] == name


@pytest.mark.parametrize("own", sorted(BANK_ACCOUNTS))
def test_money_to_the_bank_is_told_to_who_gives_it(own: ObjectId) -> None:
    assert set(_told(_moved("withdrawal", to=own))) == {(ASHA, "money_sent")}


def test_a_refund_has_a_message_of_its_own() -> None:
    assert set(_told(_moved("refund", to=RAVI))) == {(ASHA, "money_sent"), (RAVI, "refunded")}


def test_each_payee_of_a_payout_is_told_of_its_sum_alone() -> None:
    lines = [
        {"to": RAVI, "amount": 1000, "note": "May"},
        {"to": MEENA, "amount": 500, "note": "May"},
        {"to": RAVI, "amount": 550, "note": "June"},
    ]

    told = _told(_moved("payout", lines=lines))

    amounts = {key: (message.content["amount"], message.content["name"]) for key, message in told.items()}
    assert amounts == {
        (ASHA, "money_sent"): (2050, "2 people"),
        (RAVI, "money_received"): (1550, "Asha Rao"),
        (MEENA, "money_received"): (500, "Asha Rao"),
    }
    assert told[MEENA, "money_received"].content["note"] == "May"


@pytest.mark.parametrize(("wish", "left"), [("moneySent", RAVI), ("moneyReceived", ASHA)])
def test_who_does_not_want_it_is_not_told(wish: str, left: ObjectId) -> None:
    wishes = {ASHA: {wish: False}, RAVI: {wish: False}}

    assert [recipient for recipient, _ in _told(_moved(to=RAVI), wishes=wishes)] == [left]


def test_who_is_asked_for_money_is_told() -> None:
    event = outbox.event("request.created", request=ObjectId(), payer=ASHA, payee=RAVI, amount=2050, note=None)

    (message,) = compose(event, _facts())

    assert message.recipient == ASHA
    assert (message.content["name"], message.content["amount"]) == ("Ravi Iyer", 2050)
    assert compose(event, _facts(wishes={ASHA: {"paymentRequests": False}})) == []


@pytest.mark.parametrize("kind", ["user.signed_in", "user.password_changed"])
def test_nobodys_wishes_silence_security(kind: str) -> None:
    off = dict.fromkeys(["newSignIn", "passwordChanged", "moneySent", "webhooks"], False)

    (message,) = compose(outbox.event(kind, user=ASHA), _facts(wishes={ASHA: off}))

    assert message.recipient == ASHA


def test_a_webhook_tells_rupees_the_direction_and_who() -> None:
    transaction = _moved(to=RAVI, note="chai ☕")

    body = json.loads(_told(transaction, listeners={RAVI: [ENDPOINT]})[ENDPOINT["_id"], "webhook"].content["body"])

    assert body["type"] == "transaction.completed"
    assert body["data"] == {
        "id": str(transaction["_id"]),
        "kind": "transfer",
        "direction": "in",
        "account": str(RAVI),
        "amount": 20.5,
        "counterparties": ["Asha Rao"],
        "note": "chai ☕",
    }


def test_a_webhook_is_told_of_what_it_listens_to_alone() -> None:
    deaf = {**ENDPOINT, "events": ["request.created"]}

    assert len(_told(_moved(to=RAVI), listeners={RAVI: [deaf]})) == 2
    off = {RAVI: {"webhooks": False}}
    assert len(_told(_moved(to=RAVI), listeners={RAVI: [ENDPOINT]}, wishes=off)) == 2


@pytest.mark.parametrize("kind", ["message.sent", "message.deleted", "messages.read"])
def test_nobody_gets_an_email_of_a_message(kind: str) -> None:
    assert compose(outbox.event(kind, message=ObjectId(), sender=ASHA, recipient=RAVI), _facts()) == []


def test_an_unknown_kind_is_a_look_up_error() -> None:
    with pytest.raises(LookupError):
        compose(outbox.event("weather.changed"), _facts())


def test_every_kind_of_event_has_its_messages() -> None:
    emitted = {kind for module in MODULES for kind in re.findall(r'outbox\.event\(\s*"([a-z_.]+)"', module.read_text())}

    assert {"user.registered", "request.created"} <= emitted
    assert emitted <= messages._COMPOSERS.keys()
