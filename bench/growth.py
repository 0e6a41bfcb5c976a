"""A ledger that has grown: so many accounts, and as many entries, put into the database past the API.

The documents are those that the books would have had written; the audit proves it.
"""

from collections.abc import Iterator
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.write_concern import WriteConcern

from paytm import db
from paytm.account.opening import grant
from paytm.ledger.posting import Balance, Books

_BATCH = 2000
_OPENING = 100_00


def grow(ids: list[ObjectId]) -> None:
    """Make accounts. Every other one got money from the bank's, so that there are as many entries as accounts."""
    for batch in _batches(ids):
        books = Books({id_: Balance("wallet", "active", 0, 0) for id_ in batch})
        for id_ in batch[::2]:
            posting = grant(id_, _OPENING)
            assert posting is not None
            books.post(posting)
        target = db.database()
        for name, documents in (("transactions", books.transactions), ("entries", books.entries)):
            target[name].with_options(write_concern=WriteConcern(1)).insert_many(documents, ordered=False)
        # A majority that has these has those as well.
        target["accounts"].insert_many([_account(id_, books.accounts[id_]) for id_ in batch], ordered=False)
    # Written out now, and not while something is measured.
    db.database().client.admin.command("fsync")


def _batches(ids: list[ObjectId]) -> Iterator[list[ObjectId]]:
    return (ids[first : first + _BATCH] for first in range(0, len(ids), _BATCH))


def _account(id_: ObjectId, made: Balance) -> dict[str, Any]:
    moved = {} if made.moved_at is None else {"movedAt": made.moved_at}
    state = {"balance": Int64(made.balance), "seq": Int64(made.seq), **moved}
    named = {"_id": id_, "userId": id_, "name": "Wallet", "currency": "INR"}
    return named | {"kind": made.kind, "status": made.status} | state
