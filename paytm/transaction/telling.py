"""What is told of requests for money, over open sockets and to who missed it: exactly what REST shows."""

from collections.abc import Mapping, Sequence
from typing import Any

from paytm.feed import Feed
from paytm.transaction import requests
from paytm.transaction.schemas import Request

_request = Request()


def _requests(found: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [_request.dump(requests.seen(request)) for request in found]


UPDATED = Feed(
    event="requestUpdated",
    letter="q",
    collection="payment_requests",
    people=("payee", "payer"),
    time="changedAt",
    show=_requests,
)
