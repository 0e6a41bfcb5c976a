"""The identity routes: come in with tokens that renew themselves, and see where you are signed in."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.api import PREFIX, Blueprint, takes
from paytm.errors import NotFound
from paytm.identity import cookies, entrance, schemas
from paytm.media.pictures import MOST_BODY_BYTES
from paytm.ratelimit import rate
from paytm.user import registration, sessions
from paytm.user.auth import public
from paytm.user.tokens import Caller

blp = Blueprint("identity", __name__, url_prefix=f"{PREFIX}/auth", description="Short-lived tokens, cookies, sessions")


@blp.post("/register")
@blp.arguments(schemas.Register)
@blp.response(201, schemas.Entered)
@rate("RATELIMIT_SIGN_UP")
@public
def register(arguments: dict[str, Any]) -> Any:
    """Create a user with an account and an opening balance."""
    return entrance.register(**arguments)


@blp.post("/login")
@blp.arguments(schemas.Login)
@blp.response(200, schemas.Entered)
@public
def login(arguments: dict[str, Any]) -> Any:
    """Get tokens for an e-mail address and a password, in the answer and as cookies."""
    return entrance.log_in(**arguments)


@blp.post("/refresh")
@blp.arguments(schemas.Refresh)
@blp.response(200, schemas.Refreshed)
@rate("RATELIMIT_READ")
@public
def refresh(arguments: dict[str, Any]) -> Any:
    """Get new tokens for a refresh token, from the body or from its cookie; it is used up with it."""
    return entrance.refresh(arguments["token"])


@blp.post("/logout")
@blp.arguments(schemas.Logout)
@blp.response(200, schemas.Done)
def logout(arguments: dict[str, Any]) -> Any:
    """End this session, or all of yours."""
    if arguments["everywhere"]:
        sessions.end_everywhere(g.caller)
    else:
        sessions.end(g.caller)
    cookies.take_away()
    return {"message": "Signed out successfully"}


@blp.get("/check")
@blp.response(200, schemas.Checked)
@rate("RATELIMIT_READ")
def check() -> Any:
    """Whether you are signed in, and as whom."""
    return {"user": registration.profile(g.caller.user_id)}


@blp.put("/update-profile")
@blp.arguments(schemas.UpdateProfile)
@blp.response(200, schemas.Checked)
@rate("RATELIMIT_PICTURE")
@takes(MOST_BODY_BYTES)
def update_profile(arguments: dict[str, Any]) -> Any:
    """Change your names, your picture, or with your current password your password, which ends your other sessions."""
    return {"user": entrance.update(g.caller, **arguments)}


@blp.get("/sessions")
@blp.response(200, schemas.Sessions)
@rate("RATELIMIT_READ")
def my_sessions() -> Any:
    """Where you are signed in."""
    mine = sessions.of(g.caller.user_id)
    return {"sessions": [{**session, "current": session["_id"] == g.caller.session_id} for session in mine]}


@blp.delete("/sessions/<session_id>")
@blp.response(200, schemas.Done)
def end_session(session_id: str) -> Any:
    """End one of your sessions."""
    named = ObjectId.is_valid(session_id)
    if not named or not sessions.end(Caller(g.caller.user_id, ObjectId(session_id))):
        raise NotFound
    return {"message": "Signed out successfully"}
