"""What is kept of telling: deliveries, merchants' endpoints, and what users want to hear of."""

from pymongo import ASCENDING, IndexModel

from paytm import db
from paytm.notify import outbox

EMAIL, WEBHOOK, CARD = CHANNELS = ("email", "webhook", "card")
DUE, SENT, DEAD = STATES = ("due", "sent", "dead")
# What operators call an event that was set aside, from which no delivery could be made.
UNCLEAR = "unclear"

_SENT_KEPT_SECONDS = 30 * 24 * 60 * 60

# A delivery tells one recipient (a user by e-mail, an endpoint by webhook, Stripe of a refund to a card) of one event.
# ``dueAt`` is when it may be claimed: a claim moves it to the end of its lease, so a delivery whose worker died is due
# again by itself.
DELIVERIES = db.Collection(
    "deliveries",
    schema={
        "bsonType": "object",
        "required": ["event", "kind", "channel", "recipient", "content", "state", "dueAt", "attempts", "createdAt"],
        "properties": {
            "channel": {"enum": list(CHANNELS)},
            "state": {"enum": list(STATES)},
            "attempts": {"bsonType": ["int", "long"], "minimum": 0},
        },
    },
    indexes=(
        IndexModel([("channel", ASCENDING), ("state", ASCENDING), ("dueAt", ASCENDING)], name="due"),
        # Ids begin with that of the event, so this is a recipient's history too.
        IndexModel([("recipient", ASCENDING), ("_id", ASCENDING)], name="recipient"),
        IndexModel([("sentAt", ASCENDING)], name="forgotten", expireAfterSeconds=_SENT_KEPT_SECONDS),
    ),
)

# ``slot`` numbers a merchant's endpoints, so that the unique index bounds how many there are.
ENDPOINTS = db.Collection(
    "webhook_endpoints",
    schema={
        "bsonType": "object",
        "required": ["merchant", "slot", "url", "secret", "events", "createdAt"],
        "properties": {"url": {"bsonType": "string"}, "secret": {"bsonType": "string"}},
    },
    indexes=(IndexModel([("merchant", ASCENDING), ("slot", ASCENDING)], name="merchant_slot", unique=True),),
)

# By user id; what is not there is wanted.
PREFERENCES = db.Collection("notification_preferences", schema={"bsonType": "object"})

COLLECTIONS = (*outbox.COLLECTIONS, DELIVERIES, ENDPOINTS, PREFERENCES)
