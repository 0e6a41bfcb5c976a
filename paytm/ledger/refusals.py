"""What somebody is told whose posting or hold is declined."""

from collections.abc import Mapping
from typing import Any

from paytm.clock import INDIA
from paytm.errors import (
    AccountInactive,
    ApiError,
    BalanceTooLarge,
    InsufficientBalance,
    InvalidAccount,
    LimitExceeded,
)
from paytm.ledger import posting
from paytm.money import format_rupees, to_rupees

_REFUSALS: Mapping[str, type[ApiError]] = {
    posting.INSUFFICIENT_BALANCE: InsufficientBalance,
    posting.UNKNOWN_PAYEE: InvalidAccount,
    posting.INACTIVE_PAYER: AccountInactive,
    posting.BALANCE_TOO_LARGE: BalanceTooLarge,
}
_SPANS = {"transaction": "at a time", "day": "a day", "month": "a month"}


def of(declined: Mapping[str, Any]) -> ApiError:
    """Return the refusal of a declined transaction, as the journal keeps it; a replay has the same one.

    :param declined: with a ``requestId`` where it may be replayed.
    """
    if declined["reason"] == posting.LIMIT_EXCEEDED:
        return _of_limit(declined)
    errors = {"account": str(declined["account"])} if "account" in declined else None
    return _REFUSALS[declined["reason"]](request_id=declined.get("requestId"), errors=errors)


def _of_limit(declined: Mapping[str, Any]) -> LimitExceeded:
    limit = declined["limit"]
    span, measure = limit["name"].split("_")
    value, resets_at = int(limit["value"]), limit["resetsAt"]
    is_amount = measure == "amount"
    most = f"send at most {format_rupees(value).removesuffix('.00')}" if is_amount else f"pay at most {value:,} times"
    again = f"; try again after {resets_at.astimezone(INDIA):%d %b %Y, %H:%M %Z}" if resets_at else ""
    return LimitExceeded(
        message=f"You can {most} {_SPANS[span]}{again}",
        errors={
            "limit": f"{span}{measure.title()}",
            "value": to_rupees(value) if is_amount else value,
            "resetsAt": resets_at.isoformat() if resets_at else None,
        },
        request_id=declined.get("requestId"),
    )
