"""How much an account may pay out: for each transaction, each day and each month.

What was paid is counted in the account itself, by the transaction that pays: two payments at once cannot both be the
last. Days and months are India's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bson.int64 import Int64

# India has one time zone and no summer time.
_INDIA = timedelta(hours=5, minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that may be paid: amounts in paise, counts in transactions; None is no limit."""

    transaction_amount: int | None = None
    day_amount: int | None = None
    day_count: int | None = None
    month_amount: int | None = None
    month_count: int | None = None

    def overridden(self, own: Mapping[str, int]) -> "Limits":
        """Return these limits with an account's own in their place; an unknown name is an error."""
        return replace(self, **own) if own else self


NAMES = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True, slots=True)
class Excess:
    """The limit that a payment would exceed; it starts anew at ``resets_at``, and never where that is None."""

    name: str
    limit: int
    resets_at: datetime | None


def charge(usage: Mapping[str, Any], limits: Limits, amount: int, at: datetime) -> dict[str, Any] | Excess:
    """Count a payment.

    :param usage: what the account paid so far, as this function returned it last; empty at first.
    :param amount: paise.
    :returns: the usage with the payment in it, or the limit that stands against it.
    """
    if limits.transaction_amount is not None and amount > limits.transaction_amount:
        return Excess("transaction_amount", limits.transaction_amount, None)
    local = at + _INDIA
    day = local.date().isoformat()
    charged: dict[str, Any] = {}
    for period, current in (("day", day), ("month", day[:7])):
        # A clock that goes back does not open a new period: the later one goes on.
        started = max(usage.get(period, ""), current)
        paid, count = (usage[f"{period}Amount"], usage[f"{period}Count"]) if usage.get(period) == started else (0, 0)
        for measure, value in (("amount", paid + amount), ("count", count + 1)):
            limit = getattr(limits, f"{period}_{measure}")
            if limit is not None and value > limit:
                return Excess(f"{period}_{measure}", limit, _end(started))
        charged |= {period: started, f"{period}Amount": Int64(paid + amount), f"{period}Count": Int64(count + 1)}
    return charged


def _end(period: str) -> datetime:
    """Return when a day (YYYY-MM-DD) or a month (YYYY-MM) is over in India."""
    is_day = len(period) > len("YYYY-MM")
    started = datetime.fromisoformat(period if is_day else f"{period}-01").replace(tzinfo=UTC)
    # 32 days after the first of a month is in the next one.
    ended = started + timedelta(days=1) if is_day else (started + timedelta(days=32)).replace(day=1)
    return ended - _INDIA
