"""What the payment routes take and give."""

from marshmallow import fields, validate

from paytm.api import Id, Payment, Rupees, Schema
from paytm.payment.terms import KINDS, METHODS, STATUSES


class TopUp(Payment):
    account = Id(load_default=None, metadata={"description": "one of yours; by default the primary one"})

    class Meta:
        exclude = ("note",)


class Started(Schema):
    paymentId = fields.String()
    paymentUrl = fields.String(metadata={"description": "where it is paid by card"})


class Status(Schema):
    paymentId = fields.String(attribute="_id")
    kind = fields.String(validate=validate.OneOf(KINDS))
    orderId = fields.String(attribute="order")
    method = fields.String(validate=validate.OneOf(METHODS))
    status = fields.String(validate=validate.OneOf(STATUSES))
    amount = Rupees(metadata={"type": "number"})
    paymentUrl = fields.String(metadata={"description": "while it can be paid by card"})
    refunded = Rupees(metadata={"type": "number", "description": "how much goes or went back to the card"})
    createdAt = fields.DateTime()
    expiresAt = fields.DateTime()


class Received(Schema):
    received = fields.Boolean()
