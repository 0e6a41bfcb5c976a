"""What the account routes take and give."""

from typing import Any

from marshmallow import fields, pre_dump, validate

from paytm.api import Day, Id, Instant, Line, PageSize, Payment, Rupees, Schema
from paytm.ledger import holds


class Transfer(Payment):
    to = Id(required=True, metadata={"description": "the user who is paid"})


class Transferred(Schema):
    message = fields.String()
    transactionId = fields.String()


class Balance(Schema):
    balance = Rupees(metadata={"type": "number"})
    available = Rupees(metadata={"type": "number", "description": "what can be paid of it now; left out of the past"})


class BalanceAt(Schema):
    at = Instant(metadata={"description": "an instant that has passed, with its offset; by default now"})


class Page(Schema):
    cursor = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**63 - 1))
    limit = PageSize(load_default=50)


class Counterparty(Schema):
    id = fields.String(allow_none=True, metadata={"description": "null where there are several"})
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


class Account(Schema):
    id = fields.String(attribute="_id")
    name = fields.String()
    kind = fields.String(validate=validate.OneOf(["wallet", "merchant"]))
    status = fields.String(validate=validate.OneOf(["active", "frozen", "closed"]))
    currency = fields.String()
    balance = Rupees(metadata={"type": "number"})
    available = Rupees(metadata={"type": "number", "description": "the balance without what is set aside"})
    isPrimary = fields.Function(lambda account: account["_id"] == account["userId"], metadata={"type": "boolean"})

    @pre_dump
    def tells_available(self, account: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**account, "available": holds.available(account)}


class OneAccount(Schema):
    account = fields.Nested(Account)


class Accounts(Schema):
    accounts = fields.List(fields.Nested(Account))


class Renaming(Schema):
    name = Line(required=True, validate=validate.Length(min=1, max=50))


class Opening(Renaming):
    kind = fields.String(
        load_default="wallet",
        validate=validate.OneOf(["wallet", "merchant"]),
        metadata={"description": "merchant for users who are merchants"},
    )


class Reason(Schema):
    reason = Line(required=True, validate=validate.Length(min=1, max=200))


_COUNT = validate.Range(min=0, max=2**31 - 1)


class Limits(Schema):
    """Amounts in rupees, and counts of payments; null is the usual limit."""

    transaction_amount = Rupees(data_key="transactionAmount", allow_none=True, metadata={"type": "number"})
    day_amount = Rupees(data_key="dayAmount", allow_none=True, metadata={"type": "number"})
    day_count = fields.Integer(data_key="dayCount", strict=True, allow_none=True, validate=_COUNT)
    month_amount = Rupees(data_key="monthAmount", allow_none=True, metadata={"type": "number"})
    month_count = fields.Integer(data_key="monthCount", strict=True, allow_none=True, validate=_COUNT)


class Used(Schema):
    amount = Rupees(metadata={"type": "number"})
    count = fields.Integer()
    resetsAt = fields.DateTime(attribute="resets_at")


class Standing(Schema):
    limits = fields.Nested(Limits)
    own = fields.Nested(Limits, metadata={"description": "those that an operator gave the account"})
    day = fields.Nested(Used)
    month = fields.Nested(Used)


class Period(Page):
    start = Day(load_default=None, data_key="from", metadata={"description": "by default the first of the month"})
    end = Day(load_default=None, data_key="to", metadata={"description": "the last day; by default today"})
    form = fields.String(load_default="json", data_key="format", validate=validate.OneOf(["json", "csv", "pdf"]))


class StatementLine(Schema):
    id = fields.String()
    createdAt = fields.DateTime()
    kind = fields.String()
    counterparty = fields.Nested(Counterparty)
    note = fields.String(allow_none=True)
    debit = Rupees(allow_none=True, metadata={"type": "number"})
    credit = Rupees(allow_none=True, metadata={"type": "number"})
    balance = Rupees(metadata={"type": "number", "description": "after it"})


class Statement(Schema):
    account = fields.String()
    start = fields.Date(data_key="from")
    end = fields.Date(data_key="to")
    opening = Rupees(data_key="openingBalance", metadata={"type": "number"})
    lines = fields.List(fields.Nested(StatementLine))
    closing = Rupees(data_key="closingBalance", metadata={"type": "number"})
    nextCursor = fields.Integer(allow_none=True)


# What the API document says of a file.
File = {"type": "string", "format": "binary"}
