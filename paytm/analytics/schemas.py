"""What the analytics routes take and give."""

from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError, fields, validate

from paytm.analytics import period
from paytm.analytics.movements import SOURCES, WALLET
from paytm.api import Day, Rupees, Schema

_INDIA = "Asia/Kolkata"


class TimeZone(fields.String):
    """A time zone, by its name."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if value not in period.zones():
            raise ValidationError("Not the IANA name of a time zone, as in Asia/Kolkata.")
        return ZoneInfo(value)


class Wanted(Schema):
    source = fields.String(load_default=WALLET, validate=validate.OneOf(SOURCES))
    start = Day(load_default=None, data_key="from", metadata={"description": "by default the first of the month"})
    end = Day(load_default=None, data_key="to", metadata={"description": "the last day; by default today"})
    day = Day(load_default=None, data_key="transactionDate", metadata={"description": "in place of from and to"})
    zone = TimeZone(
        load_default=lambda: ZoneInfo(_INDIA),
        data_key="timezone",
        metadata={"description": "where days begin; the cash book has days of its own", "default": _INDIA},
    )


_MONEY = {"type": "number"}


class Turnover(Schema):
    transactions = fields.Integer()
    credit = Rupees(metadata=_MONEY | {"description": "what came in"})
    debit = Rupees(metadata=_MONEY | {"description": "what went out"})


class Span(Turnover):
    date = fields.String(metadata={"format": "date", "description": "the day, the week's Monday, the month's first"})


class Series(Schema):
    days = fields.List(fields.Nested(Span))
    weeks = fields.List(fields.Nested(Span))
    months = fields.List(fields.Nested(Span))


class KindTurnover(Turnover):
    kind = fields.String()


class PersonTurnover(Turnover):
    source = fields.String()
    id = fields.String(allow_none=True, metadata={"description": "the account; null in the cash book"})
    name = fields.String(allow_none=True)


class OtherSide(Schema):
    id = fields.String(allow_none=True)
    name = fields.String(allow_none=True)


class BigMovement(Schema):
    source = fields.String()
    id = fields.String(metadata={"description": "of the transaction, or the record"})
    date = fields.String(metadata={"format": "date"})
    kind = fields.String()
    direction = fields.String(validate=validate.OneOf(["in", "out"]))
    amount = Rupees(metadata=_MONEY)
    counterparty = fields.Nested(OtherSide)


class Totals(Schema):
    transactions = fields.Integer(data_key="totalTransactions")
    credit = Rupees(data_key="totalCredit", metadata=_MONEY)
    debit = Rupees(data_key="totalDebit", metadata=_MONEY)


class Average(Totals):
    average = Rupees(
        data_key="averageTransactionValue",
        metadata=_MONEY | {"description": "of both directions, rounded half to even to the paisa"},
    )


class Previous(Average):
    start = fields.Date(data_key="from")
    end = fields.Date(data_key="to")


class Report(Average):
    source = fields.String()
    start = fields.Date(data_key="from")
    end = fields.Date(data_key="to")
    zone = fields.String(data_key="timezone")
    fullName = fields.String()
    busiestDay = fields.Date(allow_none=True, metadata={"description": "with most transactions, the first of equals"})
    ownTransfers = Rupees(metadata=_MONEY | {"description": "moved between your own accounts, and in no sum here"})
    series = fields.Nested(Series)
    kinds = fields.List(fields.Nested(KindTurnover))
    people = fields.List(fields.Nested(PersonTurnover))
    biggest = fields.List(fields.Nested(BigMovement))
    previous = fields.Nested(Previous, metadata={"description": "the period before, as long as this one"})
    change = fields.Nested(Totals, metadata={"description": "how much more than then, in rupees"})
