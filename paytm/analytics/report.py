"""What somebody reads of a period: totals, days, weeks and months, kinds, people, and how it was before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from paytm.analytics import sums
from paytm.analytics.movements import Movements
from paytm.analytics.period import DAY, Period
from paytm.analytics.sums import NOTHING, Sum


def of(moved: Movements, period: Period, source: str) -> dict[str, Any]:
    """Return a report without names; amounts in paise."""
    total, before = sums.total(moved.days.values()), moved.before
    differences = {name: getattr(total, name) - getattr(before, name) for name in sums.NAMES}
    return {
        "source": source,
        "start": period.start,
        "end": period.end,
        "zone": period.zone.key,
        **_with_average(total),
        "busiestDay": _busiest(moved.days),
        "ownTransfers": moved.own,
        "series": _series(moved.days, period),
        "kinds": [{"kind": kind, **row._asdict()} for kind, row in _largest_first(moved.kinds)],
        "people": moved.people,
        "biggest": moved.biggest,
        "previous": {"start": period.before.start, "end": period.before.end, **_with_average(before)},
        "change": differences,
    }


def _with_average(row: Sum) -> dict[str, int]:
    return row._asdict() | {"average": row.average}


def _busiest(days: Mapping[date, Sum]) -> date | None:
    busy = [day for day in sorted(days) if days[day].transactions]
    return max(busy, key=lambda day: days[day].transactions, default=None)


def _largest_first(kinds: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    return sorted(kinds.items(), key=lambda item: (-item[1].moved, item[0]))


def _series(days: Mapping[date, Sum], period: Period) -> dict[str, list[dict[str, Any]]]:
    every = [(day, days.get(day, NOTHING)) for day in period.days]
    begins = {
        "days": every,
        "weeks": [(day - day.weekday() * DAY, row) for day, row in every],
        "months": [(day.replace(day=1), row) for day, row in every],
    }
    return {
        name: [{"date": str(day), **row._asdict()} for day, row in sums.added(rows).items()]
        for name, rows in begins.items()
    }
