"""What the transaction routes take and give."""

from datetime import timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from paytm import clock
from paytm.api import Id, Instant, Line, PageSize, Payment, Rupees, Schema, Switch

_MOST_LINES = 500
_USUAL_REQUEST = timedelta(days=7)
_LONGEST_REQUEST = timedelta(days=90)


class Pay(Payment):
    source = Id(required=True, data_key="fromAccount", metadata={"description": "an account of yours"})
    to = Id(required=True, data_key="toAccount")


class Issue(Payment):
    destination = Id(data_key="toAccount")
    user = Id(data_key="userId", metadata={"description": "instead of toAccount: the user's primary account"})

    @validates_schema
    def names_one(self, data: dict[str, Any], **_: Any) -> None:
        if ("destination" in data) == ("user" in data):
            raise ValidationError("Name either the account or the user.", "toAccount")


class Refund(Payment):
    amount = Rupees(load_default=None, metadata={"type": ["number", "string"], "description": "rupees; else the rest"})

    class Meta:
        exclude = ("note",)


class PayoutLine(Schema):
    destination = Id(required=True, data_key="toAccount")
    amount = Rupees(required=True, metadata={"type": ["number", "string"], "description": "rupees"})
    note = Line(load_default=None, allow_none=True, validate=validate.Length(max=200))


class Payout(Payment):
    source = Id(load_default=None, data_key="fromAccount", metadata={"description": "by default your primary account"})
    lines = fields.List(
        fields.Nested(PayoutLine), required=True, data_key="transfers", validate=validate.Length(min=1, max=_MOST_LINES)
    )
    is_dry_run = Switch(load_default=False, data_key="dryRun")

    class Meta:
        exclude = ("amount",)


class PaidLine(Schema):
    toAccount = fields.String(attribute="to")
    amount = Rupees(metadata={"type": "number"})
    note = fields.String()


class Transaction(Schema):
    """A record of the journal; what does not apply to its kind is left out."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    kind = fields.String()
    status = fields.String()
    reason = fields.String(metadata={"description": "why it was declined"})
    fromAccount = fields.String(attribute="from")
    toAccount = fields.String(attribute="to")
    amount = Rupees(metadata={"type": "number"})
    lines = fields.List(
        fields.Nested(PaidLine), metadata={"description": "of a payout, or of an order with several merchants"}
    )
    note = fields.String()
    original = fields.String(metadata={"description": "the transaction that a refund gives back"})
    request = fields.String(metadata={"description": "the payment request that it pays"})
    order = fields.String(metadata={"description": "the order that it pays or refunds"})
    payment = fields.String(metadata={"description": "the payment by card that added it"})
    refunded = Rupees(metadata={"type": "number", "description": "how much of it was given back"})
    createdAt = fields.DateTime()


class Made(Schema):
    transaction = fields.Nested(Transaction)


class Search(Schema):
    account = Id(metadata={"description": "one of your accounts; else all of them"})
    kind = fields.String(validate=validate.Length(max=20))
    status = fields.String(validate=validate.OneOf(["completed", "declined"]))
    counterparty = Id(metadata={"description": "the other account"})
    start = Instant(data_key="from")
    end = Instant(data_key="to", metadata={"description": "before this instant"})
    least = Rupees(data_key="min", metadata={"type": "number"})
    most = Rupees(data_key="max", metadata={"type": "number"})
    cursor = fields.String(load_default=None, validate=validate.Length(max=50))
    limit = PageSize(load_default=50)


class Found(Schema):
    transactions = fields.List(fields.Nested(Transaction))
    nextCursor = fields.String(allow_none=True)


class Ask(Payment):
    payer = Id(required=True, data_key="from", metadata={"description": "the user who is asked"})
    expires_at = Instant(
        load_default=lambda: clock.now() + _USUAL_REQUEST,
        data_key="expiresAt",
        metadata={"description": "within 90 days; by default in 7"},
    )

    class Meta:
        exclude = ("key",)

    @validates_schema
    def ends_soon(self, data: dict[str, Any], **_: Any) -> None:
        now = clock.now()
        if not now < data["expires_at"] <= now + _LONGEST_REQUEST:
            raise ValidationError("It ends within 90 days from now.", "expiresAt")


class PayRequest(Schema):
    source = Id(load_default=None, data_key="fromAccount", metadata={"description": "by default your primary account"})
    key = fields.String(load_default=None, data_key="idempotencyKey")


class Request(Schema):
    """Somebody asks somebody for money."""

    id = fields.String(attribute="_id", dump_only=True)
    payee = fields.String(metadata={"description": "the user who asks"})
    payer = fields.String(metadata={"description": "the user who is asked"})
    amount = Rupees(metadata={"type": "number"})
    note = fields.String(allow_none=True)
    status = fields.String(
        validate=validate.OneOf(["pending", "paid", "declined", "cancelled", "expired"]),
    )
    transaction = fields.String(metadata={"description": "that paid it"})
    createdAt = fields.DateTime()
    expiresAt = fields.DateTime()


class Asked(Schema):
    request = fields.Nested(Request)


class SearchRequests(Schema):
    role = fields.String(
        load_default="payer", validate=validate.OneOf(["payer", "payee"]), metadata={"description": "which one you are"}
    )
    cursor = Id(load_default=None)
    limit = PageSize(load_default=50)


class Requests(Schema):
    requests = fields.List(fields.Nested(Request))
    nextCursor = fields.String(allow_none=True)
