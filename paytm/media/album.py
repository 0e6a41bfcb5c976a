"""Pictures that are kept: stored before the transaction that refers to them, deleted after the one that ends that.

A picture is due to be swept from the moment it is stored until something refers to it, and again when nothing does any
more (:mod:`paytm.media.orphans`). Both are written by the very transaction that makes it so. So a crash at any moment
leaves nothing behind for long, and nothing is swept that somebody sees.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from bson import ObjectId
from flask import current_app
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.api import PREFIX
from paytm.errors import ApiError, NotFound, Unavailable
from paytm.media import pictures
from paytm.media.models import CLOUDINARY, GRIDFS
from paytm.media.store import Store

log = structlog.get_logger()

PROFILE, PRODUCT, MESSAGE = "profile", "product", "message"
# The longest side in pixels.
_SIDES = {PROFILE: 512, PRODUCT: 1600, MESSAGE: 1600}
# Far longer than a request lives that has stored a picture and not yet referred to it.
_GRACE = timedelta(hours=1)


class Exchange:
    """A picture that takes the place of another; either may be None."""

    def __init__(self, new: ObjectId | None) -> None:
        self.new = new
        self.old: ObjectId | None = None

    def enter(self, old: ObjectId | None, *, session: ClientSession) -> None:
        """Note within the given transaction that the new one is referred to, and the old one no longer."""
        self.old = old
        if self.new is not None:
            attach(self.new, session=session)
        if old is not None:
            detach(old, session=session)


def keep(data: bytes, *, purpose: str, owner: ObjectId, readers: Iterable[ObjectId] = ()) -> ObjectId:
    """Store a picture, cleaned, before a transaction that attaches it; one that nothing attaches goes by itself.

    :param purpose: ``PROFILE``, ``PRODUCT`` or ``MESSAGE``, which says how large it may be.
    :param readers: who may see one of a message; all others everybody may see.
    :returns: its id.
    :raises ValueError: a message is without readers, or something else has some.
    :raises InvalidPicture: it is none, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    :raises Unavailable: too many are cleaned already, or it could not be stored.
    """
    readers = list(readers)
    if (purpose == MESSAGE) is not bool(readers):
        raise ValueError("messages have readers, and nothing else has")
    picture = current_app.extensions["pictures"].run(partial(pictures.clean, data, side=_SIDES[purpose]))
    places: Mapping[str, Store] = current_app.extensions["stores"]
    picture_id, now = ObjectId(), clock.now()
    # What is at Cloudinary is for everybody who has its address.
    place = CLOUDINARY if CLOUDINARY in places and not readers else GRIDFS
    row = {
        "_id": picture_id,
        "owner": owner,
        "readers": readers,
        "purpose": purpose,
        "kind": picture.kind,
        "store": place,
        "createdAt": now,
        "dueAt": now + _GRACE,
    }
    # First the row: bytes without one would never be swept.
    _rows().insert_one(row)
    location = places[place].put(picture_id, picture)
    if location is not None:
        _rows().update_one({"_id": picture_id}, {"$set": {"location": location}})
    return picture_id


def attach(picture_id: ObjectId, *, session: ClientSession) -> None:
    """Note that a picture which was kept is referred to, in the transaction that refers to it.

    :raises Unavailable: it has been swept.
    """
    kept = {"_id": picture_id, "dueAt": {"$exists": True}}
    if not _rows().update_one(kept, {"$unset": {"dueAt": ""}}, session=session).matched_count:
        raise Unavailable


def detach(picture_id: ObjectId, *, session: ClientSession) -> None:
    """Note that nothing refers to a picture any more, in the transaction that makes it so; :func:`drop` it after."""
    _rows().update_one({"_id": picture_id}, {"$set": {"dueAt": clock.now()}}, session=session)


def drop(picture_id: ObjectId) -> None:
    """Delete a picture that nothing refers to; what cannot be deleted now is swept later."""
    row = _rows().find_one({"_id": picture_id, "dueAt": {"$exists": True}})
    if row is not None:
        delete(row, current_app.extensions["stores"])


def delete(row: Mapping[str, Any], places: Mapping[str, Store]) -> None:
    """Delete what a row tells of, and then the row; the row stays where that fails."""
    try:
        if row["store"] not in places:
            raise Unavailable
        places[row["store"]].delete(row["_id"])
    except Unavailable:
        log.warning("picture_not_deleted", picture=str(row["_id"]), store=row["store"])
    else:
        _rows().delete_one({"_id": row["_id"]})


@contextmanager
def exchange(
    data: bytes | None, *, purpose: str, owner: ObjectId, readers: Iterable[ObjectId] = ()
) -> Iterator[Exchange]:
    """Keep a picture for a transaction within the block, which calls ``enter``; then delete the one that it replaces.

    A refusal within the block deletes the new one instead. After an error that leaves the outcome open, whichever it is
    of the two goes with the sweep.

    :param data: empty or None to put nothing in the old one's place.
    :param purpose: as :func:`keep` takes it, and so ``readers``.
    :raises ApiError: as :func:`keep` does.
    """
    made = Exchange(keep(data, purpose=purpose, owner=owner, readers=readers) if data else None)
    try:
        yield made
    except Unavailable:
        raise
    except ApiError:
        if made.new is not None:
            drop(made.new)
        raise
    if made.old is not None:
        drop(made.old)


def url(picture_id: ObjectId) -> str:
    """Return where a picture is fetched, on this host."""
    return f"{PREFIX}/media/{picture_id}"


def find(picture_id: ObjectId) -> Mapping[str, Any]:
    """Return what is known of a picture: ``{_id, owner, readers, purpose, kind, store, createdAt, location?, dueAt?}``.

    :raises NotFound: there is none.
    """
    row: Mapping[str, Any] | None = _rows().find_one({"_id": picture_id})
    if row is None:
        raise NotFound
    return row


def _rows() -> Any:
    return db.database()["pictures"]
