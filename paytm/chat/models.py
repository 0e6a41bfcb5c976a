"""What is kept of conversations."""

from pymongo import ASCENDING, DESCENDING, IndexModel

from paytm import db

_PEOPLE = ("sender", "recipient")

# ``pair`` are the ids of the two people, in order. No two of a pair have the same ``createdAt``: it tells which was
# committed first. ``imageDigest`` is of the picture as it came, which a repetition brings again. A deleted message has
# ``deletedAt`` in place of its ``text``, ``image`` and ``imageDigest``.
MESSAGES = db.Collection(
    "messages",
    schema={
        "bsonType": "object",
        "required": ["pair", "sender", "recipient", "createdAt"],
        "properties": {
            "text": {"bsonType": "string"},
            "image": {"bsonType": "objectId"},
            "imageDigest": {"bsonType": "string"},
            "clientId": {"bsonType": "string"},
        },
    },
    indexes=(
        IndexModel([("pair", ASCENDING), ("createdAt", DESCENDING), ("_id", DESCENDING)], name="pair_newest"),
        # For what somebody missed: of deletions, of those alone.
        *(IndexModel([(person, ASCENDING), ("createdAt", ASCENDING)], name=f"{person}_sent") for person in _PEOPLE),
        *(
            IndexModel(
                [(person, ASCENDING), ("deletedAt", ASCENDING)],
                name=f"{person}_deleted",
                partialFilterExpression={"deletedAt": {"$exists": True}},
            )
            for person in _PEOPLE
        ),
        IndexModel(
            [("sender", ASCENDING), ("clientId", ASCENDING)],
            name="sender_client_id",
            unique=True,
            partialFilterExpression={"clientId": {"$exists": True}},
        ),
    ),
)

# How a conversation stands for one of the two, its owner; the rows of both change with each message. What came up to
# ``readUpTo`` is read, ``unread`` is how many came since, ``received`` is the last that came, and ``lastAt`` is when
# ``lastMessage`` was created, whoever wrote it. ``markedAt`` is when the owner last marked something as read: up to the
# message ``markedUpTo``, ``markedCount`` of them.
CONVERSATIONS = db.Collection(
    "conversations",
    schema={
        "bsonType": "object",
        "required": ["pair", "owner", "other", "lastMessage", "lastAt", "unread"],
        "properties": {"unread": {"bsonType": "long", "minimum": 0}},
    },
    indexes=(
        IndexModel([("owner", ASCENDING), ("lastAt", DESCENDING), ("other", DESCENDING)], name="owner_newest"),
        IndexModel([("pair", ASCENDING)], name="pair"),
        IndexModel(
            [("other", ASCENDING), ("markedAt", ASCENDING)],
            name="other_marked",
            partialFilterExpression={"markedAt": {"$exists": True}},
        ),
    ),
)

# Who wants to hear nothing of whom.
BLOCKS = db.Collection(
    "blocks",
    schema={"bsonType": "object", "required": ["owner", "other", "createdAt"]},
    indexes=(
        IndexModel([("owner", ASCENDING), ("createdAt", DESCENDING), ("other", DESCENDING)], name="owner_newest"),
        IndexModel([("other", ASCENDING)], name="other"),
    ),
)

COLLECTIONS = (MESSAGES, CONVERSATIONS, BLOCKS)
