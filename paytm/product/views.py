"""The product routes: everybody looks, merchants sell."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.api import PREFIX, Blueprint, replayed, required_idempotency_key, takes
from paytm.media.pictures import MOST_BODY_BYTES
from paytm.product import catalog, schemas, stock
from paytm.ratelimit import rate
from paytm.user.auth import allow, public, recognise
from paytm.user.roles import MERCHANT

blp = Blueprint("product", __name__, url_prefix=f"{PREFIX}/product", description="What merchants sell")


@blp.get("")
@blp.arguments(schemas.Search, location="query")
@blp.response(200, schemas.Products)
@rate("RATELIMIT_READ")
@public
def search(arguments: dict[str, Any]) -> Any:
    """Find products by name, category, merchant and price, in one of several orders."""
    order, after, limit = (arguments.pop(name) for name in ("order", "cursor", "limit"))
    wanted = catalog.Filter(**arguments)
    products, following = catalog.page(wanted, order=order, after=after, limit=limit, seen_by=recognise())
    return {"products": products, "nextCursor": following}


@blp.get("/<id:product_id>")
@blp.response(200, schemas.OneProduct)
@rate("RATELIMIT_READ")
@public
def read(product_id: ObjectId) -> Any:
    """A product."""
    return {"product": catalog.one(product_id, seen_by=recognise())}


@blp.post("")
@blp.arguments(schemas.NewProduct)
@blp.response(201, schemas.OneProduct)
@rate("RATELIMIT_TRANSFER")
@allow(MERCHANT)
def create(arguments: dict[str, Any]) -> Any:
    """Offer a new product."""
    return {"product": catalog.create(g.caller.user_id, **arguments)}


@blp.patch("/<id:product_id>")
@blp.arguments(schemas.Changes)
@blp.response(200, schemas.OneProduct)
@rate("RATELIMIT_TRANSFER")
@allow(MERCHANT)
def change(arguments: dict[str, Any], product_id: ObjectId) -> Any:
    """Change what is given of a product of yours; its stock is changed by restocking."""
    return {"product": catalog.change(product_id, arguments, by=g.caller.user_id)}


@blp.delete("/<id:product_id>")
@blp.response(204)
@rate("RATELIMIT_TRANSFER")
@allow(MERCHANT)
def delete(product_id: ObjectId) -> None:
    """Sell a product of yours no longer."""
    catalog.delete(product_id, by=g.caller.user_id)


@blp.put("/<id:product_id>/image")
@blp.arguments(schemas.NewImage)
@blp.response(200, schemas.OneProduct)
@rate("RATELIMIT_PICTURE")
@takes(MOST_BODY_BYTES)
@allow(MERCHANT)
def illustrate(arguments: dict[str, Any], product_id: ObjectId) -> Any:
    """Show a product of yours; the picture takes the place of the one before."""
    return {"product": catalog.illustrate(product_id, arguments["image"], by=g.caller.user_id)}


@blp.delete("/<id:product_id>/image")
@blp.response(204)
@rate("RATELIMIT_PICTURE")
@allow(MERCHANT)
def take_image_away(product_id: ObjectId) -> None:
    """Show a product of yours no longer."""
    catalog.illustrate(product_id, b"", by=g.caller.user_id)


@blp.post("/<id:product_id>/restock")
@blp.arguments(schemas.Restock)
@blp.response(200, schemas.OneProduct)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
@allow(MERCHANT)
def restock(arguments: dict[str, Any], product_id: ObjectId) -> Any:
    """Add to the stock of a product of yours, or write some of it off; a repetition shows the product as it is now."""
    key = required_idempotency_key(arguments["key"])
    catalog.check_owner(product_id, g.caller.user_id)
    product, is_replay = stock.restock(product_id, quantity=arguments["quantity"], key=key, by=g.caller.user_id)
    shown = catalog.shown(product, seen_by=g.caller.user_id)
    return {"product": shown}, replayed(is_replay)
