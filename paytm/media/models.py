"""Whose a picture is, who may see it, and where its bytes are."""

from mongoengine import DateTimeField, Document, ListField, ObjectIdField, StringField
from pymongo import ASCENDING, IndexModel

from paytm import db

GRIDFS, CLOUDINARY = "gridfs", "cloudinary"
# Of the bytes in GridFS.
BUCKET = "media"


class StoredPicture(Document):
    """A picture that is stored, or about to be.

    ``readers`` are those who may see it, everybody if there are none. ``location`` is where it is fetched from, if that
    is not here. ``dueAt``, of one that nothing refers to, is when it goes.
    """

    owner = ObjectIdField(required=True)
    readers = ListField(ObjectIdField())
    purpose = StringField(required=True)
    kind = StringField(required=True)
    store = StringField(required=True, choices=(GRIDFS, CLOUDINARY))
    location = StringField()
    createdAt = DateTimeField(required=True)
    dueAt = DateTimeField()

    meta = {
        "collection": "pictures",
        "auto_create_index": False,
        "indexes": [{"name": "due", "fields": ["dueAt"], "sparse": True}],
    }


COLLECTIONS = (
    db.Collection(
        "pictures",
        schema={
            "bsonType": "object",
            "required": ["owner", "readers", "purpose", "kind", "store", "createdAt"],
            "properties": {
                "owner": {"bsonType": "objectId"},
                "readers": {"bsonType": "array", "items": {"bsonType": "objectId"}},
                "store": {"enum": [GRIDFS, CLOUDINARY]},
            },
        },
        document=StoredPicture,
    ),
    # As GridFS has them, which would make them at the first upload.
    db.Collection(
        f"{BUCKET}.files",
        schema={"bsonType": "object", "required": ["length", "chunkSize", "uploadDate"]},
        indexes=(IndexModel([("filename", ASCENDING), ("uploadDate", ASCENDING)]),),
    ),
    db.Collection(
        f"{BUCKET}.chunks",
        schema={"bsonType": "object", "required": ["files_id", "n", "data"]},
        indexes=(IndexModel([("files_id", ASCENDING), ("n", ASCENDING)], unique=True),),
    ),
)
