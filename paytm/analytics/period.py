"""The days that a report is about, as a time zone has them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from paytm import clock
from paytm.errors import InvalidInput

DAY = timedelta(days=1)
MOST_DAYS = 366
# What a machine has whose place nobody set.
_NOWHERE = "Factory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days from ``start`` to ``end``, both included."""

    start: date
    end: date
    zone: ZoneInfo

    @property
    def days(self) -> list[date]:
        """Every day, in order."""
        return [self.start + number * DAY for number in range((self.end - self.start).days + 1)]

    @property
    def before(self) -> "Period":
        """As many days, which end where these begin."""
        end = self.start - DAY
        return Period(start=end - (self.end - self.start), end=end, zone=self.zone)

    def instants(self) -> list[datetime]:
        """Return when each day begins, in UTC, and after them when the last one ends.

        A day whose midnight does not exist, because clocks are put forward then, begins as they are; one that has two
        begins with the first.
        """
        return [datetime.combine(day, time(), self.zone).astimezone(UTC) for day in [*self.days, self.end + DAY]]


def of(*, start: date | None, end: date | None, day: date | None, zone: ZoneInfo) -> Period:
    """Return the period that somebody asks for.

    :param start: by default the first of the last day's month.
    :param end: the last day; by default today, as the time zone has it.
    :param day: one day, in place of both.
    :raises InvalidInput: both ways are used, it ends before it begins, or it is longer than 366 days.
    """
    if day is not None and (start or end):
        raise InvalidInput(errors={"transactionDate": ["It stands for from and to; leave these out."]})
    end = day or end or clock.now().astimezone(zone).date()
    start = day or start or end.replace(day=1)
    if not timedelta(0) <= end - start < MOST_DAYS * DAY:
        raise InvalidInput(errors={"to": [f"A report is of 1 to {MOST_DAYS} days."]})
    return Period(start=start, end=end, zone=zone)


@cache
def zones() -> frozenset[str]:
    """Return the names of all time zones, the same on every machine; :mod:`zoneinfo` would search its disk for them."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split()) - {_NOWHERE}
