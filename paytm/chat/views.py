"""The message routes: write, read, take back, and hear nothing of somebody."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.api import PREFIX, Blueprint, replayed, takes
from paytm.chat import blocks, conversations, messages, schemas, thread
from paytm.media.pictures import MOST_BODY_BYTES
from paytm.ratelimit import rate

blp = Blueprint("message", __name__, url_prefix=f"{PREFIX}/message", description="Messages between people")


@blp.post("/send/<id:user_id>")
@blp.arguments(schemas.NewMessage)
@blp.response(201, schemas.SentMessage)
@rate("RATELIMIT_MESSAGE")
@takes(MOST_BODY_BYTES)
def send(arguments: dict[str, Any], user_id: ObjectId) -> Any:
    """Write to somebody; a repetition with the same clientId gets the first message again."""
    message, is_replay = messages.send(g.caller.user_id, user_id, **arguments)
    return {"message": thread.shown(message)}, replayed(is_replay)


@blp.get("/users")
@blp.arguments(schemas.MessagePage, location="query")
@blp.response(200, schemas.Conversations)
@rate("RATELIMIT_READ")
def list_conversations(arguments: dict[str, Any]) -> Any:
    """The people you write with, those first with whom something was said last."""
    found, cursor = conversations.page(g.caller.user_id, before=arguments["cursor"], limit=arguments["limit"])
    return {"users": found, "nextCursor": cursor}


@blp.get("/<id:subject_id>")
@blp.arguments(schemas.MessagePage, location="query")
@blp.response(200, schemas.Remarks)
@rate("RATELIMIT_READ")
def read(arguments: dict[str, Any], subject_id: ObjectId) -> Any:
    """Your conversation with somebody, with the money that moved and was asked for; pages go back in time."""
    found, cursor = thread.page(g.caller.user_id, subject_id, before=arguments["cursor"], limit=arguments["limit"])
    return {"messages": found, "nextCursor": cursor}


@blp.put("/mark/<id:user_id>")
@blp.response(200, schemas.Marked)
@rate("RATELIMIT_READ")
def mark(user_id: ObjectId) -> Any:
    """Everything that came from somebody up to now is read."""
    return {"read": conversations.mark(g.caller.user_id, user_id)}


@blp.delete("/<id:subject_id>")
@blp.response(204)
@rate("RATELIMIT_MESSAGE")
def delete(subject_id: ObjectId) -> None:
    """Take a message of yours back: it keeps its place without its text and its picture."""
    messages.delete(g.caller.user_id, subject_id)


@blp.put("/block/<id:user_id>")
@blp.response(204)
@rate("RATELIMIT_MESSAGE")
def block(user_id: ObjectId) -> None:
    """Get no messages and no requests for money from somebody any more; money still arrives."""
    blocks.block(g.caller.user_id, user_id)


@blp.delete("/block/<id:user_id>")
@blp.response(204)
@rate("RATELIMIT_MESSAGE")
def unblock(user_id: ObjectId) -> None:
    """Let somebody reach you again."""
    blocks.unblock(g.caller.user_id, user_id)


@blp.get("/block")
@blp.arguments(schemas.MessagePage, location="query")
@blp.response(200, schemas.BlockedPeople)
@rate("RATELIMIT_READ")
def list_blocked(arguments: dict[str, Any]) -> Any:
    """The people you blocked, the latest first."""
    found, cursor = blocks.page(g.caller.user_id, before=arguments["cursor"], limit=arguments["limit"])
    return {"users": found, "nextCursor": cursor}
