"""How conversations stand for each of the two people: what was said last, and how much of it is unread.

Both people's rows change in the transaction of each message, so that of two that are sent at once one begins anew. That
gives the messages of a conversation one order, which their times tell, and one time up to which somebody has read.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import clock, cursor, db
from paytm.cursor import Place
from paytm.errors import InvalidInput, NotFound
from paytm.notify import outbox
from paytm.user import directory

Document = Mapping[str, Any]

_SNIPPET_LENGTH = 100


def key(owner: ObjectId, other: ObjectId) -> str:
    """Return the id of what is kept of a person for another one."""
    return f"{owner}.{other}"


def pair(one: ObjectId, other: ObjectId) -> str:
    """Return what stands for two people, whichever is named first."""
    return key(*sorted((one, other)))


def check_other(user_id: ObjectId, other: ObjectId) -> None:
    """See to it that somebody is a user, and another one.

    :raises InvalidInput: it is the same one.
    :raises NotFound: there is no such user.
    """
    if user_id == other:
        raise InvalidInput(errors={"userId": ["It is your own."]})
    if other not in directory.people([other]):
        raise NotFound


def page(owner: ObjectId, *, before: str | None, limit: int) -> tuple[list[Document], str | None]:
    """Return a page of somebody's conversations, those first that something was said in last, and a cursor.

    :param before: the cursor, as the page before returned it.
    :raises InvalidInput: the cursor is none.
    """
    older = cursor.older(cursor.read(before), time="lastAt", id_="other")
    newest = db.database()["conversations"].find({"owner": owner, **older}).sort([("lastAt", -1), ("other", -1)])
    found = list(newest.limit(limit + 1))
    shown = found[:limit]
    people = directory.people(row["other"] for row in shown)
    following = cursor.write(Place(shown[-1]["lastAt"], shown[-1]["other"])) if len(found) > limit else None
    return [{**row, "user": people.get(row["other"], {"_id": row["other"]})} for row in shown], following


def read_up_to(sides: Iterable[tuple[ObjectId, ObjectId]]) -> dict[str, datetime]:
    """Return up to when people have read what others wrote, by the :func:`key`; who never did is left out.

    :param sides: of each who reads, and whose messages.
    """
    keys = {key(*side) for side in sides}
    rows = db.database()["conversations"].find({"_id": {"$in": list(keys)}, "readUpTo": {"$exists": True}})
    return {row["_id"]: row["readUpTo"] for row in rows}


def mark(reader: ObjectId, other: ObjectId) -> int:
    """Let everything that came from somebody up to now be read.

    :returns: how many messages were not read before.
    :raises InvalidInput: it is the reader's own id.
    :raises NotFound: there is no such user.
    """
    check_other(reader, other)
    event = outbox.event("messages.read", reader=reader, other=other)
    unread = {"_id": key(reader, other), "unread": {"$gt": 0}}
    rows = db.database()["conversations"]

    def body(session: ClientSession) -> int:
        row = rows.find_one(unread, session=session)
        if row is None:
            return 0
        last, count = row["received"], row["unread"]
        marked = {"markedAt": clock.later_than(row.get("markedAt")), "markedUpTo": last, "markedCount": count}
        read = {"unread": Int64(0), "readUpTo": row["lastAt"], **marked}
        rows.update_one(unread, {"$set": read}, session=session)
        outbox.insert({**event, "upTo": last, "count": count}, session=session)
        return int(count)

    return db.transaction(body)


def append(message: Document, *, session: ClientSession) -> Document:
    """Put a message at the end of its conversation, inside the given transaction, which inserts it too.

    :returns: the message with its time, behind that of all others.
    """
    sender, recipient = message["sender"], message["recipient"]
    rows = db.database()["conversations"]
    # In one order everywhere, so that two messages meet at the first row and not later.
    sides = sorted(((sender, recipient), (recipient, sender)))
    last = rows.find_one({"_id": key(*sides[0])}, {"lastAt": 1}, session=session)
    # Requests overtake each other and clocks differ, but a conversation never goes back in time.
    at = clock.later_than(last["lastAt"] if last else None)
    kept = {**message, "createdAt": at}
    for owner, other in sides:
        is_recipient = owner == recipient
        change = {
            "$set": {"lastMessage": _snippet(kept), "lastAt": at} | ({"received": kept["_id"]} if is_recipient else {}),
            "$inc": {"unread": Int64(is_recipient)},
            "$setOnInsert": {"pair": message["pair"], "owner": owner, "other": other},
        }
        rows.update_one({"_id": key(owner, other)}, change, upsert=True, session=session)
    return kept


def redact(message: Document, *, session: ClientSession) -> None:
    """Say of a deleted message no more than that, where it is the last one; inside the given transaction."""
    for owner, other in sorted(((message["sender"], message["recipient"]), (message["recipient"], message["sender"]))):
        db.database()["conversations"].update_one(
            {"_id": key(owner, other), "lastMessage.id": message["_id"]},
            {"$unset": {"lastMessage.text": "", "lastMessage.image": ""}, "$set": {"lastMessage.deleted": True}},
            session=session,
        )


def _snippet(message: Document) -> Document:
    text = message["text"]
    short = text if len(text) <= _SNIPPET_LENGTH else f"{text[: _SNIPPET_LENGTH - 1]}…"
    known = {"id": message["_id"], "text": short, "sender": message["sender"], "createdAt": message["createdAt"]}
    return known | ({"image": True} if "image" in message else {})
