"""What open sockets are told of requests for money: exactly what REST shows."""

from collections.abc import Mapping
from typing import Any

from paytm import db
from paytm.transaction import requests
from paytm.transaction.schemas import Request

_request = Request()


def updated(row: Mapping[str, Any]) -> tuple[str, Any]:
    """Return the event of a request that was made, paid, declined or cancelled, and what it is like now."""
    (request,) = db.database()["payment_requests"].find({"_id": row["request"]})
    return "requestUpdated", _request.dump(requests.seen(request))
