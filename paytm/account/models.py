"""Accounts, as the ledger keeps them."""

from mongoengine import DateTimeField, DictField, Document, LongField, ObjectIdField, StringField

from paytm import db


class Account(Document):
    """Somebody's money. A user's primary account has the user's own id, so that nothing needs looking up.

    ``balance`` is in paise, and ``held`` is what of it is set aside (:mod:`paytm.ledger.holds`); ``seq`` counts the
    account's ledger entries. ``revocations``, of a primary account, counts how often sessions of its user were revoked.
    ``usage`` is what it paid out today and this month, ``limits`` are its own in place of the usual ones
    (:mod:`paytm.ledger.limits`), and ``movedAt`` is the time of its last entry. ``openings``, of a primary account,
    counts the accounts that its user opened beside it.
    """

    userId = ObjectIdField(required=True)
    openings = LongField(min_value=0)
    name = StringField(required=True, max_length=50)
    kind = StringField(required=True, choices=("wallet", "merchant"), default="wallet")
    status = StringField(required=True, choices=("active", "frozen", "closed"), default="active")
    currency = StringField(required=True, default="INR")
    balance = LongField(required=True, min_value=0)
    held = LongField(min_value=0)
    seq = LongField(required=True, min_value=0)
    revocations = LongField(min_value=0)
    usage = DictField()
    limits = DictField()
    movedAt = DateTimeField()

    meta = {"collection": "accounts", "auto_create_index": False, "indexes": ["userId"]}


COLLECTIONS = (
    db.Collection(
        "accounts",
        schema={
            "bsonType": "object",
            "required": ["userId", "kind", "status", "currency", "balance", "seq"],
            "properties": {
                "kind": {"enum": ["wallet", "merchant"]},
                "status": {"enum": ["active", "frozen", "closed"]},
                "balance": {"bsonType": "long", "minimum": 0},
                "held": {"bsonType": "long", "minimum": 0},
                "seq": {"bsonType": "long", "minimum": 0},
            },
        },
        document=Account,
    ),
)
