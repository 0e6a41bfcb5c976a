"""What went on between two people, as one of them sees it: messages, money that moved, and requests for money."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bson import ObjectId

from paytm import cursor, db
from paytm.chat import conversations
from paytm.cursor import Place
from paytm.transaction import history, requests

Document = Mapping[str, Any]


def page(user_id: ObjectId, other: ObjectId, *, before: str | None, limit: int) -> tuple[list[Document], str | None]:
    """Return a page of what went on, oldest first, and the cursor of the page before it in time.

    :param before: the cursor, as the page after it returned it; None for the end.
    :raises InvalidInput: the cursor is none, or it is the user's own id.
    :raises NotFound: there is no such user.
    """
    conversations.check_other(user_id, other)
    place = cursor.read(before)
    found = _messages(user_id, other, before=place, limit=limit + 1)
    found += [_request(request) for request in requests.between(user_id, other, before=place, limit=limit + 1)]
    found.sort(key=_place, reverse=True)
    # Where these fill the page, money is looked for no further back than it goes.
    since = found[limit]["createdAt"] if len(found) > limit else None
    moved = history.between(user_id, other, before=place, since=since, limit=limit + 1)
    found += [_transfer(line, user_id, other) for line in moved]
    found.sort(key=_place, reverse=True)
    shown = found[:limit]
    return shown[::-1], cursor.write(_place(shown[-1])) if len(found) > limit else None


def shown(message: Document, read: Mapping[str, datetime] | None = None) -> Document:
    """Return a message as both people see it.

    :param read: up to when its recipient has read; see :func:`paytm.chat.conversations.read_up_to`.
    """
    up_to = (read or {}).get(conversations.key(message["recipient"], message["sender"]))
    is_read = up_to is not None and message["createdAt"] <= up_to
    seen = {**message, "kind": "text", "image": message.get("image"), "read": is_read}
    return seen | ({"deleted": True} if "deletedAt" in message else {})


def _messages(user_id: ObjectId, other: ObjectId, *, before: Place | None, limit: int) -> list[Document]:
    wanted = {"pair": conversations.pair(user_id, other), **cursor.older(before)}
    newest = db.database()["messages"].find(wanted).sort([("createdAt", -1), ("_id", -1)]).limit(limit)
    read = conversations.read_up_to([(user_id, other), (other, user_id)])
    return [shown(message, read) for message in newest]


def _request(request: Document) -> Document:
    return {
        **request,
        "kind": "request",
        "sender": request["payee"],
        "recipient": request["payer"],
        "request": request["_id"],
    }


def _transfer(line: Document, user_id: ObjectId, other: ObjectId) -> Document:
    sender, recipient = (user_id, other) if line["direction"] == "out" else (other, user_id)
    return {**line, "kind": "transfer", "sender": sender, "recipient": recipient}


def _place(found: Document) -> Place:
    return Place(found["createdAt"], found["_id"])
