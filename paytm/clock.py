"""The one place that tells the time, so that a test can move it."""

from datetime import UTC, datetime, timedelta, timezone

# Where days and months of the wallet begin and end: one time zone, and no summer time.
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")

# The least by which two instants differ in MongoDB.
TICK = timedelta(milliseconds=1)


def now() -> datetime:
    """Return the current instant in UTC, cut to the millisecond that MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def later_than(earlier: datetime | None) -> datetime:
    """Return the current instant, or where clocks differ the first one behind an earlier one, None being none.

    For what is told apart and put in order by its time. It is chosen within the transaction, as the one exception, with
    the record at hand that the transaction changes: so it is not long before the commit.
    """
    return now() if earlier is None else max(now(), earlier + TICK)
