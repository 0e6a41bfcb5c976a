"""Writing the book: adding records, changing, deleting and restoring them. Each moves the book's version."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db, encryption
from paytm.cashbook import rows, settlement, versions
from paytm.cashbook.once import Once
from paytm.cashbook.rows import Content
from paytm.errors import Conflict, InvalidInput, NotFound
from paytm.etags import Condition

Document = Mapping[str, Any]

_POLL_SECONDS = 60.0
_BATCH = 500


def create(owner: ObjectId, content: Content, *, key: str | None) -> tuple[Document, bool]:
    """Add a record, once for each key.

    :param key: the idempotency key; without one, a repetition adds another.
    :returns: the record, and whether an earlier request added it.
    :raises Conflict: an earlier request did, and it was deleted since.
    :raises CashBookFull: there are too many.
    :raises IdempotencyKeyReused: the key was for something else.
    """
    keyring = encryption.keyring()
    record = rows.new(owner, content, at=clock.now(), keyring=keyring)
    once = Once(owner, key, ("create", *sorted(content.items())), keyring)

    def body(session: ClientSession) -> tuple[Document, bool]:
        earlier = once.earlier(session=session)
        if earlier is not None:
            # A commit that landed and was answered otherwise is repeated, and then meets its own record.
            is_replay = earlier["record"] != record["_id"]
            return _still_there(owner, earlier["record"], session=session), is_replay
        versions.move(owner, records=1, session=session)
        db.database()["cashbook"].insert_one(record, session=session)
        once.keep(record=record["_id"], session=session)
        return record, False

    return versions.write(owner, body)


def replace(owner: ObjectId, record_id: ObjectId, content: Content, *, condition: Condition) -> Document:
    """Give a record another content; see :func:`_change`."""
    return _change(owner, record_id, lambda _: content, condition)


def change(owner: ObjectId, record_id: ObjectId, changes: Content, *, condition: Condition) -> Document:
    """Change a part of a record's content; see :func:`_change`.

    :raises InvalidInput: nothing is given.
    :raises RecordUnreadable: the rest does not decrypt.
    """
    if not changes:
        raise InvalidInput(errors={"record": ["Name something to change."]})
    keyring = encryption.keyring()
    return _change(owner, record_id, lambda record: {**rows.content(record, keyring), **changes}, condition)


def delete(owner: ObjectId, record_id: ObjectId, *, condition: Condition) -> None:
    """Delete a record, which can be restored for a while.

    :raises NotFound: there is none.
    :raises PreconditionFailed: it was changed since it was read.
    """
    now = clock.now()

    def body(session: ClientSession) -> None:
        record = db.database()["cashbook"].find_one({"_id": record_id, "owner": owner}, session=session)
        if record is None or record.get("deletedAt", now) != now:
            raise NotFound
        if "deletedAt" in record:
            return  # This very request did it: its commit landed, and was answered otherwise.
        condition.check(record["version"])
        versions.move(owner, records=-1, session=session)
        rows.replace({**record, "deletedAt": now}, at=now, session=session)

    versions.write(owner, body)


def restore(owner: ObjectId, record_id: ObjectId) -> Document:
    """Restore a record that was deleted a while ago at most; one that is there stays as it is.

    :raises NotFound: there is none, or it is gone for good.
    :raises CashBookFull: there are too many beside it.
    """
    now = clock.now()
    since = now - timedelta(seconds=current_app.config["CASHBOOK_UNDO"])

    def body(session: ClientSession) -> Document:
        record = db.database()["cashbook"].find_one({"_id": record_id, "owner": owner}, session=session)
        if record is None or record.get("deletedAt", now) < since:
            raise NotFound
        if record.pop("deletedAt", None) is None:
            return record
        versions.move(owner, records=1, session=session)
        return rows.replace(record, at=now, session=session)

    return versions.write(owner, body)


def sweep(config: Mapping[str, Any]) -> Callable[[], float]:
    """Return what the worker repeats: it removes deleted records for good, and returns the seconds to rest."""
    lifetime = timedelta(seconds=config["CASHBOOK_UNDO"])
    return lambda: 0.0 if remove_due(lifetime) == _BATCH else _POLL_SECONDS


def remove_due(lifetime: timedelta) -> int:
    """Remove some of the records whose time to be restored is over, and return how many."""
    records = db.database()["cashbook"]
    due = {"deletedAt": {"$lt": clock.now() - lifetime}}
    ids = [record["_id"] for record in records.find(due, {"_id": 1}).limit(_BATCH)]
    # The condition again, because one may be restored meanwhile.
    return records.delete_many({"_id": {"$in": ids}, **due}).deleted_count if ids else 0


def _change(
    owner: ObjectId, record_id: ObjectId, content: Callable[[Document], Content], condition: Condition
) -> Document:
    """Change a record, unless somebody changed it since it was read.

    :param content: returns the new content of the record that it gets.
    :raises NotFound: there is none.
    :raises PreconditionFailed: it was changed since it was read.
    :raises Conflict: it is settled.
    """
    keyring, now = encryption.keyring(), clock.now()
    written: list[Document] = []

    def body(session: ClientSession) -> Document:
        record = rows.found(owner, record_id, session=session)
        if record in written:
            return record  # The commit landed, and was answered otherwise: each attempt has other bytes.
        condition.check(record["version"])
        free = settlement.free(record, now, session=session)
        versions.move(owner, session=session)
        written.append(rows.replace(rows.changed(free, content(record), keyring), at=now, session=session))
        return written[-1]

    return versions.write(owner, body)


def _still_there(owner: ObjectId, record_id: ObjectId, *, session: ClientSession) -> Document:
    try:
        return rows.found(owner, record_id, session=session)
    except NotFound:
        raise Conflict(message="What this key added was deleted") from None
