"""What is told of conversations, over open sockets and to who missed it: exactly what REST shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.chat import blocks, conversations, thread
from paytm.chat.schemas import ReadMark, Remark
from paytm.feed import Feed

Row = Mapping[str, Any]

_remark, _read_mark = Remark(), ReadMark()


def _messages(messages: Sequence[Row]) -> list[Any]:
    read = conversations.read_up_to((message["recipient"], message["sender"]) for message in messages)
    return [_remark.dump(thread.shown(message, read)) for message in messages]


def _marks(rows: Sequence[Row]) -> list[Any]:
    return [_mark(row["owner"], row["markedUpTo"], row["markedCount"]) for row in rows]


def _mark(reader: ObjectId, up_to: ObjectId, count: int) -> Any:
    return _read_mark.dump({"userId": reader, "upTo": up_to, "count": count})


_BOTH = ("sender", "recipient")
SENT = Feed(
    event="newMessage",
    letter="m",
    collection="messages",
    people=_BOTH,
    time="createdAt",
    schema=Remark,
    show=_messages,
)
DELETED = Feed(
    event="messageDeleted",
    letter="d",
    collection="messages",
    people=_BOTH,
    time="deletedAt",
    schema=Remark,
    show=_messages,
)
READ = Feed(
    event="messagesRead",
    letter="r",
    collection="conversations",
    people=("other",),
    time="markedAt",
    subject="markedUpTo",
    schema=ReadMark,
    show=_marks,
)


def read(row: Row) -> tuple[str, Any]:
    """Return the event of messages that were read, for who sent them."""
    return READ.event, _mark(row["reader"], row["upTo"], row["count"])


def contacts(user_id: ObjectId) -> list[ObjectId]:
    """Return whom a user has a conversation with, and no block."""
    apart = blocks.apart([user_id])[user_id]
    rows = db.database()["conversations"].find({"owner": user_id}, {"other": 1})
    return [row["other"] for row in rows if row["other"] not in apart]
