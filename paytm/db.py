"""The connection, the one way to run a transaction, and what a collection is declared by.

The client is created after gunicorn forked and connects at its first operation. It is mongoengine's: features
declare their documents with mongoengine, and money moves through the same client with pymongo.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import mongoengine
import pymongo
from flask import Flask
from pymongo import IndexModel
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import BulkWriteError, ConnectionFailure, OperationFailure, PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Result = TypeVar("Result")

# What a change of primaries brings: the new one cannot verify its clients' clocks for a moment, where MongoDB has
# users, and the old one interrupts those who wait for a majority.
_NO_KEY_YET, _INTERRUPTED = 211, 11602
_CLIENT_OPTIONS: dict[str, Any] = {
    "connect": False,
    "tz_aware": True,
    "uuidRepresentation": "standard",
    "w": "majority",
    "readConcernLevel": "majority",
    "retryWrites": True,
    "serverSelectionTimeoutMS": 3000,
    "connectTimeoutMS": 2000,
    "heartbeatFrequencyMS": 1000,
    "maxPoolSize": 50,
    "waitQueueTimeoutMS": 3000,
}

# Above what fits into one answer.
_MOST_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class Collection:
    """What ``init-db`` makes: a collection, the JSON schema that it enforces, and its indexes.

    :param indexes: where no document declares them.
    :param document: the mongoengine document that declares the indexes, where there is one.
    """

    name: str
    schema: Mapping[str, Any]
    indexes: tuple[IndexModel, ...] = ()
    document: type[mongoengine.Document] | None = None

    @property
    def declared_indexes(self) -> list[IndexModel]:
        """All indexes, wherever they are declared."""
        if self.document is None:
            return list(self.indexes)
        return [IndexModel(keys, **options) for keys, options in map(_parts, self.document._meta["index_specs"])]


def _parts(specification: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """Return the keys and the options of an index, from how mongoengine has them."""
    options = dict(specification)
    return options.pop("fields"), options


def init_app(app: Flask) -> None:
    """Register this process's client under the app's settings; nothing is connected yet."""
    mongoengine.disconnect()
    mongoengine.connect(
        "paytm",  # Where the URI names no database of its own.
        host=app.config["MONGODB_URI"] or "mongodb://127.0.0.1:27017",
        timeoutMS=int(app.config["DATABASE_TIMEOUT"] * 1000),
        **_CLIENT_OPTIONS,
    )


def database() -> Database[dict[str, Any]]:
    """Return the database of this process's client: majority reads and writes, from the primary."""
    target: Database[dict[str, Any]] = mongoengine.get_db()
    return target


def transaction(callback: Callable[[ClientSession], Result], *, timeout: float | None = None) -> Result:
    """Run ``callback(session)`` in one transaction, and return its result once a majority acknowledged it.

    The callback runs again after a write conflict: it makes no id and no time, sends nothing, and hands the
    session to every operation.

    :param timeout: seconds for everything, retries included; by default the client's own limit.
    :raises pymongo.errors.PyMongoError: the outcome is unknown, unless the error is one of the callback's own.
    """
    client = database().client
    seconds = timeout or client.options.timeout
    with pymongo.timeout(seconds), client.start_session() as session:
        return session.with_transaction(
            callback, read_concern=ReadConcern("snapshot"), write_concern=WriteConcern("majority")
        )


def write(command: dict[str, Any], *, session: ClientSession) -> None:
    """Run an ``insert``, ``update`` or ``delete`` command inside the given transaction.

    The driver's bulk methods do the same at twice the processor's time, which the ledger notices.

    :raises BulkWriteError: one of its writes failed, and the transaction cannot commit any more.
    """
    reply = database().command(command, session=session)
    if "writeErrors" in reply:
        raise BulkWriteError(reply)


def read(command: dict[str, Any], *, session: ClientSession) -> list[dict[str, Any]]:
    """Run a ``find`` command inside the given transaction, and return what it finds.

    :param command: with a ``batchSize`` above what there can be, so that one round trip brings everything.
    """
    target = database()
    reply = target.command({**command, "singleBatch": True}, codec_options=target.codec_options, session=session)
    found: list[dict[str, Any]] = reply["cursor"]["firstBatch"]
    return found


def snapshot(collection: str, pipeline: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], datetime]:
    """Return the few records that a pipeline leaves, all as they were at one instant, and that instant.

    The instant is the database's: what is committed later is not among them, and is later than that even when the
    servers have been without a majority for a while.
    """
    target = database()
    command = {"aggregate": collection, "pipeline": pipeline, "cursor": {"batchSize": _MOST_AT_ONCE}}
    reply = target.command({**command, "readConcern": {"level": "snapshot"}}, codec_options=target.codec_options)
    return reply["cursor"]["firstBatch"], reply["cursor"]["atClusterTime"].as_datetime()


def transaction_lifetime() -> int | None:
    """Return after how many seconds the server ends a transaction that its client left; None where it does not tell."""
    try:
        reply = database().client.admin.command("getParameter", transactionLifetimeLimitSeconds=1)
    except OperationFailure:
        # It takes a right that an application need not have, and a router knows nothing of it.
        return None
    return int(reply["transactionLifetimeLimitSeconds"])


def is_outage(error: Exception) -> bool:
    """Tell whether anything else would fail as this did: no server, no time left, or no end of write conflicts."""
    return isinstance(error, PyMongoError) and (
        isinstance(error, ConnectionFailure)
        or error.timeout
        or error.has_error_label("TransientTransactionError")
        or error.has_error_label("UnknownTransactionCommitResult")
        or (isinstance(error, OperationFailure) and error.code in (_NO_KEY_YET, _INTERRUPTED))
    )
