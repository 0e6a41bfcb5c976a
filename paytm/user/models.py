"""Who signs in: users, their sessions, and how often signing in failed."""

from mongoengine import DateTimeField, Document, IntField, ListField, ObjectIdField, StringField

from paytm import db

ACTIVE, DISABLED = "active", "disabled"


class User(Document):
    """A person. ``searchName`` and ``grams`` are derived from the names, for the directory."""

    username = StringField(required=True, max_length=254)
    passwordHash = StringField(required=True)
    firstName = StringField(required=True, max_length=50)
    lastName = StringField(required=True, max_length=50)
    status = StringField(required=True, choices=(ACTIVE, DISABLED), default=ACTIVE)
    roles = ListField(StringField())
    picture = ObjectIdField()
    searchName = StringField(required=True)
    grams = ListField(StringField())
    createdAt = DateTimeField(required=True)
    signIns = IntField(required=True, default=0)
    lastSignInAt = DateTimeField()

    meta = {
        "collection": "users",
        "auto_create_index": False,
        "indexes": [{"fields": ["username"], "unique": True}, {"fields": ["grams", "id"]}],
    }


class Session(Document):
    """A sign-in. Its tokens work while the session stands here; to revoke it is to delete it.

    ``device`` and ``address`` are what signed in. ``generation``, of a session that can be renewed, counts how often it
    was (:mod:`paytm.user.renewal`), and ``renewedAt`` is the last time.
    """

    userId = ObjectIdField(required=True)
    createdAt = DateTimeField(required=True)
    expiresAt = DateTimeField(required=True)
    lastSeenAt = DateTimeField()
    device = StringField()
    address = StringField()
    generation = IntField(min_value=0)
    renewedAt = DateTimeField()

    meta = {
        "collection": "sessions",
        "auto_create_index": False,
        "indexes": [{"fields": ["userId"]}, {"fields": ["expiresAt"], "expireAfterSeconds": 0}],
    }


class SignInFailures(Document):
    """How many sign-ins failed within a window, for one account, source, or pair of both."""

    id = StringField(primary_key=True)
    count = IntField(required=True)
    expiresAt = DateTimeField(required=True)

    meta = {
        "collection": "sign_in_failures",
        "auto_create_index": False,
        "indexes": [{"fields": ["expiresAt"], "expireAfterSeconds": 0}],
    }


COLLECTIONS = (
    db.Collection(
        "users",
        schema={
            "bsonType": "object",
            "required": ["username", "passwordHash", "firstName", "lastName", "status"],
            "properties": {
                "username": {"bsonType": "string"},
                "passwordHash": {"bsonType": "string", "pattern": r"^\$argon2id\$"},
                "status": {"enum": [ACTIVE, DISABLED]},
                "picture": {"bsonType": ["objectId", "null"]},
            },
        },
        document=User,
    ),
    db.Collection(
        "sessions",
        schema={"bsonType": "object", "required": ["userId", "createdAt", "expiresAt"]},
        document=Session,
    ),
    db.Collection(
        "sign_in_failures",
        schema={"bsonType": "object", "required": ["count", "expiresAt"]},
        document=SignInFailures,
    ),
)
