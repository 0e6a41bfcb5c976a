"""The account routes: the accounts one has, balances, transfers, history; and what operators do to accounts."""

from dataclasses import asdict
from typing import Any

from bson import ObjectId
from flask import g

from paytm.account import (
    downloads,
    freezing,
    holdings,
    limits,
    ownership,
    passbook,
    schemas,
    statement,
    transfers,
)
from paytm.api import PREFIX, Blueprint, idempotency_key, replayed
from paytm.ratelimit import rate
from paytm.user.auth import allow, ledger_confirms

blp = Blueprint("account", __name__, url_prefix=f"{PREFIX}/account", description="Accounts, transfers, history")


@blp.get("/balance")
@blp.response(200, schemas.Balance)
@rate("RATELIMIT_READ")
def balance() -> Any:
    """Your balance, and what of it is not set aside."""
    return statement.balance(g.caller.user_id)


@blp.get("/balance/<id:account_id>")
@blp.arguments(schemas.BalanceAt, location="query")
@blp.response(200, schemas.Balance)
@rate("RATELIMIT_READ")
def balance_of(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """What an account of yours holds, or held at an instant."""
    ownership.check(g.caller.user_id, account_id)
    if "at" in arguments:
        return {"balance": statement.balance_at(account_id, arguments["at"])}
    return statement.balance(account_id)


@blp.post("/transfer")
@blp.arguments(schemas.Transfer)
@blp.response(200, schemas.Transferred)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
@ledger_confirms
def transfer(arguments: dict[str, Any]) -> Any:
    """Send money to another user."""
    key = idempotency_key(arguments.pop("key"))
    outcome = transfers.send(g.caller, source=g.caller.user_id, key=key, **arguments)
    answer = {"message": "Transfer successful", "transactionId": outcome.transaction["_id"]}
    return answer, replayed(outcome.replayed)


@blp.get("/transactions")
@blp.arguments(schemas.Page, location="query")
@blp.response(200, schemas.History)
@rate("RATELIMIT_READ")
def transactions(arguments: dict[str, Any]) -> Any:
    """Where your money came from and went, newest first."""
    lines, cursor = statement.page(g.caller.user_id, before=arguments["cursor"], limit=arguments["limit"])
    return {"transactions": lines, "nextCursor": cursor}


@blp.post("")
@blp.arguments(schemas.Opening)
@blp.response(201, schemas.OneAccount)
@rate("RATELIMIT_TRANSFER")
def open_(arguments: dict[str, Any]) -> Any:
    """Open another account, with nothing in it."""
    return {"account": holdings.open_another(g.caller.user_id, **arguments)}


@blp.get("")
@blp.response(200, schemas.Accounts)
@rate("RATELIMIT_READ")
def accounts() -> Any:
    """Your accounts that are not closed, the primary one first."""
    return {"accounts": holdings.all_of(g.caller.user_id)}


@blp.get("/<id:account_id>")
@blp.response(200, schemas.OneAccount)
@rate("RATELIMIT_READ")
def account(account_id: ObjectId) -> Any:
    """An account of yours."""
    return {"account": holdings.one(g.caller.user_id, account_id)}


@blp.patch("/<id:account_id>")
@blp.arguments(schemas.Renaming)
@blp.response(200, schemas.OneAccount)
@rate("RATELIMIT_TRANSFER")
def rename(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """Give an account of yours another name."""
    return {"account": holdings.rename(g.caller.user_id, account_id, **arguments)}


@blp.post("/<id:account_id>/close")
@blp.response(200, schemas.OneAccount)
@rate("RATELIMIT_TRANSFER")
def close(account_id: ObjectId) -> Any:
    """Close an account of yours for ever, when it is empty; the primary one stays."""
    return {"account": holdings.close(g.caller.user_id, account_id)}


@blp.get("/<id:account_id>/statement")
@blp.arguments(schemas.Period, location="query")
@blp.response(200, schemas.Statement)
@blp.alt_response(200, schema=schemas.File, content_type="text/csv", success=True)
@blp.alt_response(200, schema=schemas.File, content_type="application/pdf", success=True)
@rate("RATELIMIT_STATEMENT")
def statement_(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """What an account of yours held and what moved between two days, in pages of JSON or whole as CSV or PDF."""
    account = holdings.one(g.caller.user_id, account_id)
    book = passbook.between(account_id, arguments["start"], arguments["end"])
    if arguments["form"] != "json":
        return downloads.file(book, account, arguments["form"])
    lines, cursor = book.page(after=arguments["cursor"], limit=arguments["limit"])
    return asdict(book) | {"lines": lines, "nextCursor": cursor}


@blp.get("/<id:account_id>/limits")
@blp.response(200, schemas.Standing)
@rate("RATELIMIT_READ")
def limits_of(account_id: ObjectId) -> Any:
    """What an account may pay, what it paid today and this month, and when that starts anew; operators see any."""
    return limits.standing(account_id, seen_by=g.caller.user_id)


@blp.put("/<id:account_id>/limits")
@blp.arguments(schemas.Limits)
@blp.response(200, schemas.Standing)
@allow("operator")
def change_limits(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """Give an account limits of its own; null goes back to the usual one. For operators."""
    return limits.override(account_id, arguments, by=g.caller.user_id)


@blp.post("/<id:account_id>/freeze")
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.OneAccount)
@allow("operator")
def freeze(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """Let no money enter or leave an account. For operators."""
    return {"account": freezing.freeze(account_id, by=g.caller.user_id, **arguments)}


@blp.post("/<id:account_id>/unfreeze")
@blp.arguments(schemas.Reason)
@blp.response(200, schemas.OneAccount)
@allow("operator")
def unfreeze(arguments: dict[str, Any], account_id: ObjectId) -> Any:
    """Make a frozen account active again. For operators."""
    return {"account": freezing.unfreeze(account_id, by=g.caller.user_id, **arguments)}
