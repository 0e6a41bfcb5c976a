"""What is kept so that reports need not read every entry."""

from pymongo import ASCENDING, IndexModel

from paytm import db

# What a run of ``size`` entries of an account sums up to; ``number`` counts the runs from 0 on. ``times`` are quarters
# of an hour, ``people`` are accounts, ``biggest`` are entries, and ``own`` is what moved between accounts of one's own;
# amounts in paise. It is derived: it can be deleted at any time, and is made again where it is missing.
SUMMARIES = db.Collection(
    "summaries",
    schema={
        "bsonType": "object",
        "required": ["account", "size", "number", "times", "kinds", "people", "biggest", "own"],
        "properties": {
            "size": {"bsonType": "long", "minimum": 1},
            "number": {"bsonType": "long", "minimum": 0},
            "own": {"bsonType": "long", "minimum": 0},
        },
    },
    indexes=(
        IndexModel(
            [("account", ASCENDING), ("size", ASCENDING), ("number", ASCENDING)], name="account_run", unique=True
        ),
    ),
)

COLLECTIONS = (SUMMARIES,)
