"""Taking tables into the book: all of their lines or those that are sound, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

from bson import ObjectId
from flask import current_app, request
from pymongo.client_session import ClientSession

from paytm import clock, db, encryption
from paytm.api import FORM, read_body
from paytm.cashbook import rows, sheet, versions
from paytm.cashbook.once import Once
from paytm.cashbook.schemas import ALL_OR_NOTHING
from paytm.encryption import Keyring
from paytm.errors import ImportRefused, InvalidInput, UnsupportedBody

# A table of so many lines, with long notes.
MOST_BYTES = 2 * 1024 * 1024

_CSV = "text/csv"
# So many records are written at a time; between two of them others have their turn.
_BATCH = 1000

Records = list[dict[str, Any]]
Refused = list[Mapping[str, Any]]


def received() -> bytes:
    """Return the table that a request brings, as its body or as the file of a form.

    :raises RequestEntityTooLarge: it is too large.
    :raises UnsupportedBody: it is neither.
    :raises InvalidInput: the form has no file.
    """
    body = read_body(request)
    if request.mimetype not in (_CSV, FORM) or request.content_encoding:
        raise UnsupportedBody(message="Send text/csv, or a form with a file, not encoded")
    if request.mimetype == _CSV:
        return body
    if "file" not in request.files:
        raise InvalidInput(errors={"file": ["Missing."]})
    table: bytes = request.files["file"].read()
    return table


def take(
    owner: ObjectId, data: bytes, *, mode: str, is_dry_run: bool, key: str | None
) -> tuple[Mapping[str, Any], bool]:
    """Add the records of a table, once for each key.

    :param mode: ``all-or-nothing``, or ``valid-lines``.
    :param is_dry_run: only tell what would become of it.
    :param key: the idempotency key; without one, a repetition adds them again.
    :returns: ``{lines, taken, refused}``, and whether an earlier request did it.
    :raises InvalidInput: it is no table.
    :raises ImportRefused: a line is not sound, and none was taken.
    :raises CashBookFull: there are too many.
    :raises IdempotencyKeyReused: the key was for something else.
    """
    keyring = encryption.keyring()
    work = partial(_read, owner, data, clock.now(), keyring)
    records, refused = current_app.extensions["cashbook"].run(work)
    is_refused = mode == ALL_OR_NOTHING and refused
    taken = 0 if is_refused else len(records)
    report = {"lines": len(records) + len(refused), "taken": taken, "refused": refused, "dryRun": is_dry_run}
    if is_dry_run:
        return report, False
    if is_refused:
        raise ImportRefused(errors={"lines": refused})
    once = Once(owner, key, ("import", sha256(data).digest(), mode), keyring)
    # What the same table comes to is the same each time.
    return report, _add(owner, records, once)


def _read(owner: ObjectId, data: bytes, at: datetime, keyring: Keyring) -> tuple[Records, Refused]:
    records: Records = []
    refused: Refused = []
    for line, content, errors in sheet.contents(data):
        if content is None:
            refused.append({"line": line, "errors": errors})
        else:
            records.append(rows.new(owner, content, at=at, keyring=keyring))
    return records, refused


def _add(owner: ObjectId, records: Records, once: Once) -> bool:
    """Write records, and return whether an earlier request did it."""
    batches = [records[start : start + _BATCH] for start in range(0, len(records), _BATCH)]

    def body(session: ClientSession) -> bool:
        if once.earlier(session=session) is not None:
            return True
        versions.move(owner, records=len(records), session=session)
        for batch in batches:
            db.write({"insert": "cashbook", "documents": batch}, session=session)
        once.keep(session=session)
        return False

    return versions.write(owner, body)
