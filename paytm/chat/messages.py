"""Messages: sent once for each client id, and deleted in place."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from paytm import clock, db
from paytm.chat import blocks, conversations
from paytm.errors import IdempotencyKeyReused, InvalidInput, NotFound
from paytm.media import album
from paytm.notify import outbox
from paytm.user import directory

Document = Mapping[str, Any]


def send(
    sender: ObjectId, recipient: ObjectId, *, text: str, client_id: str | None, image: bytes | None = None
) -> tuple[Document, bool]:
    """Send a message, once for each client id of the sender's.

    :param text: may be empty beside a picture.
    :param image: a picture for the two alone, as the file came; None without one.
    :param client_id: chosen by the client, which may repeat the request with it; None sends another one each time.
    :returns: the message, and whether it was sent by an earlier request.
    :raises InvalidInput: it is to oneself.
    :raises NotFound: there is no such recipient, or it is disabled.
    :raises Blocked: one of the two blocked the other.
    :raises IdempotencyKeyReused: the client id was for another message.
    :raises InvalidPicture: the picture is none, or damaged.
    :raises PictureTooLarge: it has too many bytes or pixels.
    """
    if sender == recipient:
        raise InvalidInput(errors={"userId": ["It is your own."]})
    message: dict[str, Any] = {
        "_id": ObjectId(),
        "pair": conversations.pair(sender, recipient),
        "sender": sender,
        "recipient": recipient,
        "text": text,
    }
    if client_id is not None:
        message["clientId"] = client_id
    if image is not None:
        message["imageDigest"] = sha256(image).hexdigest()
        # Before the picture costs anything: it may have come already, or not be welcome.
        earlier = db.transaction(lambda session: _earlier_or_welcome(message, session=session))
        if earlier is not None:
            return earlier, True
    with album.exchange(image, purpose=album.MESSAGE, owner=sender, readers=[sender, recipient]) as pictures:
        if pictures.new is not None:
            message["image"] = pictures.new
        sent, is_replay = _send_once(message, pictures)
    if is_replay and pictures.new is not None:
        album.drop(pictures.new)
    return sent, is_replay


def _send_once(message: Document, pictures: album.Exchange) -> tuple[Document, bool]:
    sender, recipient = message["sender"], message["recipient"]
    event = outbox.event("message.sent", message=message["_id"], sender=sender, recipient=recipient)

    def body(session: ClientSession) -> tuple[Document, bool]:
        earlier = _earlier_or_welcome(message, session=session)
        if earlier is not None:
            # A commit that landed and was answered otherwise is repeated, and then meets its own message.
            return earlier, earlier["_id"] != message["_id"]
        pictures.enter(None, session=session)
        sent = conversations.append(message, session=session)
        db.database()["messages"].insert_one(dict(sent), session=session)
        outbox.insert(event, session=session)
        return sent, False

    try:
        return db.transaction(body)
    except DuplicateKeyError:
        # The same client id, or the first words of the other one, came at the same moment: now it is found.
        return db.transaction(body)


def delete(sender: ObjectId, message_id: ObjectId) -> None:
    """Take a message of one's own back: it keeps its place, and what it said is gone. Again is as good as once.

    :raises NotFound: there is none, or it is somebody else's.
    """
    emptied = {"text": "", "image": "", "imageDigest": ""}
    event = outbox.event("message.deleted", message=message_id, sender=sender)
    messages = db.database()["messages"]

    def body(session: ClientSession) -> ObjectId | None:
        message = messages.find_one({"_id": message_id, "sender": sender}, session=session)
        if message is None:
            raise NotFound
        if "deletedAt" not in message:
            conversations.redact(message, session=session)
            deleted = {"$unset": emptied, "$set": {"deletedAt": clock.later_than(message["createdAt"])}}
            messages.update_one({"_id": message_id}, deleted, session=session)
            outbox.insert({**event, "recipient": message["recipient"]}, session=session)
        image: ObjectId | None = message.get("image")
        if image is not None:
            album.detach(image, session=session)
        return image

    image = db.transaction(body)
    if image is not None:
        album.drop(image)


def _earlier_or_welcome(message: Document, *, session: ClientSession) -> Document | None:
    """Return the message that was sent already; else see to it that it may be.

    :raises NotFound: there is no such recipient, or it is disabled.
    :raises Blocked: one of the two blocked the other.
    """
    earlier = _earlier(message, session=session)
    if earlier is None:
        if not directory.is_active(message["recipient"], session=session):
            raise NotFound
        blocks.check(message["sender"], message["recipient"], session=session)
    return earlier


def _earlier(message: Document, *, session: ClientSession) -> Document | None:
    """Return the message that was sent under the same client id, or by the same request."""
    known = {name: message[name] for name in (("sender", "clientId") if "clientId" in message else ("_id",))}
    earlier = db.database()["messages"].find_one(known, session=session)
    if earlier is None:
        return None
    # What a deleted message said is known to nobody.
    told = ("recipient",) if "deletedAt" in earlier else ("recipient", "text", "imageDigest")
    if any(earlier.get(name) != message.get(name) for name in told):
        raise IdempotencyKeyReused
    return earlier
