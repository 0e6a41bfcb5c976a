"""Where the bytes of pictures are: in GridFS, beside everything else, or for public ones at Cloudinary."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

from bson import ObjectId
from gridfs import GridFSBucket, NoFile

from paytm import db
from paytm.errors import NotFound
from paytm.media.models import BUCKET, CLOUDINARY, GRIDFS
from paytm.media.pictures import Picture


class Store(Protocol):
    """A place for the bytes of pictures. No call has a place in a transaction."""

    def put(self, picture_id: ObjectId, picture: Picture) -> str | None:
        """Store a picture, and return where it is fetched from; None if that is here.

        :raises Unavailable: it is not known whether it is stored.
        """

    def get(self, picture_id: ObjectId) -> bytes:
        """Return a picture that is fetched here.

        :raises NotFound: there is none.
        """

    def delete(self, picture_id: ObjectId) -> None:
        """Delete a picture; one that is gone already is as good.

        :raises Unavailable: it is not known whether it is gone.
        """


class GridFS:
    """MongoDB's own way to keep files, in the wallet's database."""

    def put(self, picture_id: ObjectId, picture: Picture) -> None:
        """Store a picture; see :class:`Store`."""
        _bucket().upload_from_stream_with_id(picture_id, str(picture_id), picture.content)

    def get(self, picture_id: ObjectId) -> bytes:
        """Return a picture; see :class:`Store`."""
        try:
            content: bytes = _bucket().open_download_stream(picture_id).read()
        except NoFile as error:
            raise NotFound from error
        return content

    def delete(self, picture_id: ObjectId) -> None:
        """Delete a picture; see :class:`Store`."""
        # Its chunks are deleted even where the file is gone.
        with suppress(NoFile):
            _bucket().delete(picture_id)


def _bucket() -> GridFSBucket:
    return GridFSBucket(db.database(), bucket_name=BUCKET)


def stores(config: Mapping[str, Any]) -> dict[str, Store]:
    """Return the stores that the settings name, by name; GridFS is always there."""
    found: dict[str, Store] = {GRIDFS: GridFS()}
    if config["CLOUDINARY_URL"]:
        # Nobody else needs the library, which reads the environment when it is imported.
        from paytm.media.cloud import Cloudinary

        found[CLOUDINARY] = Cloudinary(config["CLOUDINARY_URL"])
    return found
