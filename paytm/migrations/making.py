"""Making collections, validators and indexes, as they are declared; what is so already is not touched."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import bson
import pymongo
from pymongo.errors import OperationFailure

from paytm import db
from paytm.db import Collection

_NAMESPACE_EXISTS = 48
_LONGEST_SECONDS = 24 * 60 * 60.0


def make_collections(collections: Iterable[Collection]) -> None:
    """Make the collections that are missing."""
    existing = set(db.database().list_collection_names())
    for collection in collections:
        if collection.name not in existing:
            _create(collection)


def apply_validators(collections: Iterable[Collection]) -> None:
    """Have collections enforce the schemas that are declared, where they enforce anything else."""
    enforced = {found["name"]: found["options"].get("validator") for found in db.database().list_collections()}
    for collection in collections:
        validator = _validator(collection)
        if enforced[collection.name] != validator:
            # It waits for the transactions under way, and what comes later waits for it.
            db.database().command("collMod", collection.name, validator=validator)


def make_indexes(collections: Iterable[Collection]) -> None:
    """Make the indexes that are missing.

    :raises OperationFailure: there is another one by the same name, which a migration has to drop first.
    """
    for collection in collections:
        indexes = collection.declared_indexes
        if indexes:
            with unhurried():
                db.database()[collection.name].create_indexes(indexes)


@contextmanager
def unhurried() -> Iterator[None]:
    """Give the block's operation the time that it takes; the client's own limit is for requests."""
    # Without a server it would wait as long for one.
    db.database().command("ping")
    with pymongo.timeout(_LONGEST_SECONDS):
        yield


def _create(collection: Collection) -> None:
    try:
        db.database().create_collection(collection.name, validator=_validator(collection), check_exists=False)
    except OperationFailure as error:
        # Somebody else, who makes them too, was quicker.
        if error.code != _NAMESPACE_EXISTS:
            raise


def _validator(collection: Collection) -> dict[str, Any]:
    # As the database tells it again.
    validator: dict[str, Any] = bson.decode(bson.encode({"$jsonSchema": collection.schema}))
    return validator
