"""The user routes: sign up, in and out, change oneself, find others."""

from typing import Any

from bson import ObjectId
from flask import current_app, g

from paytm.api import PREFIX, Blueprint, takes
from paytm.media.pictures import MOST_BODY_BYTES
from paytm.ratelimit import rate, source
from paytm.user import directory, disabling, oversight, registration, schemas, sessions
from paytm.user.auth import allow, authenticate, public
from paytm.user.roles import OPERATOR
from paytm.user.sign_in import sign_in

blp = Blueprint("user", __name__, url_prefix=f"{PREFIX}/user", description="Sign-up, sign-in, people")


@blp.post("/signup")
@blp.arguments(schemas.SignUp)
@blp.response(200, schemas.SignedUp)
@rate("RATELIMIT_SIGN_UP")
@public
def sign_up_(arguments: dict[str, Any]) -> Any:
    """Create a user with an account and an opening balance."""
    return {"message": "User created successfully", "token": sessions.token(registration.sign_up(**arguments))}


@blp.post("/signin")
@blp.arguments(schemas.SignIn)
@blp.response(200, schemas.SignedIn)
@public
def sign_in_(arguments: dict[str, Any]) -> Any:
    """Get a token for an e-mail address and a password."""
    return {"token": sessions.token(sign_in(**arguments, source=source()))}


@blp.post("/signout")
@blp.response(200, schemas.SignedOut)
def sign_out() -> Any:
    """End this session; its token stops working."""
    sessions.end(g.caller)
    return {"message": "Signed out successfully"}


@blp.put("")
@blp.arguments(schemas.Update)
@blp.response(200, schemas.Updated)
def update(arguments: dict[str, Any]) -> Any:
    """Change your name or password; a new password ends all your sessions and gives a new token."""
    token = registration.change(g.caller, **arguments)
    return {"message": "Updated successfully"} | ({"token": token} if token else {})


@blp.get("/me")
@blp.response(200, schemas.Me)
@rate("RATELIMIT_READ")
def me() -> Any:
    """Yourself."""
    return registration.profile(g.caller.user_id)


@blp.put("/picture")
@blp.arguments(schemas.NewPicture)
@blp.response(200, schemas.OnePicture)
@rate("RATELIMIT_PICTURE")
@takes(MOST_BODY_BYTES)
def put_picture(arguments: dict[str, Any]) -> Any:
    """Show yourself; the picture takes the place of the one before."""
    registration.change(g.caller, **arguments)
    return registration.profile(g.caller.user_id)


@blp.delete("/picture")
@blp.response(204)
@rate("RATELIMIT_PICTURE")
def delete_picture() -> None:
    """Show yourself no longer."""
    registration.change(g.caller, picture=b"")


@blp.get("/bulk")
@blp.arguments(schemas.Search, location="query")
@blp.response(200, schemas.People)
@rate("RATELIMIT_READ")
@public
def bulk(arguments: dict[str, Any]) -> Any:
    """Find people by name."""
    if current_app.config["BULK_REQUIRES_TOKEN"]:
        authenticate()
    people, cursor = directory.search(arguments["filter"], cursor=arguments["cursor"], limit=arguments["limit"])
    return {"user": people, "users": people, "nextCursor": cursor}


@blp.get("/people")
@blp.arguments(schemas.Named, location="query")
@blp.response(200, schemas.Cards)
@rate("RATELIMIT_READ")
def people(arguments: dict[str, Any]) -> Any:
    """Who people are that you know by their ids; nobody's ids are left out."""
    return {"people": list(directory.cards(arguments["ids"]).values())}


@blp.get("")
@blp.arguments(schemas.SearchUsers, location="query")
@blp.response(200, schemas.Holders)
@rate("RATELIMIT_READ")
@allow(OPERATOR)
def users(arguments: dict[str, Any]) -> Any:
    """Find users by name or e-mail address, newest first. For operators."""
    found, cursor = oversight.page(arguments.pop("filter"), **arguments)
    return {"users": found, "nextCursor": cursor}


@blp.get("/<id:user_id>")
@blp.response(200, schemas.OneHolder)
@rate("RATELIMIT_READ")
@allow(OPERATOR)
def user(user_id: ObjectId) -> Any:
    """A user, and how the primary account stands. For operators."""
    return {"user": oversight.one(user_id)}


@blp.post("/<id:user_id>/disable")
@blp.arguments(schemas.Why)
@blp.response(200, schemas.OneHolder)
@allow(OPERATOR)
def disable(arguments: dict[str, Any], user_id: ObjectId) -> Any:
    """Sign a user out everywhere, and let nobody in as that user. For operators."""
    disabling.disable(user_id, by=g.caller.user_id, **arguments)
    return {"user": oversight.one(user_id)}


@blp.post("/<id:user_id>/enable")
@blp.arguments(schemas.Why)
@blp.response(200, schemas.OneHolder)
@allow(OPERATOR)
def enable(arguments: dict[str, Any], user_id: ObjectId) -> Any:
    """Let a disabled user in again. For operators."""
    disabling.enable(user_id, by=g.caller.user_id, **arguments)
    return {"user": oversight.one(user_id)}
