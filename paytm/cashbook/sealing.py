"""What of a record is confidential: encrypted for that one record, and found by its owner alone."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from bson import ObjectId

from paytm import grams
from paytm.encryption import Keyring, Undecipherable, place
from paytm.errors import RecordUnreadable

Document = Mapping[str, Any]

log = structlog.get_logger()

_NAME, _NOTE = FIELDS = ("fullName", "note")


def sealed(record_id: ObjectId, owner: ObjectId, *, name: str, note: str | None, keyring: Keyring) -> dict[str, bytes]:
    """Return the confidential fields of a record as they are stored."""
    fields = {
        _NAME: keyring.encrypt(name, _place(_NAME, owner, record_id)),
        "nameIndex": keyring.index(grams.fold(name), place("cashbook", _NAME, owner)),
    }
    return fields if note is None else fields | {_NOTE: keyring.encrypt(note, _place(_NOTE, owner, record_id))}


def indexes(owner: ObjectId, name: str, keyring: Keyring) -> list[bytes]:
    """Return what finds the records of a name, under whichever key they were written; the first is the newest one's."""
    return keyring.indexes(grams.fold(name), place("cashbook", _NAME, owner))


def opened(record: Document, owner: ObjectId, keyring: Keyring, fields: Iterable[str] = FIELDS) -> dict[str, Any]:
    """Return a record with its confidential fields as they are read.

    :param fields: which of them.
    :raises RecordUnreadable: one does not decrypt: it is not what was written there.
    """
    texts = {}
    for field in fields:
        try:
            if field in record:
                texts[field] = keyring.decrypt(record[field], _place(field, owner, record["_id"]))
        except Undecipherable as error:
            log.error("record_unreadable", record=str(record["_id"]), field=field, reason=str(error))
            raise RecordUnreadable from error
    return {**record, **texts}


def opened_or_marked(record: Document, owner: ObjectId, keyring: Keyring) -> dict[str, Any]:
    """Return a record as :func:`opened` does; one that is unreadable without these fields, and marked."""
    try:
        return opened(record, owner, keyring)
    except RecordUnreadable:
        return {**record, **dict.fromkeys(FIELDS), "unreadable": True}


def renewed(record: Document, keyring: Keyring) -> dict[str, bytes]:
    """Return the confidential fields of a record as the newest key encrypts them; none where it has done so.

    :raises RecordUnreadable: one does not decrypt.
    """
    if all(keyring.is_current(record[field]) for field in FIELDS if field in record):
        return {}
    texts = opened(record, record["owner"], keyring)
    return sealed(record["_id"], record["owner"], name=texts[_NAME], note=texts.get(_NOTE), keyring=keyring)


def _place(field: str, owner: ObjectId, record_id: ObjectId) -> bytes:
    return place("cashbook", field, owner, record_id)
