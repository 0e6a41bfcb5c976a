"""What is kept of cash books."""

from pymongo import ASCENDING, IndexModel

from paytm import db

CREDIT, DEBIT = TYPES = ("credit", "debit")

# What somebody is owed or owes, noted down by the one who keeps the book. ``fullName`` and ``note`` are encrypted,
# ``nameIndex`` finds the folded name. ``date`` is a day, as YYYY-MM-DD, ``amount`` is in paise. ``version`` counts the
# changes, ``deletedAt`` is when it was deleted, and ``settledBy`` says what settles it: ``{with, at}`` and either
# ``request`` or ``transaction``.
RECORDS = db.Collection(
    "cashbook",
    schema={
        "bsonType": "object",
        "required": ["owner", "fullName", "nameIndex", "date", "amount", "type", "version", "createdAt", "updatedAt"],
        "properties": {
            "fullName": {"bsonType": "binData"},
            "nameIndex": {"bsonType": "binData"},
            "note": {"bsonType": "binData"},
            "date": {"bsonType": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
            "amount": {"bsonType": "long", "minimum": 1},
            "type": {"enum": list(TYPES)},
            "version": {"bsonType": "long", "minimum": 1},
        },
    },
    indexes=(
        IndexModel([("owner", ASCENDING), ("date", ASCENDING), ("_id", ASCENDING)], name="owner_date"),
        IndexModel([("owner", ASCENDING), ("amount", ASCENDING), ("_id", ASCENDING)], name="owner_amount"),
        IndexModel(
            [("owner", ASCENDING), ("nameIndex", ASCENDING), ("date", ASCENDING), ("_id", ASCENDING)],
            name="owner_name",
        ),
        IndexModel(
            [("owner", ASCENDING), ("settledBy.request", ASCENDING)],
            name="owner_request",
            partialFilterExpression={"settledBy.request": {"$exists": True}},
        ),
        IndexModel("deletedAt", name="deleted", partialFilterExpression={"deletedAt": {"$exists": True}}),
    ),
)

# How a whole book stands, under its owner's id: ``version`` counts the writes, ``records`` are those not deleted.
VERSIONS = db.Collection(
    "cashbook_versions",
    schema={
        "bsonType": "object",
        "required": ["version", "records"],
        "properties": {
            "version": {"bsonType": "long", "minimum": 1},
            "records": {"bsonType": "long", "minimum": 0},
        },
    },
)

# The idempotency keys of an owner: what each was used for, as an encrypted ``fingerprint`` that does not give the names
# away either, and the ``record`` that came of it, where one did.
KEYS = db.Collection(
    "cashbook_keys",
    schema={
        "bsonType": "object",
        "required": ["owner", "key", "fingerprint", "createdAt"],
        "properties": {"key": {"bsonType": "string"}, "fingerprint": {"bsonType": "binData"}},
    },
    indexes=(IndexModel([("owner", ASCENDING), ("key", ASCENDING)], name="owner_key", unique=True),),
)

COLLECTIONS = (RECORDS, VERSIONS, KEYS)
