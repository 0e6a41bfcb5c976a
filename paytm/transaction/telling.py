"""What is told of requests for money, over open sockets and to who missed it: exactly what REST shows."""

from paytm.feed import Feed
from paytm.transaction import requests
from paytm.transaction.schemas import Request

_requests = Request(many=True)

UPDATED = Feed(
    event="requestUpdated",
    letter="q",
    collection="payment_requests",
    people=("payee", "payer"),
    time="changedAt",
    schema=Request,
    show=lambda found: _requests.dump([requests.seen(request) for request in found]),
)
