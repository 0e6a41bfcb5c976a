"""What the account routes take and give."""

from marshmallow import fields, validate

from paytm.api import Id, PageSize, Payment, Rupees, Schema


class Transfer(Payment):
    to = Id(required=True, metadata={"description": "the user who is paid"})


class Transferred(Schema):
    message = fields.String()
    transactionId = fields.String()


class Balance(Schema):
    balance = Rupees(metadata={"type": "number"})


class Page(Schema):
    cursor = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**63 - 1))
    limit = PageSize(load_default=50)


class Counterparty(Schema):
    id = fields.String()
    name = fields.String(allow_none=True)


class HistoryLine(Schema):
    id = fields.String()
    kind = fields.String()
    status = fields.String()
    direction = fields.String(validate=validate.OneOf(["in", "out"]))
    amount = Rupees(metadata={"type": "number"})
    balance = Rupees(metadata={"type": "number", "description": "after it"})
    counterparty = fields.Nested(Counterparty)
    note = fields.String(allow_none=True)
    createdAt = fields.DateTime()


class History(Schema):
    transactions = fields.List(fields.Nested(HistoryLine))
    nextCursor = fields.Integer(allow_none=True)
