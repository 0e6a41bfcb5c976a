"""Money that is set aside for a payee: authorised once, and then captured, voided or expired, once.

An account's ``held`` is the sum of its authorised holds, and it pays out no more than its balance without that. Each
function but :func:`expire_due` runs inside a given transaction, beside what else that does; what it raises takes all
of it back.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo import ASCENDING, IndexModel, ReturnDocument
from pymongo.client_session import ClientSession

from paytm import db
from paytm.errors import AccountInactive, CaptureTooLarge, Conflict, InvalidAmount, NotFound
from paytm.ledger import refusals, store
from paytm.ledger.posting import BANK_ACCOUNTS, INACTIVE_PAYER, Books, Hold, Outcome, Posting, movement

Document = Mapping[str, Any]

AUTHORISED, CAPTURED, VOIDED, EXPIRED = "authorised", "captured", "voided", "expired"

COLLECTIONS = (
    db.Collection(
        # ``captured`` paise were paid by ``transaction``.
        "holds",
        schema={
            "bsonType": "object",
            "required": ["account", "amount", "status", "payee", "ownerId", "createdAt", "expiresAt"],
            "properties": {
                "amount": {"bsonType": "long", "minimum": 1},
                "status": {"enum": [AUTHORISED, CAPTURED, VOIDED, EXPIRED]},
                "captured": {"bsonType": "long", "minimum": 1},
                "expiresAt": {"bsonType": "date"},
            },
        },
        indexes=(IndexModel([("expiresAt", ASCENDING)], name="due", partialFilterExpression={"status": AUTHORISED}),),
    ),
)


def available(account: Document) -> int:
    """Return what an account may pay out, in paise: its balance without what is set aside."""
    paise: int = account["balance"] - account.get("held", 0)
    return paise


def one(hold_id: ObjectId) -> Document:
    """Return a hold; nothing of it but its end ever changes.

    :raises NotFound: there is none.
    """
    hold = db.database()["holds"].find_one({"_id": hold_id})
    if hold is None:
        raise NotFound
    return hold


def authorise(hold: Hold, revocations: int | None, *, session: ClientSession) -> None:
    """Set money aside.

    :param revocations: how often sessions of the owner had been revoked when the one that asks was seen to stand; None
        where no session asks.
    :raises ApiError: refused, as the payment would be if it were made at once.
    """
    read = {hold.account, hold.payee, hold.owner} - BANK_ACCOUNTS
    books = Books(store.accounts(read, session=session))
    objection = books.hold(hold, revocations)
    if objection is not None:
        raise refusals.of(objection)
    payer = books.accounts[hold.account]
    state = {"held": Int64(payer.held)} | ({"usage": payer.usage} if payer.usage else {})
    document = {
        **hold.details,
        "_id": hold.id,
        "account": hold.account,
        "amount": Int64(hold.amount),
        "status": AUTHORISED,
        "payee": hold.payee,
        "ownerId": hold.owner,
        "createdAt": hold.at,
        "expiresAt": hold.expires_at,
    }
    db.write({"update": "accounts", "updates": [{"q": {"_id": hold.account}, "u": {"$set": state}}]}, session=session)
    db.write({"insert": "holds", "documents": [document]}, session=session)


def payment(
    hold: Document,
    amount: int,
    *,
    kind: str = "purchase",
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Posting:
    """Return the posting that :func:`capture` enters, made before its transaction.

    No limit is charged, because the hold was, and no session of the payer asks.

    :param amount: paise, up to what is held.
    :param details: more for the journal to keep.
    :raises InvalidAmount: it is nothing.
    :raises CaptureTooLarge: it is more than that.
    """
    if amount <= 0:
        raise InvalidAmount
    if amount > hold["amount"]:
        raise CaptureTooLarge
    return Posting(
        kind=kind,
        owner=hold["ownerId"],
        source=hold["account"],
        destination=hold["payee"],
        amount=amount,
        legs=movement(hold["account"], hold["payee"], amount),
        note=note,
        details={**(details or {}), "hold": hold["_id"]},
    )


def capture(posting: Posting, *, session: ClientSession) -> Outcome:
    """Pay what a hold set aside, or a part of it, and let the rest go.

    :param posting: by :func:`payment`.
    :returns: what completed, now or when the same amount of the hold was captured before.
    :raises Conflict: the hold came to another end, another amount was captured, or its time is over.
    :raises ApiError: the payment is refused, because an account was frozen or closed, and the hold stays.
    """
    facts = {"captured": Int64(posting.amount), "transaction": posting.id}
    in_time = {"expiresAt": {"$gt": posting.at}}
    hold, is_new = _end(posting.details["hold"], CAPTURED, condition=in_time, facts=facts, session=session)
    if not is_new:
        return _earlier(hold, posting.amount, session=session)
    outcome = store.enter_one(posting, session=session)
    if not outcome.completed:
        if outcome.transaction["reason"] == INACTIVE_PAYER:
            # Who captures is somebody else.
            raise AccountInactive(message="The payer's account is not active")
        raise refusals.of(outcome.transaction)
    return outcome


def void(hold_id: ObjectId, *, session: ClientSession) -> bool:
    """Let money go that will not be captured, and return whether that was still to be done.

    :raises NotFound: there is no such hold.
    :raises Conflict: it was captured, or expired.
    """
    _, is_new = _end(hold_id, VOIDED, session=session)
    return is_new


def expire(hold_id: ObjectId, now: datetime, *, session: ClientSession) -> bool:
    """Let money go that was not captured in time, and return whether that was still to be done.

    :raises NotFound: there is no such hold.
    :raises Conflict: it was captured or voided, or its time is not over.
    """
    _, is_new = _end(hold_id, EXPIRED, condition={"expiresAt": {"$lte": now}}, session=session)
    return is_new


def expire_due(now: datetime, limit: int) -> int:
    """Expire the holds that are due longest, each in a transaction of its own, and return how many there were.

    :param limit: how many to look at.
    """
    due = db.database()["holds"].find({"status": AUTHORISED, "expiresAt": {"$lte": now}}, {"_id": 1})
    return sum(_expire_due(hold["_id"], now) for hold in list(due.sort("expiresAt", ASCENDING).limit(limit)))


def _expire_due(hold_id: ObjectId, now: datetime) -> bool:
    try:
        return db.transaction(lambda session: expire(hold_id, now, session=session))
    except Conflict:
        return False  # It came to another end meanwhile.


def _end(
    hold_id: ObjectId,
    status: str,
    *,
    condition: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    session: ClientSession,
) -> tuple[Document, bool]:
    """Bring an authorised hold to its end and release what it held; return it, and whether it ended only now."""
    holds = db.database()["holds"]
    ended = holds.find_one_and_update(
        {"_id": hold_id, "status": AUTHORISED, **(condition or {})},
        {"$set": {"status": status, **(facts or {})}},
        return_document=ReturnDocument.AFTER,
        session=session,
    )
    if ended is None:
        found = holds.find_one({"_id": hold_id}, session=session)
        if found is None:
            raise NotFound
        if found["status"] != status:
            raise Conflict
        return found, False
    release = {"$inc": {"held": Int64(-ended["amount"])}}
    db.database()["accounts"].update_one({"_id": ended["account"]}, release, session=session)
    return ended, True


def _earlier(hold: Document, amount: int, *, session: ClientSession) -> Outcome:
    if hold["captured"] != amount:
        raise Conflict
    (transaction,) = db.database()["transactions"].find({"_id": hold["transaction"]}, session=session)
    return Outcome(transaction, replayed=True)
