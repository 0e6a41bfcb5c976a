"""What the cash book's routes take and give."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from paytm.api import Day, Id, Line, PageSize, Payment, Rupees, Schema, Text
from paytm.cashbook import people, reading
from paytm.cashbook.models import TYPES

# As many of these as a book may have are together no more than every JSON number holds exactly.
_MOST_PAISE = 10**10
_LONGEST_NAME = 100
ALL_OR_NOTHING, VALID_LINES = "all-or-nothing", "valid-lines"
_TYPE = "credit: money that you got, and owe; debit: money that you gave, and are owed"


def _amount(paise: int) -> None:
    if not 0 < paise <= _MOST_PAISE:
        raise ValidationError("It is above 0, and at most 100000000.")


class RecordContent(Schema):
    """What is written of a record."""

    name = Line(required=True, data_key="fullName", validate=validate.Length(min=1, max=_LONGEST_NAME))
    date = Day(required=True, data_key="transactionDate")
    amount = Rupees(
        required=True,
        data_key="transactionAmount",
        validate=_amount,
        metadata={"type": ["number", "string"], "description": "rupees"},
    )
    type = fields.String(
        required=True,
        data_key="transactionType",
        validate=validate.OneOf(TYPES),
        metadata={"description": _TYPE},
    )
    note = Text(load_default=None, allow_none=True, validate=validate.Length(max=500))


class NewRecord(RecordContent):
    key = fields.String(load_default=None, data_key="idempotencyKey")


class RecordChanges(RecordContent):
    """Any of what is written of a record; a note that is null goes away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(partial=True, **options)


class SettleRecord(Payment):
    other = Id(required=True, data_key="with", metadata={"description": "the user who owes it, or is owed it"})

    class Meta:
        exclude = ("amount",)


class Search(Schema):
    name = fields.String(
        validate=validate.Length(max=_LONGEST_NAME),
        metadata={"description": "the whole name, whatever its case and blanks"},
    )
    type = fields.String(validate=validate.OneOf(TYPES))
    start = Day(data_key="from")
    end = Day(data_key="to", metadata={"description": "the last day"})
    least = Rupees(data_key="min", metadata={"type": "number"})
    most = Rupees(data_key="max", metadata={"type": "number"})
    order = fields.String(load_default="-date", data_key="sort", validate=validate.OneOf(list(reading.ORDERS)))
    cursor = fields.String(load_default=None, validate=validate.Length(max=100))
    limit = PageSize(load_default=50)


class Settlement(Schema):
    """What settles a record: a request for money, or a transfer that was made."""

    userId = fields.String(attribute="with")
    requestId = fields.String(attribute="request")
    transactionId = fields.String(attribute="transaction")
    status = fields.String(validate=validate.OneOf(["pending", "paid", "declined", "cancelled", "expired"]))
    settledAt = fields.DateTime(attribute="at")


class Record(Schema):
    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    fullName = fields.String(allow_none=True)
    transactionDate = fields.String(attribute="date", metadata={"format": "date"})
    transactionAmount = Rupees(attribute="amount", metadata={"type": "number"})
    transactionType = fields.String(attribute="type", metadata={"description": _TYPE})
    note = fields.String(dump_default=None, allow_none=True)
    version = fields.Integer(metadata={"description": "which the ETag tells in quotes"})
    settledBy = fields.Nested(Settlement)
    unreadable = fields.Boolean(metadata={"description": "true of one that is damaged, without its name and note"})
    createdAt = fields.DateTime()
    updatedAt = fields.DateTime()


class OneRecord(Schema):
    record = fields.Nested(Record)


class Records(Schema):
    records = fields.List(fields.Nested(Record))
    nextCursor = fields.String(allow_none=True)


class Import(Schema):
    mode = fields.String(
        load_default=ALL_OR_NOTHING,
        validate=validate.OneOf([ALL_OR_NOTHING, VALID_LINES]),
        metadata={"description": "valid-lines takes those that are sound"},
    )
    is_dry_run = fields.Boolean(
        load_default=False, data_key="dryRun", metadata={"description": "only tell what would become of it"}
    )


class RefusedLine(Schema):
    line = fields.Integer(metadata={"description": "where it begins; the header is line 1"})
    errors = fields.Dict(metadata={"description": "what is wrong with which column"})


class Imported(Schema):
    lines = fields.Integer(metadata={"description": "how many records the table has"})
    taken = fields.Integer(metadata={"description": "how many of them were, or would be, added"})
    refused = fields.List(
        fields.Nested(RefusedLine), metadata={"description": "those that are not sound; all others are"}
    )
    dryRun = fields.Boolean()


# What the API document says of a table.
Table = {"type": "string", "format": "binary"}
TableForm = {"type": "object", "required": ["file"], "properties": {"file": Table}}


class PeoplePage(Schema):
    order = fields.String(load_default="-net", data_key="sort", validate=validate.OneOf(people.ORDERS))
    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))
    limit = PageSize(load_default=50)


class BookBalance(Schema):
    """Somebody in the book, by the records that are not settled."""

    fullName = fields.String(allow_none=True)
    credit = Rupees(metadata={"type": "number", "description": "what you got"})
    debit = Rupees(metadata={"type": "number", "description": "what you gave"})
    net = Rupees(metadata={"type": "number", "description": "debit without credit: above 0 they owe you"})
    owes = fields.String(validate=validate.OneOf(["they", "you", "nobody"]))
    records = fields.Integer()


class Balances(Schema):
    balances = fields.List(fields.Nested(BookBalance))
    nextCursor = fields.String(allow_none=True)
