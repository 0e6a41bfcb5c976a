"""What processes tell each other of sockets: who is online where, and what passes by."""

from pymongo import ASCENDING, IndexModel

from paytm import db

_SIGNALS_KEPT_SECONDS = 60

# By user id; ``online`` is whether there are ``connections``.
PRESENCE = db.Collection(
    "presence",
    schema={
        "bsonType": "object",
        "required": ["connections", "online"],
        "properties": {"connections": {"bsonType": "array"}, "online": {"bsonType": "bool"}},
    },
    indexes=(
        IndexModel([("connections.process", ASCENDING)], name="process"),
        IndexModel([("online", ASCENDING)], name="online", partialFilterExpression={"online": True}),
    ),
)

# When a process that has sockets was last heard of.
PROCESSES = db.Collection("presence_processes", schema={"bsonType": "object", "required": ["at"]})

# What is only worth something now: somebody types, a connection has to go.
SIGNALS = db.Collection(
    "signals",
    schema={"bsonType": "object", "required": ["kind", "createdAt"]},
    indexes=(IndexModel([("createdAt", ASCENDING)], name="forgotten", expireAfterSeconds=_SIGNALS_KEPT_SECONDS),),
)

COLLECTIONS = (PRESENCE, PROCESSES, SIGNALS)
