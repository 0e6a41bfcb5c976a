"""Records as they are stored: made, found and replaced."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import db
from paytm.cashbook import sealing
from paytm.encryption import Keyring
from paytm.errors import NotFound

Document = Mapping[str, Any]

# What is written of a record: ``name``, ``date`` (a date), ``amount`` (paise), ``type``, and ``note`` (or None).
Content = Mapping[str, Any]


def new(owner: ObjectId, content: Content, *, at: datetime, keyring: Keyring) -> dict[str, Any]:
    """Return a record that is not written yet."""
    record_id = ObjectId()
    dates = {"createdAt": at, "updatedAt": at}
    return {
        "_id": record_id,
        "owner": owner,
        **_stored(record_id, owner, content, keyring),
        "version": Int64(1),
        **dates,
    }


def changed(record: Document, content: Content, keyring: Keyring) -> dict[str, Any]:
    """Return a record with another content, wholly encrypted anew."""
    kept = {name: value for name, value in record.items() if name != "note"}
    return kept | _stored(record["_id"], record["owner"], content, keyring)


def content(record: Document, keyring: Keyring) -> dict[str, Any]:
    """Return the content of a record.

    :raises RecordUnreadable: it does not decrypt.
    """
    opened = sealing.opened(record, record["owner"], keyring)
    return {"name": opened["fullName"], "note": opened.get("note")} | {n: record[n] for n in ("date", "amount", "type")}


def found(owner: ObjectId, record_id: ObjectId, *, session: ClientSession | None = None) -> dict[str, Any]:
    """Return a record of somebody's that was not deleted.

    :raises NotFound: there is none, or it is somebody else's.
    """
    wanted = {"_id": record_id, "owner": owner, "deletedAt": None}
    record = db.database()["cashbook"].find_one(wanted, session=session)
    if record is None:
        raise NotFound
    return record


def replace(record: Document, *, at: datetime, session: ClientSession) -> dict[str, Any]:
    """Write a changed record, in its next version, inside the transaction that read it; return it as it is then."""
    written = {**record, "version": Int64(record["version"] + 1), "updatedAt": at}
    db.database()["cashbook"].replace_one({"_id": record["_id"]}, written, session=session)
    return written


def _stored(record_id: ObjectId, owner: ObjectId, content: Content, keyring: Keyring) -> dict[str, Any]:
    confidential = sealing.sealed(record_id, owner, name=content["name"], note=content["note"], keyring=keyring)
    plain = {"date": str(content["date"]), "amount": Int64(content["amount"]), "type": content["type"]}
    return {**confidential, **plain}
