"""The media route: pictures, by the addresses that other routes show."""

from typing import Any

from bson import ObjectId

from paytm.api import PREFIX, Blueprint
from paytm.media import delivery
from paytm.ratelimit import rate
from paytm.user.auth import public, recognise

blp = Blueprint("media", __name__, url_prefix=f"{PREFIX}/media", description="Pictures")


@blp.get("/<id:picture_id>")
@blp.response(200, {"type": "string", "format": "binary"}, content_type="image/*", description="JPEG or WebP")
@blp.alt_response(302, description="It is elsewhere")
@blp.alt_response(304, description="The client has it already")
@rate("RATELIMIT_READ")
@public
def show(picture_id: ObjectId) -> Any:
    """A picture; one of a message only to who sent it and who got it."""
    return delivery.answer(picture_id, viewer=recognise)
