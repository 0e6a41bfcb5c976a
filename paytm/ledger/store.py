"""Where the books are kept: reads and writes of one MongoDB transaction, and the ledger's collections."""

from collections.abc import Sequence

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import ApiError
from paytm.ledger.posting import SYSTEM_ACCOUNT, Balance, Books, Outcome, Posting

TRANSACTIONS = db.Collection(
    "transactions",
    schema={
        "bsonType": "object",
        "required": ["kind", "status", "from", "to", "amount", "ownerId", "createdAt"],
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
        # The system account's entries have no seq: nobody counts them while money moves.
        IndexModel(
            [("account", ASCENDING), ("seq", ASCENDING)],
            name="account_seq",
            unique=True,
            partialFilterExpression={"seq": {"$exists": True}},
        ),
    ),
)
COLLECTIONS = (TRANSACTIONS, ENTRIES)


def commit(postings: Sequence[Posting], *, timeout: float) -> list[Outcome | ApiError]:
    """Decide and write postings in one transaction.

    :param timeout: seconds, retries after write conflicts included.
    :returns: for each posting its outcome or its refusal, from data that a majority acknowledged.
    :raises pymongo.errors.PyMongoError: nobody knows whether it was written.
    """

    def body(session: ClientSession) -> list[Outcome | ApiError]:
        books = _read(session, postings)
        outcomes = [_post(books, posting) for posting in postings]
        _write(session, books)
        return outcomes

    return db.transaction(body, timeout=timeout)


def _post(books: Books, posting: Posting) -> Outcome | ApiError:
    try:
        return books.post(posting)
    except ApiError as refusal:
        return refusal


def _read(session: ClientSession, postings: Sequence[Posting]) -> Books:
    database = db.database()
    accounts = {leg.account for posting in postings for leg in posting.legs} - {SYSTEM_ACCOUNT}
    accounts |= {posting.owner for posting in postings if posting.revocations is not None}
    keys = {(posting.owner, posting.key) for posting in postings if posting.key is not None}
    # One batch of answers holds them all: a second would cost another round trip.
    found = database["accounts"].find(
        {"_id": {"$in": sorted(accounts)}},
        {"kind": 1, "status": 1, "balance": 1, "seq": 1, "revocations": 1},
        batch_size=len(accounts) + 1,
        session=session,
    )
    books = Books({doc.pop("_id"): Balance(**doc) for doc in found})
    if keys:
        journal = database["transactions"].find(
            {"$or": [{"ownerId": owner, "key": key} for owner, key in sorted(keys)]},
            batch_size=len(keys) + 1,
            session=session,
        )
        books.journal = {(doc["ownerId"], doc["key"]): doc for doc in journal}
    return books


def _write(session: ClientSession, books: Books) -> None:
    if books.touched:
        # In one order everywhere, so that two batches meet at their first common account and not later.
        updates = [{"q": {"_id": account}, "u": {"$set": _state(books, account)}} for account in sorted(books.touched)]
        db.write({"update": "accounts", "updates": updates}, session=session)
    write_journal(session, books)


def write_journal(session: ClientSession, books: Books) -> None:
    """Insert the transactions and entries that the books collected, inside the given transaction."""
    if books.transactions:
        db.write({"insert": "transactions", "documents": books.transactions}, session=session)
    if books.entries:
        db.write({"insert": "entries", "documents": books.entries}, session=session)


def _state(books: Books, account_id: ObjectId) -> dict[str, Int64]:
    account = books.accounts[account_id]
    return {"balance": Int64(account.balance), "seq": Int64(account.seq)}
