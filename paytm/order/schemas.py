"""What the order routes take and give."""

from typing import Any

from bson import ObjectId
from marshmallow import ValidationError, fields, post_load, validate

from paytm.api import Id, PageSize, Rupees, Schema
from paytm.payment.terms import METHODS

_MOST_ITEMS = 50
_MOST_PIECES = 1000
_ACCOUNT = {"description": "an account of yours to pay from; by default your primary one"}
_SHARE = {"description": "the merchant's account whose share it is, where there are several"}
_RUPEES = {"type": ["number", "string"], "description": "rupees; else all that is left"}


class WantedItem(Schema):
    product = Id(required=True, data_key="productId")
    quantity = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=_MOST_PIECES))


class LaterOrder(Schema):
    items = fields.List(fields.Nested(WantedItem), required=True, validate=validate.Length(min=1, max=_MOST_ITEMS))
    key = fields.String(load_default=None, data_key="idempotencyKey")

    @post_load
    def add_up(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make one of items that are the same product."""
        quantities: dict[ObjectId, int] = {}
        for item in data["items"]:
            quantities[item["product"]] = quantities.get(item["product"], 0) + item["quantity"]
        if max(quantities.values()) > _MOST_PIECES:
            raise ValidationError("Too many of one product.", "items")
        return {**data, "items": quantities}


class Paying(Schema):
    method = fields.String(required=True, validate=validate.OneOf(METHODS))
    account = Id(load_default=None, allow_none=True, metadata=_ACCOUNT)


class NewOrder(LaterOrder, Paying):
    pass


class Capture(Schema):
    amount = Rupees(load_default=None, allow_none=True, metadata=_RUPEES)
    account = Id(load_default=None, allow_none=True, metadata=_SHARE)


class ShareRefund(Capture):
    key = fields.String(load_default=None, data_key="idempotencyKey")


class Placed(Schema):
    orderId = fields.String(attribute="_id")
    paymentId = fields.String(attribute="payment")
    status = fields.String()
    amount = Rupees(metadata={"type": "number"})
    paymentUrl = fields.String(metadata={"description": "where to pay by card"})


class PlacedForLater(Placed):
    payLater = fields.Boolean(dump_default=True)
    expiresAt = fields.DateTime()

    class Meta:
        exclude = ("paymentUrl",)


class OrderedItem(Schema):
    productId = fields.String(attribute="product")
    name = fields.String()
    price = Rupees(metadata={"type": "number"})
    quantity = fields.Integer()
    merchant = fields.String()


class Share(Schema):
    merchant = fields.String()
    account = fields.String()
    amount = Rupees(metadata={"type": "number"})
    paid = Rupees(attribute="left", metadata={"type": "number", "description": "and not refunded"})
    refunded = Rupees(metadata={"type": "number"})


class Order(Schema):
    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    buyer = fields.String()
    status = fields.String()
    method = fields.String()
    paymentId = fields.String(attribute="payment")
    amount = Rupees(metadata={"type": "number"})
    items = fields.List(fields.Nested(OrderedItem))
    shares = fields.List(fields.Nested(Share))
    transaction = fields.String()
    createdAt = fields.DateTime()
    expiresAt = fields.DateTime()


class OneOrder(Schema):
    order = fields.Nested(Order)


class OrderMovement(Schema):
    id = fields.String(attribute="_id")
    kind = fields.String()
    amount = Rupees(metadata={"type": "number"})
    createdAt = fields.DateTime()


class Moved(Schema):
    transaction = fields.Nested(OrderMovement)


class OrdersSought(Schema):
    role = fields.String(load_default="buyer", data_key="as", validate=validate.OneOf(["buyer", "merchant"]))
    cursor = Id(load_default=None)
    limit = PageSize(load_default=50)


class Orders(Schema):
    orders = fields.List(fields.Nested(Order))
    nextCursor = fields.String(allow_none=True)
