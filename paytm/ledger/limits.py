"""How much an account may pay out: for each transaction, each day and each month.

What was paid is counted in the account itself, by the transaction that pays: two payments at once cannot both be the
last. Days and months are India's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bson.int64 import Int64

from paytm.clock import INDIA


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


@dataclass(frozen=True, slots=True)
class Excess:
    """The limit that a payment would exceed; it starts anew at ``resets_at``, and never where that is None."""

    name: str
    limit: int
    resets_at: datetime | None


@dataclass(slots=True)
class Used:
    """What was paid in one day (YYYY-MM-DD) or month (YYYY-MM): paise, and how many times."""

    period: str
    amount: int
    count: int

    @property
    def resets_at(self) -> datetime:
        """When the day or the month is over in India."""
        is_day = len(self.period) > len("YYYY-MM")
        started = datetime.fromisoformat(self.period if is_day else f"{self.period}-01").replace(tzinfo=INDIA)
        # 32 days after the first of a month is in the next one.
        ended = started + timedelta(days=1) if is_day else (started + timedelta(days=32)).replace(day=1)
        return ended.astimezone(UTC)


def used(usage: Mapping[str, Any], at: datetime) -> dict[str, Used]:
    """Return what was paid in the ``day`` and in the ``month`` of an instant, as :func:`charge` counted it."""
    today = at.astimezone(INDIA).date().isoformat()
    standing = {}
    for name, current in (("day", today), ("month", today[:7])):
        # A clock that goes back does not open a new period: the later one goes on.
        period = max(usage.get(name, ""), current)
        counted = (usage[f"{name}Amount"], usage[f"{name}Count"]) if usage.get(name) == period else (0, 0)
        standing[name] = Used(period, *counted)
    return standing


def charge(usage: Mapping[str, Any], limits: Limits, amount: int, at: datetime) -> dict[str, Any] | Excess:
    """Count a payment.

    :param usage: what the account paid so far, as this function returned it last; empty at first.
    :param amount: paise.
    :returns: the usage with the payment in it, or the limit that stands against it.
    """
    if limits.transaction_amount is not None and amount > limits.transaction_amount:
        return Excess("transaction_amount", limits.transaction_amount, None)
    charged: dict[str, Any] = {}
    for name, before in used(usage, at).items():
        after = Used(before.period, before.amount + amount, before.count + 1)
        for measure, value in (("amount", after.amount), ("count", after.count)):
            limit = getattr(limits, f"{name}_{measure}")
            if limit is not None and value > limit:
                return Excess(f"{name}_{measure}", limit, after.resets_at)
        charged |= {name: after.period, f"{name}Amount": Int64(after.amount), f"{name}Count": Int64(after.count)}
    return charged
