"""Where the books are kept: reads and writes of one MongoDB transaction, and the ledger's collections."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import ApiError
from paytm.ledger.posting import BANK_ACCOUNTS, DECLINED, Balance, Books, Outcome, Posting, replay

TRANSACTIONS = db.Collection(
    "transactions",
    schema={
        "bsonType": "object",
        "required": ["kind", "status", "from", "amount", "ownerId", "createdAt"],
        "properties": {
            "status": {"enum": ["completed", "declined"]},
            "amount": {"bsonType": "long", "minimum": 1},
            "key": {"bsonType": "string"},
        },
    },
    indexes=(
        IndexModel(
            [("ownerId", ASCENDING), ("key", ASCENDING)],
            name="owner_key",
            unique=True,
            partialFilterExpression={"key": {"$exists": True}},
        ),
        IndexModel(
            [("ownerId", ASCENDING), ("_id", ASCENDING)],
            name="owner_declined",
            partialFilterExpression={"status": DECLINED},
        ),
    ),
)
ENTRIES = db.Collection(
    "entries",
    schema={
        "bsonType": "object",
        "required": ["account", "amount", "transaction", "createdAt"],
        "properties": {
            "amount": {"bsonType": "long"},
            "seq": {"bsonType": "long", "minimum": 1},
            "balance": {"bsonType": "long", "minimum": 0},
        },
    },
    indexes=(
        # The entries of the bank's own accounts have no seq: nobody counts them while money moves.
        IndexModel(
            [("account", ASCENDING), ("seq", ASCENDING)],
            name="account_seq",
            unique=True,
            partialFilterExpression={"seq": {"$exists": True}},
        ),
        # Time goes with seq, so a balance at an instant is the last entry up to then.
        IndexModel([("account", ASCENDING), ("createdAt", ASCENDING), ("seq", ASCENDING)], name="account_time"),
    ),
)
COLLECTIONS = (TRANSACTIONS, ENTRIES)

# Where it is noted, in the same transaction, that somebody must be told; paytm/notify/ reads it.
OUTBOX = "outbox"

# What the books need to know of an account.
_BALANCE = dict.fromkeys(("kind", "status", "balance", "seq", "revocations", "usage", "limits", "movedAt", "held"), 1)


def commit(
    postings: Sequence[Posting], *, timeout: float, on_retry: Callable[[], None] = lambda: None
) -> list[Outcome | ApiError]:
    """Decide and write postings in one transaction.

    :param timeout: seconds, retries after write conflicts included.
    :param on_retry: is called each time that the transaction starts again.
    :returns: for each posting its outcome or its refusal, from data that a majority acknowledged.
    :raises pymongo.errors.PyMongoError: nobody knows whether it was written.
    """

    attempts = itertools.count()

    def body(session: ClientSession) -> list[Outcome | ApiError]:
        if next(attempts):
            on_retry()
        return enter(postings, session=session)

    return db.transaction(body, timeout=timeout)


def enter(postings: Sequence[Posting], *, session: ClientSession) -> list[Outcome | ApiError]:
    """Decide and write postings inside the given transaction, beside what else it does."""
    books = _read(session, postings)
    outcomes = [_post(books, posting) for posting in postings]
    _write(session, books)
    return outcomes


def enter_one(posting: Posting, *, session: ClientSession) -> Outcome:
    """Decide and write one posting inside the given transaction.

    :raises ApiError: it is refused.
    """
    (outcome,) = enter([posting], session=session)
    if isinstance(outcome, ApiError):
        raise outcome
    return outcome


def preview(posting: Posting, *, session: ClientSession) -> Outcome:
    """Decide a posting as :func:`enter_one` does, and write nothing."""
    return _read(session, [posting]).post(posting)


def earlier(owner: ObjectId, key: str, fingerprint: bytes, *, session: ClientSession) -> Outcome | None:
    """Return the outcome that a key stands for already, for what has to be known before there is a posting.

    :raises IdempotencyKeyReused: it was for another request.
    """
    found = db.database()["transactions"].find_one({"ownerId": owner, "key": key}, session=session)
    return replay(found, fingerprint) if found else None


def _post(books: Books, posting: Posting) -> Outcome | ApiError:
    try:
        return books.post(posting)
    except ApiError as refusal:
        return refusal


def _read(session: ClientSession, postings: Sequence[Posting]) -> Books:
    touched = {leg.account for posting in postings for leg in posting.legs} - BANK_ACCOUNTS
    touched |= {posting.owner for posting in postings if posting.revocations is not None}
    keys = {(posting.owner, posting.key) for posting in postings if posting.key is not None}
    books = Books(accounts(touched, session=session))
    if keys:
        journal = db.read(
            {
                "find": "transactions",
                "filter": {"$or": [{"ownerId": owner, "key": key} for owner, key in sorted(keys)]},
                "batchSize": len(keys) + 1,
            },
            session=session,
        )
        books.journal = {(doc["ownerId"], doc["key"]): doc for doc in journal}
    return books


def accounts(ids: Collection[ObjectId], *, session: ClientSession) -> dict[ObjectId, Balance]:
    """Read accounts, as the books see them, inside the given transaction; those that do not exist are left out."""
    wanted = {"_id": {"$in": sorted(ids)}}
    command = {"find": "accounts", "filter": wanted, "projection": _BALANCE, "batchSize": len(ids) + 1}
    found = db.read(command, session=session)
    return {account["_id"]: _balance(account) for account in found}


def _balance(account: Mapping[str, Any]) -> Balance:
    return Balance(
        account["kind"],
        account["status"],
        account["balance"],
        account["seq"],
        account.get("revocations", 0),
        account.get("usage", {}),
        account.get("limits", {}),
        account.get("movedAt"),
        account.get("held", 0),
    )


def _write(session: ClientSession, books: Books) -> None:
    if books.touched:
        # In one order everywhere, so that two batches meet at their first common account and not later.
        updates = [{"q": {"_id": account}, "u": {"$set": _state(books, account)}} for account in sorted(books.touched)]
        db.write({"update": "accounts", "updates": updates}, session=session)
    write_journal(session, books)


def write_journal(session: ClientSession, books: Books) -> None:
    """Insert the transactions, entries, records and news that the books collected, inside the given transaction."""
    if books.transactions:
        db.write({"insert": "transactions", "documents": books.transactions}, session=session)
    if books.entries:
        db.write({"insert": "entries", "documents": books.entries}, session=session)
    for collection, documents in books.records.items():
        db.write({"insert": collection, "documents": documents}, session=session)
    if books.announced:
        db.write({"insert": OUTBOX, "documents": [_news(books.announced)]}, session=session)


def _news(announced: Sequence[Posting]) -> dict[str, Any]:
    """Return the outbox's event of postings that complete together: one for all, which is quicker than one for each."""
    first = announced[0]
    return {
        "_id": first.id,
        "kind": "transaction.completed",
        "createdAt": first.at,
        "transactions": [posting.id for posting in announced],
        # So that whoever follows some accounts need not read the rest.
        "accounts": list({leg.account for posting in announced for leg in posting.legs} - BANK_ACCOUNTS),
    }


def _state(books: Books, account_id: ObjectId) -> dict[str, Any]:
    account = books.accounts[account_id]
    state = {"balance": Int64(account.balance), "seq": Int64(account.seq), "movedAt": account.moved_at}
    return state | {"usage": account.usage} if account.usage else state
