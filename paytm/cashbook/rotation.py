"""Encrypting cash books anew under the newest key, so that older ones can be taken away.

It runs beside the API: what is written meanwhile is under the newest key already, and is left alone. What clients see
does not change, and so no version does. Broken off, it goes on from whatever is still under an older key.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pymongo import ASCENDING, UpdateOne

from paytm import db
from paytm.cashbook import once, sealing
from paytm.encryption import Keyring
from paytm.errors import RecordUnreadable

Document = Mapping[str, Any]
# Returns the fields of a document that the newest key encrypts anew; none where it has done so.
Renewal = Callable[[Document, Keyring], Mapping[str, bytes]]

_RENEWALS: Mapping[str, Renewal] = {"cashbook": sealing.renewed, "cashbook_keys": once.renewed}
_BATCH = 500


@dataclass
class Progress:
    """How far a collection is, of about ``total`` documents.

    :param missed: those that somebody changed at the same moment; they are looked at again.
    :param unreadable: those that do not decrypt, and stay as they are; the log names them.
    """

    collection: str
    total: int
    seen: int = 0
    renewed: int = 0
    missed: int = 0
    unreadable: int = 0


def rotate(keyring: Keyring) -> Iterator[Progress]:
    """Encrypt everything anew that is under an older key, and yield after each batch how far it is."""
    for collection, renewal in _RENEWALS.items():
        progress = None
        while progress is None or progress.missed:
            progress = Progress(collection, db.database()[collection].estimated_document_count())
            for batch in _batches(collection):
                _renew(batch, renewal, keyring, progress)
                yield replace(progress)


def _batches(collection: str) -> Iterator[Sequence[Document]]:
    behind: dict[str, Any] = {}
    while batch := list(db.database()[collection].find(behind).sort("_id", ASCENDING).limit(_BATCH)):
        yield batch
        behind = {"_id": {"$gt": batch[-1]["_id"]}}


def _renew(batch: Sequence[Document], renewal: Renewal, keyring: Keyring, progress: Progress) -> None:
    updates = []
    for document in batch:
        try:
            fields = renewal(document, keyring)
        except RecordUnreadable:
            progress.unreadable += 1
            continue
        if fields:
            # As long as it is what was read: each encryption has bytes of its own.
            unchanged = {"_id": document["_id"], **{name: document[name] for name in fields}}
            updates.append(UpdateOne(unchanged, {"$set": fields}))
    matched = db.database()[progress.collection].bulk_write(updates, ordered=False).matched_count if updates else 0
    progress.seen += len(batch)
    progress.renewed += matched
    progress.missed += len(updates) - matched
