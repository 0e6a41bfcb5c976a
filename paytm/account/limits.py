"""What an account may pay out, in the words of those who are told: the usual limits, and what stands against more."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from paytm.clock import INDIA
from paytm.errors import LimitExceeded
from paytm.ledger.limits import Limits
from paytm.money import format_rupees, to_rupees

_SPANS = {"transaction": "at a time", "day": "a day", "month": "a month"}


def defaults() -> Limits:
    """Return what every account may pay that has no limits of its own."""
    config = current_app.config
    return Limits(
        transaction_amount=config["TRANSFER_MAX"],
        day_amount=config["LIMIT_DAY_AMOUNT"],
        day_count=config["LIMIT_DAY_COUNT"],
        month_amount=config["LIMIT_MONTH_AMOUNT"],
        month_count=config["LIMIT_MONTH_COUNT"],
    )


def refusal(transaction: Mapping[str, Any]) -> LimitExceeded:
    """Return the refusal of a transaction that was declined because of a limit; a replay has the same one."""
    limit = transaction["limit"]
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
        request_id=transaction["requestId"],
    )
