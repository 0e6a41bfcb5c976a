"""The one place that tells the time, so that a test can move it."""

from datetime import UTC, datetime, timedelta, timezone

# Where days and months of the wallet begin and end: one time zone, and no summer time.
INDIA = timezone(timedelta(hours=5, minutes=30), "IST")


def now() -> datetime:
    """Return the current instant in UTC, cut to the millisecond that MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
