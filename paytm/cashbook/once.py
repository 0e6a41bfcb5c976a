"""What is done once for each idempotency key of an owner's, and what came of it."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.encryption import Keyring, Undecipherable, place
from paytm.errors import IdempotencyKeyReused, RecordUnreadable
from paytm.ledger.idempotency import fingerprint

log = structlog.get_logger()


class Once:
    """A request with its key, or without one, and then it is done each time.

    :param parts: everything that makes the request what it is.
    """

    def __init__(self, owner: ObjectId, key: str | None, parts: Iterable[object], keyring: Keyring) -> None:
        self._known = {"owner": owner, "key": key}
        self._mark = fingerprint(parts).hex()
        self._keyring = keyring
        # Chosen once, so that a transaction that starts again writes the same row.
        self._row = {"_id": ObjectId(), **self._known, "createdAt": clock.now()}

    def earlier(self, *, session: ClientSession) -> Mapping[str, Any] | None:
        """Return what an earlier request kept under the key, inside the given transaction; None if there was none.

        :raises IdempotencyKeyReused: it was another one.
        """
        if self._known["key"] is None:
            return None
        row = db.database()["cashbook_keys"].find_one(self._known, session=session)
        if row is not None and _opened(row, self._keyring) != self._mark:
            raise IdempotencyKeyReused
        return row

    def keep(self, *, session: ClientSession, **outcome: Any) -> None:
        """Keep what comes of the request, inside the transaction that does it."""
        if self._known["key"] is not None:
            # Encrypted, because of a fingerprint whoever knows the rest could find out the name by trying.
            sealed = self._keyring.encrypt(self._mark, _place(self._row))
            db.database()["cashbook_keys"].insert_one(self._row | {"fingerprint": sealed} | outcome, session=session)


def renewed(row: Mapping[str, Any], keyring: Keyring) -> dict[str, bytes]:
    """Return the fingerprint of a row as the newest key encrypts it; none where it has done so.

    :raises RecordUnreadable: it does not decrypt.
    """
    if keyring.is_current(row["fingerprint"]):
        return {}
    return {"fingerprint": keyring.encrypt(_opened(row, keyring), _place(row))}


def _opened(row: Mapping[str, Any], keyring: Keyring) -> str:
    try:
        return keyring.decrypt(row["fingerprint"], _place(row))
    except Undecipherable as error:
        log.error("idempotency_key_unreadable", row=str(row["_id"]), reason=str(error))
        raise RecordUnreadable from error


def _place(row: Mapping[str, Any]) -> bytes:
    return place("cashbook_keys", "fingerprint", row["owner"], row["_id"])
