"""What is kept so that reports need not read every entry."""

from pymongo import ASCENDING, IndexModel

from paytm import db

# What a full run of an account's entries sums up to: ``times`` by quarters of an hour, ``kinds``, ``people`` by their
# accounts, the ``biggest`` entries, and what was moved between accounts of one's ``own``; amounts in paise. It is all
# derived from the entries: it can be deleted at any time, and is made again when it is missing.
SUMMARIES = db.Collection(
    "summaries",
    schema={
        "bsonType": "object",
        "required": ["account", "number", "times", "kinds", "people", "biggest", "own"],
        "properties": {"number": {"bsonType": "long", "minimum": 0}, "own": {"bsonType": "long", "minimum": 0}},
    },
    indexes=(IndexModel([("account", ASCENDING), ("number", ASCENDING)], name="account_number", unique=True),),
)

COLLECTIONS = (SUMMARIES,)
