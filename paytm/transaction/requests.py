"""Asking somebody for money, who pays it, declines, or lets it expire."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from bson import ObjectId
from bson.int64 import Int64
from flask import g
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import ownership, submission, transfers
from paytm.account.limits import defaults
from paytm.chat import blocks
from paytm.cursor import Place, older
from paytm.errors import Conflict, InvalidAccount, NotFound
from paytm.ledger import store
from paytm.ledger.idempotency import fingerprint
from paytm.ledger.posting import Outcome, Posting, movement
from paytm.notify import outbox
from paytm.transaction.models import CANCELLED, DECLINED, PAID, PENDING
from paytm.user import directory
from paytm.user.tokens import Caller

Document = Mapping[str, Any]

EXPIRED = "expired"


class Draft(NamedTuple):
    """A request that is to be made, and the event that tells of it."""

    request: Document
    event: Document


def ask(caller: Caller, *, payer: ObjectId, amount: int, note: str | None, expires_at: datetime) -> Document:
    """Ask a user for money.

    :param amount: paise.
    :raises ApiError: nobody can be asked for that, or one of the two blocked the other.
    """
    made = draft(caller, payer=payer, amount=amount, note=note, expires_at=expires_at)
    db.transaction(partial(enter, made))
    return made.request


def draft(
    caller: Caller, *, payer: ObjectId, amount: int, note: str | None, expires_at: datetime, **details: Any
) -> Draft:
    """Return a request, made before the transaction that enters it.

    :param amount: paise.
    :param details: more to keep, for example what it settles.
    :raises ApiError: nobody can be asked for that.
    """
    transfers.check(payer, caller.user_id, amount)
    if payer not in directory.names([payer]):
        raise InvalidAccount
    now = clock.now()
    request = {
        "_id": ObjectId(),
        "payee": caller.user_id,
        "payer": payer,
        "amount": Int64(amount),
        "note": note,
        "status": PENDING,
        "createdAt": now,
        "changedAt": now,
        "expiresAt": expires_at,
        **details,
    }
    told = {"payer": payer, "payee": caller.user_id, "amount": Int64(amount), "note": note, "expiresAt": expires_at}
    return Draft(request, outbox.event("request.created", request=request["_id"], **told))


def enter(made: Draft, session: ClientSession) -> None:
    """Make a request inside the given transaction.

    :raises Blocked: one of the two blocked the other.
    """
    blocks.check(made.request["payee"], made.request["payer"], session=session)
    db.write({"insert": "payment_requests", "documents": [made.request]}, session=session)
    outbox.insert(made.event, session=session)


def page(
    user_id: ObjectId, *, role: str, before: ObjectId | None, limit: int
) -> tuple[list[Document], ObjectId | None]:
    """Return a page of the requests that a user made (``payee``) or got (``payer``), newest first, and its cursor."""
    wanted: dict[str, Any] = {role: user_id}
    if before is not None:
        wanted["_id"] = {"$lt": before}
    found = list(db.database()["payment_requests"].find(wanted).sort("_id", -1).limit(limit + 1))
    return [seen(request) for request in found[:limit]], found[limit - 1]["_id"] if len(found) > limit else None


def between(one: ObjectId, other: ObjectId, *, before: Place | None, limit: int) -> list[Document]:
    """Return requests that two people made of each other, newest first.

    :param before: only those behind it.
    """
    either = [{"payee": payee, "payer": payer, **older(before)} for payee, payer in ((one, other), (other, one))]
    newest = db.database()["payment_requests"].find({"$or": either}).sort([("createdAt", -1), ("_id", -1)])
    return [seen(request) for request in newest.limit(limit)]


def seen(request: Document) -> Document:
    """Return a request as it counts now: an open one ends by itself."""
    is_over = request["status"] == PENDING and request["expiresAt"] <= clock.now()
    return {**request, "status": EXPIRED} if is_over else request


def standings(request_ids: Iterable[ObjectId]) -> dict[ObjectId, str]:
    """Return the status of requests, by their ids, as they count now."""
    found = db.database()["payment_requests"].find({"_id": {"$in": list(request_ids)}}, {"status": 1, "expiresAt": 1})
    return {request["_id"]: seen(request)["status"] for request in found}


def is_over(request_id: ObjectId, now: datetime, *, session: ClientSession) -> bool:
    """Tell inside the given transaction whether nobody has paid a request, and nobody ever will.

    One that has expired could still be paid by somebody who came in time, and so it is cancelled here.
    """
    found = db.database()["payment_requests"].find_one({"_id": request_id}, session=session)
    if found is not None and found["status"] == PENDING and found["expiresAt"] <= now:
        _change(found, {"status": CANCELLED}, session=session)
        return True
    return found is None or found["status"] in (DECLINED, CANCELLED)


def pay(caller: Caller, request_id: ObjectId, *, source: ObjectId, key: str) -> Outcome:
    """Pay what one was asked for, exactly once.

    :raises NotFound: the caller was not asked for that, or has no such account.
    :raises Conflict: it was paid, declined or cancelled, or expired.
    :raises ApiError: refused, and no money moved.
    :raises Unavailable: the outcome is unknown.
    """
    ownership.check(caller.user_id, source)
    requests = db.database()["payment_requests"]
    request = requests.find_one({"_id": request_id, "payer": caller.user_id})
    if request is None:
        raise NotFound
    posting = Posting(
        kind=transfers.KIND,
        owner=caller.user_id,
        source=source,
        destination=request["payee"],
        amount=request["amount"],
        legs=movement(source, request["payee"], request["amount"]),
        key=key,
        fingerprint=fingerprint(("request", request_id, source)),
        note=request["note"],
        limits=defaults(),
        details={"request": request_id},
        request_id=g.request_id,
    )
    is_open = {"_id": request_id, "status": PENDING, "expiresAt": {"$gt": posting.at}}
    paid = {"status": PAID, "transaction": posting.id}

    def body(session: ClientSession, revocations: int) -> Outcome:
        outcome = store.enter_one(submission.complete(posting, revocations), session=session)
        if outcome.is_new:
            found = requests.find_one(is_open, session=session)
            if found is None:
                # Raised inside the transaction, which takes the posting back.
                raise Conflict
            _change(found, paid, session=session)
        return outcome

    return submission.enter(caller, body)


def decline(caller: Caller, request_id: ObjectId) -> Document:
    """Refuse to pay; see :func:`_close`."""
    return _close({"_id": request_id, "payer": caller.user_id}, DECLINED)


def cancel(caller: Caller, request_id: ObjectId) -> Document:
    """Take one's own request back; see :func:`_close`."""
    return _close({"_id": request_id, "payee": caller.user_id}, CANCELLED)


def _close(wanted: Document, status: str) -> Document:
    """Bring an open request to its end; again is as good as once.

    :raises NotFound: there is none, or it is not the caller's to end.
    :raises Conflict: it came to another end before.
    """

    def body(session: ClientSession) -> Document:
        found = db.database()["payment_requests"].find_one(wanted, session=session)
        if found is None:
            raise NotFound
        if found["status"] == status:
            return found
        if found["status"] != PENDING:
            raise Conflict
        return _change(found, {"status": status}, session=session)

    return db.transaction(body)


def _change(request: Document, changes: Document, *, session: ClientSession) -> Document:
    """Change a request that the given transaction has read, tell both people, and return it."""
    changed = {**changes, "changedAt": clock.later_than(request.get("changedAt"))}
    db.database()["payment_requests"].update_one({"_id": request["_id"]}, {"$set": changed}, session=session)
    people = {"payer": request["payer"], "payee": request["payee"]}
    outbox.insert(outbox.event("request.updated", request=request["_id"], **people), session=session)
    return {**request, **changed}
