"""What the message routes take and give."""

from marshmallow import ValidationError, fields, validate

from paytm.api import PageSize, Rupees, Schema, Text

_LONGEST_TEXT = 2000
_LONGEST_CLIENT_ID = 64
_LONGEST_CURSOR = 50


def _printable(text: str) -> None:
    if not text.isprintable():
        raise ValidationError("Control characters are not allowed.")


class NewMessage(Schema):
    text = Text(required=True, validate=validate.Length(min=1, max=_LONGEST_TEXT))
    client_id = fields.String(
        load_default=None,
        allow_none=True,
        data_key="clientId",
        validate=[validate.Length(min=1, max=_LONGEST_CLIENT_ID), _printable],
        metadata={"description": "of your choice: repeat a request with it, and the message is sent once"},
    )


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
    text = fields.String(metadata={"description": "of a message that was not deleted"})
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


class BlockedPeople(Schema):
    users = fields.List(fields.Nested(Acquaintance))
    nextCursor = fields.String(allow_none=True)
