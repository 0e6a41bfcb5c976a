"""The transaction routes: pay, issue, refund, pay many, find again, and requests for money."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm.account import ownership, transfers
from paytm.api import PREFIX, Blueprint, replayed, required_idempotency_key
from paytm.ledger.posting import Outcome
from paytm.ratelimit import rate
from paytm.transaction import funding, history, payouts, refunds, requests, schemas
from paytm.user.auth import allow, ledger_confirms
from paytm.user.roles import MERCHANT, OPERATOR

blp = Blueprint("transaction", __name__, url_prefix=f"{PREFIX}/transaction", description="Money between accounts")


def _made(outcome: Outcome) -> Any:
    return {"transaction": outcome.transaction}, replayed(outcome.replayed)


@blp.post("")
@blp.arguments(schemas.Pay)
@blp.response(201, schemas.Made)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
@ledger_confirms
def pay(arguments: dict[str, Any]) -> Any:
    """Move money from an account of yours to any other."""
    key = required_idempotency_key(arguments.pop("key"))
    ownership.check(g.caller.user_id, arguments["source"])
    return _made(transfers.send(g.caller, key=key, **arguments))


@blp.get("")
@blp.arguments(schemas.Search, location="query")
@blp.response(200, schemas.Found)
@rate("RATELIMIT_READ")
def search(arguments: dict[str, Any]) -> Any:
    """Find your transactions, newest first."""
    cursor, limit = arguments.pop("cursor"), arguments.pop("limit")
    found, following = history.page(g.caller.user_id, history.Filter(**arguments), before=cursor, limit=limit)
    return {"transactions": found, "nextCursor": following}


@blp.get("/<id:transaction_id>")
@blp.response(200, schemas.Made)
@rate("RATELIMIT_READ")
def read(transaction_id: ObjectId) -> Any:
    """One transaction that you have a part in."""
    return {"transaction": history.one(g.caller.user_id, transaction_id)}


@blp.post("/system/initial-funds")
@blp.arguments(schemas.Issue)
@blp.response(201, schemas.Made)
@blp.idempotent
@allow(OPERATOR)
def issue(arguments: dict[str, Any]) -> Any:
    """Issue money from the system account."""
    key = required_idempotency_key(arguments.pop("key"))
    # A primary account has its user's id.
    destination = arguments.pop("user", None) or arguments.pop("destination")
    return _made(funding.issue(g.caller, destination=destination, key=key, **arguments))


@blp.post("/<id:transaction_id>/refund")
@blp.arguments(schemas.Refund)
@blp.response(201, schemas.Made)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def refund(arguments: dict[str, Any], transaction_id: ObjectId) -> Any:
    """Give back what you were paid, or a part of it."""
    key = required_idempotency_key(arguments.pop("key"))
    return _made(refunds.refund(g.caller, transaction_id, key=key, **arguments))


@blp.post("/bulk")
@blp.arguments(schemas.Payout)
@blp.response(201, schemas.Made)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
@allow(MERCHANT, OPERATOR)
def pay_many(arguments: dict[str, Any]) -> Any:
    """Pay up to 500 accounts at once, all or nothing; a dry run only tells whether it would work."""
    key = required_idempotency_key(arguments.pop("key"))
    lines = [payouts.Line(**line) for line in arguments.pop("lines")]
    source = arguments.pop("source") or g.caller.user_id
    return _made(payouts.pay(g.caller, source=source, lines=lines, key=key, **arguments))


@blp.post("/request")
@blp.arguments(schemas.Ask)
@blp.response(201, schemas.Asked)
@rate("RATELIMIT_TRANSFER")
def ask(arguments: dict[str, Any]) -> Any:
    """Ask a user for money."""
    return {"request": requests.ask(g.caller, **arguments)}


@blp.get("/request")
@blp.arguments(schemas.SearchRequests, location="query")
@blp.response(200, schemas.Requests)
@rate("RATELIMIT_READ")
def list_requests(arguments: dict[str, Any]) -> Any:
    """The requests that you got, or made, newest first."""
    before = arguments.pop("cursor")
    found, following = requests.page(g.caller.user_id, before=before, **arguments)
    return {"requests": found, "nextCursor": following}


@blp.post("/request/<id:request_id>/pay")
@blp.arguments(schemas.PayRequest)
@blp.response(201, schemas.Made)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
def pay_request(arguments: dict[str, Any], request_id: ObjectId) -> Any:
    """Pay what you were asked for."""
    key = required_idempotency_key(arguments.pop("key"))
    source = arguments["source"] or g.caller.user_id
    return _made(requests.pay(g.caller, request_id, source=source, key=key))


@blp.post("/request/<id:request_id>/decline")
@blp.response(200, schemas.Asked)
def decline(request_id: ObjectId) -> Any:
    """Tell who asks that you do not pay."""
    return {"request": requests.decline(g.caller, request_id)}


@blp.post("/request/<id:request_id>/cancel")
@blp.response(200, schemas.Asked)
def cancel(request_id: ObjectId) -> Any:
    """Take your own request back."""
    return {"request": requests.cancel(g.caller, request_id)}
