"""What open sockets are told of conversations: exactly what REST shows."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.chat import conversations, thread
from paytm.chat.schemas import Remark

Row = Mapping[str, Any]

_remark = Remark()


def sent(row: Row) -> tuple[str, Any]:
    """Return the event of a message that was sent, and what it says."""
    return "newMessage", _message(row["message"])


def deleted(row: Row) -> tuple[str, Any]:
    """Return the event of a message that was taken back."""
    return "messageDeleted", _message(row["message"])


def read(row: Row) -> tuple[str, Any]:
    """Return the event of messages that were read, for who sent them."""
    return "messagesRead", {"userId": str(row["reader"]), "upTo": str(row["upTo"]), "count": row["count"]}


def contacts(user_id: ObjectId) -> list[ObjectId]:
    """Return whom a user has a conversation with."""
    return [row["other"] for row in db.database()["conversations"].find({"owner": user_id}, {"other": 1})]


def _message(message_id: ObjectId) -> Any:
    (message,) = db.database()["messages"].find({"_id": message_id})
    read = conversations.read_up_to(message["sender"], message["recipient"])
    return _remark.dump(thread.shown(message, read))
