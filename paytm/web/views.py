"""The web client's routes: every address that is not the API's is a page of it."""

from flask import Blueprint, Flask, Response
from werkzeug.routing import BaseConverter

from paytm.user.auth import public
from paytm.web import pages

blp = Blueprint("web", __name__)


class _PageConverter(BaseConverter):
    """An address that the API does not answer."""

    regex = r"(?!(?:api|health|socket\.io)(?:/|$)).+"
    part_isolating = False


def init_app(app: Flask) -> None:
    """Serve the web client; to be called after what else wraps the application, because files need nothing of it."""
    app.url_map.converters["page"] = _PageConverter
    app.register_blueprint(blp)
    pages.init_app(app)


@blp.get("/")
@blp.get("/<page:address>")
@public
def page(address: str = "") -> Response:
    """The page, whatever of the client it shows."""
    return pages.answer()
