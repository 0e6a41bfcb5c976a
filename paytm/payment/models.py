"""What is kept of payments for orders and of money that people add."""

from pymongo import ASCENDING, IndexModel

from paytm import db

ORDER, TOPUP = KINDS = ("order", "topup")
WALLET, CARD, HOLD = METHODS = ("wallet", "card", "hold")
PENDING, SUCCEEDED, CANCELLED, EXPIRED = STATUSES = ("pending", "succeeded", "cancelled", "expired")

# A payment is pending until it comes to one of the other ends, once. ``method`` is missing while a buyer who pays later
# has not chosen. ``amount`` is in paise.
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
    ),
)

COLLECTIONS = (PAYMENTS,)
