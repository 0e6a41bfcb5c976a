"""Settling records with users of the wallet: asking for what they owe, and sending them what is owed to them.

A record never moves money. It remembers the one request or transfer that settles it, in the transaction that makes it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db, encryption
from paytm.account import submission, transfers
from paytm.cashbook import rows, versions
from paytm.cashbook.models import DEBIT
from paytm.cashbook.once import Once
from paytm.errors import Conflict
from paytm.etags import Condition
from paytm.ledger import store
from paytm.ledger.posting import Outcome
from paytm.transaction import requests
from paytm.user.tokens import Caller

Document = Mapping[str, Any]

# What makes the money move, inside a transaction: an outcome, or None where somebody is only asked for it.
_Enter = Callable[[ClientSession, int], Outcome | None]

PAID = "paid"
_REQUEST_LIFETIME = timedelta(days=7)


def settle(
    caller: Caller, record_id: ObjectId, *, other: ObjectId, note: str | None, key: str, condition: Condition
) -> tuple[Document, bool]:
    """Settle a record with a user: a debit by a request for money, and a credit by a transfer.

    :param other: the user who owes or is owed what the record says.
    :param note: what the user is told; of the record nothing is.
    :returns: the record, and whether an earlier request settled it.
    :raises NotFound: the caller has no such record.
    :raises Conflict: it is settled already, or was changed at the same moment.
    :raises PreconditionFailed: it was changed since it was read.
    :raises RecordUnreadable: it does not decrypt.
    :raises ApiError: refused, and nothing was done.
    :raises Unavailable: the outcome is unknown.
    """
    owner, now, keyring = caller.user_id, clock.now(), encryption.keyring()
    seen = rows.found(owner, record_id)
    rows.content(seen, keyring)  # Nobody pays for what cannot be read.
    once = Once(owner, key, ("settle", record_id, other, note), keyring)
    by, enter = _way(caller, seen, other=other, note=note, key=key, now=now)

    def body(session: ClientSession, revocations: int) -> tuple[Document, bool] | Outcome:
        if once.earlier(session=session) is not None:
            return rows.found(owner, record_id, session=session), True
        record = rows.found(owner, record_id, session=session)
        condition.check(record["version"])
        if record["version"] != seen["version"]:
            raise Conflict
        unsettled = free(record, now, session=session)
        outcome = enter(session, revocations)
        if outcome is not None and not outcome.completed:
            return outcome
        versions.move(owner, session=session)
        once.keep(record=record_id, session=session)
        settled = {**unsettled, "settledBy": {"with": other, "at": now, **by}}
        return rows.replace(settled, at=now, session=session), False

    # An outcome that is declined does not come back: it is raised.
    return cast(tuple[Document, bool], submission.enter(caller, body))


def free(record: Document, now: datetime, *, session: ClientSession) -> Document:
    """Return a record without the request that came to nothing, inside the given transaction.

    :raises Conflict: something settles it, or may still.
    """
    by = record.get("settledBy")
    if by is None:
        return record
    if "request" not in by or not requests.is_over(by["request"], now, session=session):
        raise Conflict
    return {name: value for name, value in record.items() if name != "settledBy"}


def standings(records: Iterable[Document]) -> dict[ObjectId, str | None]:
    """Return how the settlements of records stand, by the records' ids; those that have none are left out.

    None is of a request that is not there, which the audit finds.
    """
    settled = {record["_id"]: record["settledBy"] for record in records if "settledBy" in record}
    asked = [by["request"] for by in settled.values() if "request" in by]
    found = requests.standings(asked) if asked else {}
    return {record_id: found.get(by["request"]) if "request" in by else PAID for record_id, by in settled.items()}


def paid_requests(owner: ObjectId) -> list[ObjectId]:
    """Return the requests that settled somebody's records and were paid."""
    asked = {"owner": owner, "settledBy.request": {"$exists": True}}
    ids = db.database()["cashbook"].distinct("settledBy.request", asked)
    return [request_id for request_id, standing in requests.standings(ids).items() if standing == PAID]


def _way(
    caller: Caller, record: Document, *, other: ObjectId, note: str | None, key: str, now: datetime
) -> tuple[Mapping[str, ObjectId], _Enter]:
    """Return what settles a record, and what makes it."""
    amount, details = record["amount"], {"record": record["_id"]}
    if record["type"] == DEBIT:
        until = now + _REQUEST_LIFETIME
        draft = requests.draft(caller, payer=other, amount=amount, note=note, expires_at=until, **details)
        return {"request": draft.request["_id"]}, lambda session, _: requests.enter(draft, session)
    posting = transfers.posting(caller, source=caller.user_id, to=other, amount=amount, note=note, key=key, **details)

    def pay(session: ClientSession, revocations: int) -> Outcome:
        return store.enter_one(submission.complete(posting, revocations), session=session)

    return {"transaction": posting.id}, pay
