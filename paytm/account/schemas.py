"""What the account routes take and give."""

from typing import Any

from marshmallow import fields, validate

from paytm.api import Id, Line, PageSize, Rupees, Schema
from paytm.errors import ApiError, InvalidAccount, InvalidAmount, InvalidIdempotencyKey, InvalidInput


class Transfer(Schema):
    to = Id(required=True, metadata={"description": "the user who is paid"})
    amount = Rupees(required=True, metadata={"type": ["number", "string"], "description": "rupees"})
    note = Line(load_default=None, allow_none=True, validate=validate.Length(max=200))
    key = fields.String(load_default=None, data_key="idempotencyKey")

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        for name, refusal in (
            ("amount", InvalidAmount),
            ("to", InvalidAccount),
            ("idempotencyKey", InvalidIdempotencyKey),
        ):
            if name in errors:
                return refusal(errors=errors)
        return InvalidInput(errors=errors)


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
