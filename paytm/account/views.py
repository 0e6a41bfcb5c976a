"""The account routes: balance, transfer, history."""

from typing import Any

from flask import g

from paytm.account import schemas, statement, transfers
from paytm.api import PREFIX, Blueprint, idempotency_key
from paytm.ratelimit import rate
from paytm.user.auth import ledger_confirms

blp = Blueprint("account", __name__, url_prefix=f"{PREFIX}/account", description="Balance, transfers, history")


@blp.get("/balance")
@blp.response(200, schemas.Balance)
@rate("RATELIMIT_READ")
def balance() -> Any:
    """Your balance."""
    return {"balance": statement.balance(g.caller.user_id)}


@blp.post("/transfer")
@blp.arguments(schemas.Transfer)
@blp.response(200, schemas.Transferred)
@blp.idempotent
@rate("RATELIMIT_TRANSFER")
@ledger_confirms
def transfer(arguments: dict[str, Any]) -> Any:
    """Send money to another user."""
    key = idempotency_key(arguments.pop("key"))
    outcome = transfers.send(g.caller, key=key, **arguments)
    answer = {"message": "Transfer successful", "transactionId": outcome.transaction["_id"]}
    return answer, {"Idempotent-Replayed": "true"} if outcome.replayed else {}


@blp.get("/transactions")
@blp.arguments(schemas.Page, location="query")
@blp.response(200, schemas.History)
@rate("RATELIMIT_READ")
def transactions(arguments: dict[str, Any]) -> Any:
    """Where your money came from and went, newest first."""
    lines, cursor = statement.page(g.caller.user_id, before=arguments["cursor"], limit=arguments["limit"])
    return {"transactions": lines, "nextCursor": cursor}
