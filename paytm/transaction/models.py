"""What stands beside the journal: how much of a transaction was refunded, and who asked whom for money."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from paytm import db

PENDING, PAID, DECLINED, CANCELLED = "pending", "paid", "declined", "cancelled"

COLLECTIONS = (
    db.Collection(
        # One for each refunded transaction, under its id.
        "refunds",
        schema={
            "bsonType": "object",
            "required": ["amount"],
            "properties": {"amount": {"bsonType": "long", "minimum": 1}},
        },
    ),
    db.Collection(
        # ``changedAt`` is when one was made, paid, declined or cancelled. What its time ended is ``pending`` still.
        "payment_requests",
        schema={
            "bsonType": "object",
            "required": ["payee", "payer", "amount", "status", "createdAt", "expiresAt"],
            "properties": {
                "amount": {"bsonType": "long", "minimum": 1},
                "status": {"enum": [PENDING, PAID, DECLINED, CANCELLED]},
            },
        },
        indexes=(
            IndexModel([("payee", ASCENDING), ("_id", DESCENDING)], name="payee"),
            IndexModel([("payer", ASCENDING), ("_id", DESCENDING)], name="payer"),
            IndexModel(
                [("payee", ASCENDING), ("payer", ASCENDING), ("createdAt", DESCENDING), ("_id", DESCENDING)],
                name="between",
            ),
            # For what somebody missed.
            IndexModel([("payee", ASCENDING), ("changedAt", ASCENDING)], name="payee_changed"),
            IndexModel([("payer", ASCENDING), ("changedAt", ASCENDING)], name="payer_changed"),
        ),
    ),
)
