"""What the product routes take and give."""

from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError, fields, validate

from paytm import grams
from paytm.api import Id, Line, PageSize, Rupees, Schema, Text
from paytm.media.fields import PictureData, PictureUrl
from paytm.product import catalog
from paytm.product.models import LONGEST_NAME

_LARGEST_STOCK = 1_000_000
_DESCRIPTION = validate.Length(max=2000)
_CATEGORY = validate.Length(max=50)


def _short_when_folded(name: str) -> None:
    # A few characters stand for twenty. The folded name goes into cursors, and so into addresses.
    if len(grams.fold(name)) > LONGEST_NAME:
        raise ValidationError("Too long.")


_NAME: tuple[Callable[[str], Any], ...] = (validate.Length(min=1, max=LONGEST_NAME), _short_when_folded)


class Search(Schema):
    text = fields.String(
        load_default="", data_key="search", metadata={"description": "literal text in the name, in any case"}
    )
    category = fields.String(load_default=None, metadata={"description": "as it is written"})
    merchant = Id(load_default=None, metadata={"description": "the user who sells"})
    least = Rupees(load_default=None, data_key="minPrice", metadata={"type": "number"})
    most = Rupees(load_default=None, data_key="maxPrice", metadata={"type": "number"})
    in_stock = fields.Boolean(
        load_default=None, data_key="inStock", metadata={"description": "false: only what is sold out"}
    )
    order = fields.String(load_default="newest", data_key="sort", validate=validate.OneOf(list(catalog.ORDERS)))
    cursor = fields.String(load_default=None, validate=validate.Length(max=1000))
    limit = PageSize(load_default=50)


class NewProduct(Schema):
    name = Line(required=True, validate=_NAME)
    description = Text(load_default=None, allow_none=True, validate=_DESCRIPTION)
    price = Rupees(required=True, metadata={"type": ["number", "string"], "description": "rupees"})
    category = Line(load_default=None, allow_none=True, validate=_CATEGORY)
    quantity = fields.Integer(
        required=True, data_key="stock", strict=True, validate=validate.Range(min=0, max=_LARGEST_STOCK)
    )
    account = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "an account of yours that gets the money; by default your primary account"},
    )


class Changes(Schema):
    name = Line(validate=_NAME)
    description = Text(allow_none=True, validate=_DESCRIPTION)
    price = Rupees(metadata={"type": ["number", "string"], "description": "rupees"})
    category = Line(allow_none=True, validate=_CATEGORY)
    account = Id(metadata={"description": "an account of the merchant's"})


class Restock(Schema):
    quantity = fields.Integer(
        required=True,
        strict=True,
        validate=[validate.Range(min=-_LARGEST_STOCK, max=_LARGEST_STOCK), validate.NoneOf([0])],
        metadata={"description": "pieces that came in; negative to write some off"},
    )
    key = fields.String(load_default=None, data_key="idempotencyKey")


class Merchant(Schema):
    id = fields.String()
    name = fields.String(allow_none=True)
    picture = PictureUrl()


class NewImage(Schema):
    takes_forms = True

    image = PictureData(required=True)


class Product(Schema):
    """What a merchant sells; ``account`` is shown to the merchant alone."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    name = fields.String()
    description = fields.String(dump_default=None, allow_none=True)
    price = Rupees(metadata={"type": "number"})
    category = fields.String(dump_default=None, allow_none=True)
    stock = fields.Integer()
    merchant = fields.Nested(Merchant)
    account = fields.String(metadata={"description": "that gets the money"})
    image = PictureUrl()
    createdAt = fields.DateTime()
    updatedAt = fields.DateTime()


class OneProduct(Schema):
    product = fields.Nested(Product)


class Products(Schema):
    products = fields.List(fields.Nested(Product))
    nextCursor = fields.String(allow_none=True)
