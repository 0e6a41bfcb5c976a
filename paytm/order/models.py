"""What is kept of orders."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from paytm import db

PENDING, AUTHORISED, PAID, CANCELLED, EXPIRED = STATUSES = ("pending", "authorised", "paid", "cancelled", "expired")

# ``items`` are as they were when the order was made. ``shares`` says what each merchant's account gets of ``amount``:
# ``left`` was paid of it and not refunded, ``hold`` sets it aside until it is delivered, and a ``returned`` one was not
# delivered in time. An order that is pending or authorised has its stock until ``expiresAt``. ``changedAt`` is when any
# of this last changed. Amounts are in paise.
ORDERS = db.Collection(
    "orders",
    schema={
        "bsonType": "object",
        "required": ["buyer", "items", "shares", "amount", "status", "payment", "key", "createdAt", "expiresAt"],
        "properties": {
            "status": {"enum": list(STATUSES)},
            "amount": {"bsonType": "long", "minimum": 1},
            "shares": {
                "bsonType": "array",
                "minItems": 1,
                "items": {
                    "bsonType": "object",
                    "required": ["account", "amount", "left", "refunded"],
                    "properties": {
                        "amount": {"bsonType": "long", "minimum": 1},
                        "left": {"bsonType": "long", "minimum": 0},
                        "refunded": {"bsonType": "long", "minimum": 0},
                    },
                },
            },
        },
    },
    indexes=(
        IndexModel([("buyer", ASCENDING), ("key", ASCENDING)], name="buyer_key", unique=True),
        IndexModel([("buyer", ASCENDING), ("_id", DESCENDING)], name="buyer_newest"),
        IndexModel([("shares.merchant", ASCENDING), ("_id", DESCENDING)], name="merchant_newest"),
        IndexModel([("status", ASCENDING), ("expiresAt", ASCENDING)], name="due"),
        # For what somebody missed.
        IndexModel([("buyer", ASCENDING), ("changedAt", ASCENDING)], name="buyer_changed"),
        IndexModel([("shares.merchant", ASCENDING), ("changedAt", ASCENDING)], name="merchant_changed"),
    ),
)

COLLECTIONS = (ORDERS,)
