"""What merchants sell, and how its stock came in."""

from mongoengine import DateTimeField, Document, ListField, LongField, ObjectIdField, StringField

from paytm import db

ACTIVE, DELETED = "active", "deleted"

# The longest name, folded or not.
LONGEST_NAME = 120

# Nobody reads the pieces of a name back.
SEEN = {"grams": False}

_LISTED = {"status": ACTIVE}


class Product(Document):
    """Something that a merchant sells. It is never removed, because orders name it.

    ``account`` gets the money, ``price`` is in paise. ``stock`` counts the pieces that are left and ``sold`` those that
    are not, which together are the sum of its movements. ``searchName`` and ``grams`` are derived from the name.
    """

    merchant = ObjectIdField(required=True)
    account = ObjectIdField(required=True)
    status = StringField(required=True, choices=(ACTIVE, DELETED), default=ACTIVE)
    name = StringField(required=True, max_length=LONGEST_NAME)
    description = StringField()
    price = LongField(required=True, min_value=1)
    category = StringField()
    image = ObjectIdField()
    stock = LongField(required=True, min_value=0)
    sold = LongField(required=True, min_value=0, default=0)
    searchName = StringField(required=True, max_length=LONGEST_NAME)
    grams = ListField(StringField())
    createdAt = DateTimeField(required=True)
    updatedAt = DateTimeField(required=True)

    # Only what is sold is listed. An id at the end of each order makes it one without ties.
    meta = {
        "collection": "products",
        "auto_create_index": False,
        "indexes": [
            {"name": "newest", "fields": ["status", "id"]},
            {"name": "merchant", "fields": ["merchant", "id"], "partialFilterExpression": _LISTED},
            {"name": "category", "fields": ["category", "id"], "partialFilterExpression": _LISTED},
            {"name": "price", "fields": ["price", "id"], "partialFilterExpression": _LISTED},
            {"name": "name", "fields": ["searchName", "id"], "partialFilterExpression": _LISTED},
            {"name": "grams", "fields": ["grams", "id"], "partialFilterExpression": _LISTED},
        ],
    }


class StockMovement(Document):
    """Pieces of a product that a merchant bought in, or wrote off when negative; the first one has no key."""

    product = ObjectIdField(required=True)
    quantity = LongField(required=True)
    key = StringField()
    by = ObjectIdField(required=True)
    createdAt = DateTimeField(required=True)

    # A row without a key counts as one with null: a product has one first movement at most.
    meta = {
        "collection": "stock_movements",
        "auto_create_index": False,
        "indexes": [{"name": "product_key", "fields": ["product", "key"], "unique": True}],
    }


COLLECTIONS = (
    db.Collection(
        "products",
        schema={
            "bsonType": "object",
            "required": ["merchant", "account", "status", "name", "price", "stock", "sold", "createdAt", "updatedAt"],
            "properties": {
                "status": {"enum": [ACTIVE, DELETED]},
                "name": {"bsonType": "string", "minLength": 1},
                "price": {"bsonType": "long", "minimum": 1},
                "stock": {"bsonType": "long", "minimum": 0},
                "sold": {"bsonType": "long", "minimum": 0},
                "image": {"bsonType": ["objectId", "null"]},
            },
        },
        document=Product,
    ),
    db.Collection(
        "stock_movements",
        schema={
            "bsonType": "object",
            "required": ["product", "quantity", "by", "createdAt"],
            "properties": {"quantity": {"bsonType": "long"}, "key": {"bsonType": "string"}},
        },
        document=StockMovement,
    ),
)
