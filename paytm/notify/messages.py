"""Who is told what of an event: pure, from facts that are gathered for many events at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bson import ObjectId
from bson.int64 import Int64

from paytm import db
from paytm.account import counterparties
from paytm.ledger.posting import BANK_ACCOUNTS, CARD_ACCOUNT
from paytm.money import to_rupees
from paytm.notify import endpoints, preferences
from paytm.notify.deliveries import Message
from paytm.notify.models import CARD, EMAIL, WEBHOOK
from paytm.notify.outbox import Event
from paytm.user import directory

BANK = "Paytm wallet"

Document = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the messages of some events are made from.

    :param owners: users by account.
    :param names: display names by user.
    :param wishes: the preferences of users who have any.
    :param listeners: merchants' endpoints by user.
    """

    transactions: Mapping[ObjectId, Document]
    owners: Mapping[ObjectId, ObjectId]
    names: Mapping[ObjectId, str]
    wishes: Mapping[ObjectId, Mapping[str, bool]]
    listeners: Mapping[ObjectId, Sequence[Document]]


class Part(NamedTuple):
    """One user's part in a movement of money.

    :param amount: paise.
    :param others: the names of those on the other side.
    """

    user: ObjectId
    account: ObjectId
    incoming: bool
    amount: int
    others: list[str]
    note: str | None


def gather(events: Iterable[Event]) -> Facts:
    """Read what the messages of events are made from."""
    events = list(events)
    ids = [event["transaction"] for event in events if event["kind"] == "transaction.completed"]
    transactions = {doc["_id"]: doc for doc in db.database()["transactions"].find({"_id": {"$in": ids}})}
    accounts = {account for transaction in transactions.values() for account in _accounts(transaction)}
    found = db.database()["accounts"].find({"_id": {"$in": list(accounts)}}, {"userId": 1})
    owners = {account["_id"]: account["userId"] for account in found}
    users = set(owners.values()) | {event[role] for event in events for role in ("payer", "payee") if role in event}
    return Facts(
        transactions=transactions,
        owners=owners,
        names=directory.names(users),
        wishes=preferences.of(users),
        listeners=endpoints.of(users),
    )


def compose(event: Event, facts: Facts) -> list[Message]:
    """Return the messages that tell of an event.

    :raises LookupError: it is of an unknown kind, or tells of something that is not there.
    """
    return list(_COMPOSERS[event["kind"]](event, facts))


def _welcome(event: Event, facts: Facts) -> Iterator[Message]:
    yield _email(event["user"], "welcome", event)


def _signed_in(event: Event, facts: Facts) -> Iterator[Message]:
    yield _email(event["user"], "signed_in", event, address=event.get("address"), device=event.get("device"))


def _password_changed(event: Event, facts: Facts) -> Iterator[Message]:
    yield _email(event["user"], "password_changed", event)


def _requested(event: Event, facts: Facts) -> Iterator[Message]:
    payer, payee = event["payer"], facts.names[event["payee"]]
    if _wants(payer, "paymentRequests", facts):
        told = {"name": payee, "amount": event["amount"], "note": event.get("note"), "until": event.get("expiresAt")}
        yield _email(payer, "requested", event, **told)
    data = {
        "id": str(event["request"]),
        "payer": str(payer),
        "payee": {"id": str(event["payee"]), "name": payee},
        "amount": to_rupees(event["amount"]),
        "note": event.get("note"),
    }
    yield from _webhooks(payer, event, data, facts)


def _moved(event: Event, facts: Facts) -> Iterator[Message]:
    transaction = facts.transactions[event["transaction"]]
    event = {**event, "createdAt": transaction["createdAt"]}
    for part in _parts(transaction, facts):
        if _wants(part.user, "moneyReceived" if part.incoming else "moneySent", facts):
            template = "money_sent"
            if part.incoming:
                template = "refunded" if transaction["kind"] == "refund" else "money_received"
            name = part.others[0] if len(part.others) == 1 else f"{len(part.others)} people"
            told = {"name": name, "amount": Int64(part.amount), "note": part.note}
            yield _email(part.user, template, event, transaction=str(transaction["_id"]), **told)
        data = {
            "id": str(transaction["_id"]),
            "kind": transaction["kind"],
            "direction": "in" if part.incoming else "out",
            "account": str(part.account),
            "amount": to_rupees(part.amount),
            "counterparties": part.others,
            "note": part.note,
        }
        yield from _webhooks(part.user, event, data, facts)


def _refund_due(event: Event, facts: Facts) -> Iterator[Message]:
    yield Message(CARD, event["refund"], {})


def _nothing(event: Event, facts: Facts) -> Iterator[Message]:
    """Tell nobody: who is online reads it elsewhere, and nobody else wants an e-mail of it."""
    yield from ()


def _parts(transaction: Document, facts: Facts) -> Iterator[Part]:
    """Yield what a transaction means for each user in it; money that one moves between own accounts is no news."""
    payer, payer_name = _holder(transaction["from"], facts)
    payments: dict[ObjectId, Part] = {}
    paid, payees = 0, list[str]()
    for line in _lines(transaction):
        payee, name = _holder(line["to"], facts)
        if payee == payer:
            continue
        paid += line["amount"]
        if name not in payees:
            payees.append(name)
        if payee is not None:
            # Somebody who is paid several times over is told once, of the sum.
            earlier = payments.get(payee)
            note = line.get("note") or transaction.get("note")
            sum_ = line["amount"] + (earlier.amount if earlier else 0)
            payments[payee] = Part(payee, line["to"], True, sum_, [payer_name], None if earlier else note)
    if payer is not None and paid:
        yield Part(payer, transaction["from"], False, paid, payees, transaction.get("note"))
    yield from payments.values()


def _holder(account: ObjectId, facts: Facts) -> tuple[ObjectId | None, str]:
    """Return whose an account is, and the name to show; nobody's is the bank's own."""
    if account in BANK_ACCOUNTS:
        return None, counterparties.CARD if account == CARD_ACCOUNT else BANK
    user = facts.owners[account]
    return user, facts.names.get(user, BANK)


def _lines(transaction: Document) -> Sequence[Document]:
    return transaction.get("lines") or [transaction]


def _accounts(transaction: Document) -> set[ObjectId]:
    return {transaction["from"], *(line["to"] for line in _lines(transaction))} - BANK_ACCOUNTS


def _wants(user: ObjectId, what: str, facts: Facts) -> bool:
    return facts.wishes.get(user, {}).get(what, True)


def _email(user: ObjectId, template: str, event: Event, **told: Any) -> Message:
    return Message(EMAIL, user, {"template": template, "at": event["createdAt"], **told})


def _webhooks(user: ObjectId, event: Event, data: Document, facts: Facts) -> Iterator[Message]:
    """Yield a message for each endpoint of a user that listens; its body is kept as it is signed each time."""
    for endpoint in facts.listeners.get(user, ()):
        if event["kind"] in endpoint["events"] and _wants(user, "webhooks", facts):
            created = event["createdAt"].isoformat()
            body = {"id": str(event["_id"]), "type": event["kind"], "createdAt": created, "data": data}
            yield Message(WEBHOOK, endpoint["_id"], {"body": json.dumps(body, ensure_ascii=False)})


_COMPOSERS = {
    "user.registered": _welcome,
    "user.signed_in": _signed_in,
    "user.password_changed": _password_changed,
    "request.created": _requested,
    "transaction.completed": _moved,
    "card.refund_due": _refund_due,
    "message.sent": _nothing,
    "message.deleted": _nothing,
    "messages.read": _nothing,
    "order.updated": _nothing,
    "request.updated": _nothing,
}
