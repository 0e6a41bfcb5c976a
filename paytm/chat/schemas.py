"""What the message routes take and give."""

from typing import Any

from marshmallow import ValidationError, fields, missing, validate, validates_schema

from paytm.api import PageSize, Rupees, Schema, Text
from paytm.media.fields import PictureData, PictureUrl

_LONGEST_TEXT = 2000
_LONGEST_CLIENT_ID = 64
_LONGEST_CURSOR = 50


def _printable(text: str) -> None:
    if not text.isprintable():
        raise ValidationError("Control characters are not allowed.")


class NewMessage(Schema):
    takes_forms = True

    text = Text(
        load_default="",
        validate=validate.Length(max=_LONGEST_TEXT),
        metadata={"description": "of a message without a picture at least one character"},
    )
    image = PictureData(load_default=None, allow_none=True)
    client_id = fields.String(
        load_default=None,
        allow_none=True,
        data_key="clientId",
        validate=[validate.Length(min=1, max=_LONGEST_CLIENT_ID), _printable],
        metadata={"description": "of your choice: repeat a request with it, and the message is sent once"},
    )

    @validates_schema
    def says_something(self, data: dict[str, Any], **_: Any) -> None:
        if not data["text"] and data["image"] is None:
            raise ValidationError("There has to be a text or a picture.", "text")


class MessagePage(Schema):
    cursor = fields.String(load_default=None, validate=validate.Length(max=_LONGEST_CURSOR))
    limit = PageSize(load_default=50)


class Remark(Schema):
    """Something between two people: a message, money that moved, or a request for money, as ``kind`` says."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    kind = fields.String(validate=validate.OneOf(["text", "transfer", "request"]))
    senderId = fields.String(attribute="sender", metadata={"description": "who wrote, paid, or asks for money"})
    receiverId = fields.String(attribute="recipient")
    createdAt = fields.DateTime()
    text = fields.String(metadata={"description": "of a message that was not deleted; empty beside a picture alone"})
    # Of a message alone, as the text: money has none.
    image = PictureUrl(dump_default=missing)
    clientId = fields.String(metadata={"description": "as the sender of a message chose it"})
    read = fields.Boolean(metadata={"description": "whether the receiver has read the message"})
    deleted = fields.Boolean(metadata={"description": "true of a message that was taken back"})
    amount = Rupees(metadata={"type": "number"})
    direction = fields.String(validate=validate.OneOf(["in", "out"]), metadata={"description": "of a transfer"})
    transactionId = fields.String(
        attribute="transaction", metadata={"description": "of a transfer, and of a request that was paid"}
    )
    requestId = fields.String(attribute="request")
    status = fields.String(
        validate=validate.OneOf(["pending", "paid", "declined", "cancelled", "expired"]),
        metadata={"description": "of a request"},
    )
    note = fields.String(allow_none=True)
    expiresAt = fields.DateTime(metadata={"description": "of a request"})


class SentMessage(Schema):
    message = fields.Nested(Remark)


class Remarks(Schema):
    messages = fields.List(fields.Nested(Remark), metadata={"description": "oldest first; the next page is older"})
    nextCursor = fields.String(allow_none=True)


class Acquaintance(Schema):
    """What everybody may see of somebody."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    firstName = fields.String()
    lastName = fields.String()


class LastMessage(Schema):
    id = fields.String()
    text = fields.String(metadata={"description": "its beginning; not of a deleted one"})
    image = fields.Boolean(metadata={"description": "true of one with a picture"})
    senderId = fields.String(attribute="sender")
    createdAt = fields.DateTime()
    deleted = fields.Boolean()


class Conversation(Schema):
    user = fields.Nested(Acquaintance)
    lastMessage = fields.Nested(LastMessage)
    unread = fields.Integer(metadata={"description": "how many messages of theirs you have not read"})


class Conversations(Schema):
    users = fields.List(fields.Nested(Conversation))
    nextCursor = fields.String(allow_none=True)


class Marked(Schema):
    read = fields.Integer(metadata={"description": "how many messages were not read before"})


class ReadMark(Schema):
    """Somebody has read what one wrote."""

    userId = fields.String(metadata={"description": "who has read"})
    upTo = fields.String(metadata={"description": "the last message that was read"})
    count = fields.Integer(metadata={"description": "how many were not read before"})


class BlockedPeople(Schema):
    users = fields.List(fields.Nested(Acquaintance))
    nextCursor = fields.String(allow_none=True)
