"""The route of reports on one's own money."""

from typing import Any

import orjson
from flask import Response, g

from paytm.analytics import period, reading, schemas
from paytm.api import PREFIX, Blueprint
from paytm.ratelimit import rate

blp = Blueprint("analytics", __name__, url_prefix=f"{PREFIX}/analytics", description="What came in and went out")

_X_CACHE = {"X-Cache": {"schema": {"type": "string", "enum": ["hit", "miss"]}}}


@blp.get("")
@blp.arguments(schemas.Wanted, location="query")
@blp.response(200, schemas.Report, headers=_X_CACHE)
@rate("RATELIMIT_ANALYTICS")
def analytics(arguments: dict[str, Any]) -> Any:
    """What came in and went out in a period, of your accounts, your cash book, or both; up to this moment."""
    source = arguments.pop("source")
    report, was_kept = reading.of(g.caller.user_id, source, period.of(**arguments))
    # Its schema has made it already, and to write hundreds of days is most of what is left to do.
    body = orjson.dumps(report, option=orjson.OPT_SORT_KEYS)
    return Response(body, mimetype="application/json", headers={"X-Cache": "hit" if was_kept else "miss"})
