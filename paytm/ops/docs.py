"""The API document, and a page to read and try it that asks nothing from elsewhere."""

from pathlib import Path

import flask_swagger_ui
from flask import Blueprint, Response, jsonify, send_from_directory

from paytm.api import api
from paytm.user.auth import public

_PAGE = Path(__file__).parent / "docs_page"
_SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
_CONTENT_SECURITY_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"

blp = Blueprint("docs", __name__)


@blp.get("/api/openapi.json")
@public
def openapi() -> Response:
    return jsonify(api.spec.to_dict())


@blp.get("/api/docs")
@public
def page() -> Response:
    response = send_from_directory(_PAGE, "index.html")
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    return response


@blp.get("/api/docs/<path:name>")
@public
def asset(name: str) -> Response:
    return send_from_directory(_PAGE if name == "start.js" else _SWAGGER_UI, name)
