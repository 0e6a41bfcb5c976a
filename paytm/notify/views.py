"""The routes of notifications: what one wants to hear of, and where a merchant's systems listen."""

from typing import Any

from bson import ObjectId
from flask import current_app, g

from paytm.api import PREFIX, Blueprint
from paytm.notify import endpoints, operating, preferences, schemas
from paytm.ratelimit import rate
from paytm.user.auth import allow
from paytm.user.roles import MERCHANT, OPERATOR

blp = Blueprint("notify", __name__, url_prefix=PREFIX, description="Notifications and webhooks")


@blp.get("/notification/preferences")
@blp.response(200, schemas.Preferences)
@rate("RATELIMIT_READ")
def show_preferences() -> Any:
    """What you are told of."""
    return preferences.show(g.caller.user_id)


@blp.put("/notification/preferences")
@blp.arguments(schemas.Preferences)
@blp.response(200, schemas.Preferences)
@rate("RATELIMIT_READ")
def change_preferences(arguments: dict[str, bool]) -> Any:
    """Choose what you are told of; e-mails about the security of your account stay on."""
    return preferences.change(g.caller.user_id, arguments)


@blp.post("/webhook")
@blp.arguments(schemas.NewEndpoint)
@blp.response(201, schemas.RegisteredEndpoint)
@rate("RATELIMIT_READ")
@allow(MERCHANT)
def register(arguments: dict[str, Any]) -> Any:
    """Register a URL that is told of your payments; the answer has the secret that signs what comes there."""
    allow_private = current_app.config["WEBHOOK_ALLOW_PRIVATE"]
    return endpoints.register(g.caller.user_id, **arguments, allow_private=allow_private)


@blp.get("/webhook")
@blp.response(200, schemas.Endpoints)
@rate("RATELIMIT_READ")
@allow(MERCHANT)
def show_endpoints() -> Any:
    """Your webhooks."""
    return {"webhooks": endpoints.all_of(g.caller.user_id)}


@blp.delete("/webhook/<id:endpoint_id>")
@blp.response(204)
@rate("RATELIMIT_READ")
@allow(MERCHANT)
def delete(endpoint_id: ObjectId) -> None:
    """Remove a webhook; what it has not been told yet is dropped."""
    endpoints.delete(g.caller.user_id, endpoint_id)


@blp.get("/webhook/<id:endpoint_id>/deliveries")
@blp.arguments(schemas.Page, location="query")
@blp.response(200, schemas.Deliveries)
@rate("RATELIMIT_READ")
@allow(MERCHANT)
def show_deliveries(arguments: dict[str, Any], endpoint_id: ObjectId) -> Any:
    """What a webhook was told or will be, newest first."""
    found, cursor = endpoints.history(g.caller.user_id, endpoint_id, **arguments)
    return {"deliveries": found, "nextCursor": cursor}


@blp.post("/webhook/deliveries/<delivery_id>/replay")
@blp.response(202, schemas.Replayed)
@rate("RATELIMIT_READ")
@allow(MERCHANT)
def replay(delivery_id: str) -> Any:
    """Tell a webhook once more what it was told, or was not."""
    endpoints.replay(g.caller.user_id, delivery_id)
    return {"message": "It will be delivered again"}


@blp.get("/outbox")
@blp.arguments(schemas.SearchOutbox, location="query")
@blp.response(200, schemas.OutboxRows)
@rate("RATELIMIT_READ")
@allow(OPERATOR)
def show_outbox(arguments: dict[str, Any]) -> Any:
    """What is to be told, was told, or could not be, newest first. For operators."""
    found, cursor = operating.page(arguments.pop("state"), **arguments)
    return {"outbox": found, "nextCursor": cursor}


@blp.post("/outbox/<row_id>/retry")
@blp.response(202, schemas.Replayed)
@allow(OPERATOR)
def retry(row_id: str) -> Any:
    """Try something that is dead or unclear once more. For operators."""
    operating.revive(row_id, by=g.caller.user_id)
    return {"message": "It will be tried again"}
