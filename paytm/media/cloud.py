"""Pictures at Cloudinary, which delivers them from near whoever looks; only such as everybody may see."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from bson import ObjectId
from cloudinary import uploader
from cloudinary.exceptions import Error

from paytm.errors import NotFound, Unavailable
from paytm.media.pictures import Picture

log = structlog.get_logger()

# Of each attempt; to connect there are four.
_TIMEOUT_SECONDS = 5


class Cloudinary:
    """A Cloudinary account; see :class:`paytm.media.store.Store`.

    :param url: ``cloudinary://key:secret@cloud``, as Cloudinary shows it; ``?upload_prefix=`` names another API.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._options: dict[str, Any] = {
            "cloud_name": parts.netloc.rpartition("@")[2],
            "api_key": unquote(parts.username or ""),
            "api_secret": unquote(parts.password or ""),
            "timeout": _TIMEOUT_SECONDS,
        }
        if prefix := parse_qs(parts.query).get("upload_prefix"):
            self._options["upload_prefix"] = prefix[0]

    def put(self, picture_id: ObjectId, picture: Picture) -> str:
        """Upload a picture, and return where it is delivered from.

        :raises Unavailable: Cloudinary does not answer, or refuses.
        """
        file = BytesIO(picture.content)
        answer = self._ask(uploader.upload, file, public_id=str(picture_id), filename=str(picture_id))
        return str(answer["secure_url"])

    def get(self, picture_id: ObjectId) -> bytes:
        """Refuse: what is here is delivered from here.

        :raises NotFound: always.
        """
        raise NotFound

    def delete(self, picture_id: ObjectId) -> None:
        """Delete a picture, the copies near those who looked included.

        :raises Unavailable: Cloudinary does not answer, or refuses.
        """
        self._ask(uploader.destroy, str(picture_id), invalidate=True)

    def _ask(self, call: Callable[..., Any], subject: Any, **options: Any) -> Any:
        try:
            return call(subject, **self._options, **options)
        except Error as error:
            # Its text may have what was sent; an operator needs the kind, which tells a wrong key from a dead line.
            log.warning("cloudinary_failed", operation=call.__name__, error=type(error).__name__)
            raise Unavailable from error
