"""Pictures on their way out."""

from collections.abc import Callable

from bson import ObjectId
from flask import Response, current_app, request

from paytm.errors import NotFound
from paytm.media import album

# A picture never changes; another one has another id.
_FOR_EVER = "public, max-age=31536000, immutable"
# Each time it is asked again who looks, which costs no bytes where the picture is known.
_FOR_READERS = "private, no-cache"
# Whatever a browser takes it for, nothing in it runs.
_POLICY = "default-src 'none'; sandbox"


def answer(picture_id: ObjectId, *, viewer: Callable[[], ObjectId | None]) -> Response:
    """Return a picture, or where it is, or that the client has it already.

    :param viewer: returns who looks; it is asked about what not everybody may see.
    :raises NotFound: there is none, or it is for others.
    """
    row = album.find(picture_id)
    if row["readers"] and viewer() not in row["readers"]:
        raise NotFound
    etag = str(picture_id)
    if "location" in row:
        response = Response(status=302, headers={"Location": row["location"]})
    elif request.if_none_match.contains(etag):
        response = Response(status=304)
    else:
        content = current_app.extensions["stores"][row["store"]].get(picture_id)
        response = Response(content, mimetype=row["kind"], headers={"Content-Disposition": "inline"})
    response.headers["Cache-Control"] = _FOR_READERS if row["readers"] else _FOR_EVER
    response.headers["Content-Security-Policy"] = _POLICY
    response.set_etag(etag)
    return response
