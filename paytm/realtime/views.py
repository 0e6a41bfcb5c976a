"""The route of what was missed."""

from typing import Any

from flask import g

from paytm.api import PREFIX, Blueprint
from paytm.ratelimit import rate
from paytm.realtime import missed, schemas

blp = Blueprint("realtime", __name__, url_prefix=PREFIX, description="What sockets tell, for who had none")


@blp.get("/event")
@blp.arguments(schemas.Since, location="query")
@blp.response(200, schemas.Missed)
@rate("RATELIMIT_READ")
def events(arguments: dict[str, Any]) -> Any:
    """What happened since an event that you know, oldest first."""
    return missed.since(g.caller.user_id, arguments["since"], arguments["limit"])
