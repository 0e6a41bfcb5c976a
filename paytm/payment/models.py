"""What is kept of payments: for orders and of money that people add, and what Stripe tells of those by card."""

from pymongo import ASCENDING, IndexModel

from paytm import db
from paytm.payment.terms import KINDS, METHODS, STATUSES

# A payment is pending until it comes to one of the other ends, once. ``method`` is missing while a buyer who pays later
# has not chosen. ``amount`` is in paise. What there is of it at Stripe is in ``card``, see checkout.py.
PAYMENTS = db.Collection(
    "payments",
    schema={
        "bsonType": "object",
        "required": ["kind", "user", "amount", "status", "createdAt", "expiresAt"],
        "properties": {
            "kind": {"enum": list(KINDS)},
            "method": {"enum": list(METHODS)},
            "status": {"enum": list(STATUSES)},
            "amount": {"bsonType": "long", "minimum": 1},
        },
    },
    indexes=(
        IndexModel(
            [("user", ASCENDING), ("key", ASCENDING)],
            name="user_key",
            unique=True,
            partialFilterExpression={"key": {"$exists": True}},
        ),
        IndexModel("card.dueAt", name="card_due", partialFilterExpression={"card.dueAt": {"$exists": True}}),
        IndexModel("card.intents", name="card_intents", partialFilterExpression={"card.intents": {"$exists": True}}),
        IndexModel("card.session", name="card_session", partialFilterExpression={"card.session": {"$exists": True}}),
    ),
)

# An event of Stripe's, by its id. A failed one had an effect that could not be had yet, a waiting one is of a payment
# that is not known yet; both are tried again when ``dueAt`` comes. A dead one is for an operator.
DONE, IGNORED, FAILED, WAITING, DEAD = EVENT_STATUSES = ("done", "ignored", "failed", "waiting", "dead")
INBOX = db.Collection(
    "webhook_inbox",
    schema={
        "bsonType": "object",
        "required": ["type", "status", "receivedAt", "attempts"],
        "properties": {"status": {"enum": list(EVENT_STATUSES)}},
    },
    indexes=(
        IndexModel("dueAt", name="due", partialFilterExpression={"dueAt": {"$exists": True}}),
        IndexModel([("status", ASCENDING), ("_id", ASCENDING)], name="status"),
    ),
)

# Money that arrived by card, by the id of the intent that it was paid with: it paid something, or it goes back.
SETTLED, RETURNED = RECEIPT_STATUSES = ("settled", "returned")
RECEIPTS = db.Collection(
    "receipts",
    schema={
        "bsonType": "object",
        "required": ["payment", "amount", "currency", "status", "createdAt"],
        "properties": {"amount": {"bsonType": "long", "minimum": 1}, "status": {"enum": list(RECEIPT_STATUSES)}},
    },
    indexes=(
        IndexModel([("createdAt", ASCENDING)], name="time"),
        IndexModel("status", name="returned", partialFilterExpression={"status": RETURNED}),
    ),
)

# Money that goes back to a card: due until Stripe has made it.
REFUND_DUE, REFUND_MADE = REFUND_STATUSES = ("due", "made")
CARD_REFUNDS = db.Collection(
    "card_refunds",
    schema={
        "bsonType": "object",
        "required": ["payment", "intent", "amount", "reason", "status", "attempt", "createdAt"],
        "properties": {"amount": {"bsonType": "long", "minimum": 1}, "status": {"enum": list(REFUND_STATUSES)}},
    },
    indexes=(
        IndexModel("payment", name="payment"),
        IndexModel("intent", name="intent"),
        IndexModel([("status", ASCENDING), ("_id", ASCENDING)], name="status"),
    ),
)

COLLECTIONS = (PAYMENTS, INBOX, RECEIPTS, CARD_REFUNDS)
