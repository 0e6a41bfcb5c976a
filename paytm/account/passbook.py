"""An account between two days: what it held before, every line, and what it held after.

Entries are numbered without a gap and never change. So a period is a run of numbers, which two seeks find, and
whatever moves meanwhile, its lines lead from the opening to the closing balance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bson import ObjectId

from paytm import clock, db
from paytm.account import statement
from paytm.clock import INDIA
from paytm.errors import InvalidInput

_MOST_DAYS = 366
# So many lines are read at a time, whether for one page or for all.
_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Passbook:
    """The lines of an account from ``start`` to ``end``, both days included; amounts in paise.

    :param before: the ``seq`` of the last entry before the first line, ``last`` that of the last line.
    """

    account: ObjectId
    start: date
    end: date
    before: int
    last: int
    opening: int
    closing: int

    def __len__(self) -> int:
        return self.last - self.before

    def page(self, *, after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        """Return lines in the order of time, and the cursor of those that follow.

        :param after: the cursor: only lines with a higher ``seq``.
        """
        after = max(self.before, after or 0)
        wanted = {"account": self.account, "seq": {"$gt": after, "$lte": self.last}}
        found = db.database()["entries"].find(wanted, batch_size=limit + 1).sort("seq", 1).limit(limit)
        entries = list(found)
        following = entries[-1]["seq"] if entries and entries[-1]["seq"] < self.last else None
        return [_line(line) for line in statement.lines(entries)], following

    def batches(self) -> Iterator[list[dict[str, Any]]]:
        """Return all lines, a batch at a time; no cursor of the database waits for a slow reader in between."""
        cursor: int | None = self.before
        while cursor is not None:
            lines, cursor = self.page(after=cursor, limit=_BATCH)
            yield lines


def between(account_id: ObjectId, start: date | None, end: date | None) -> Passbook:
    """Return an account between two days of India's.

    :param start: by default the first of the last day's month.
    :param end: the last day; by default today.
    :raises InvalidInput: the period ends before it begins, or is longer than 366 days.
    """
    end = end or clock.now().astimezone(INDIA).date()
    start = start or end.replace(day=1)
    if not timedelta(0) <= end - start < timedelta(days=_MOST_DAYS):
        raise InvalidInput(errors={"to": [f"A statement is of 1 to {_MOST_DAYS} days."]})
    first = statement.last_entry(account_id, {"$lt": _midnight(start)})
    last = statement.last_entry(account_id, {"$lt": _midnight(end + timedelta(days=1))})
    before, opening = (first["seq"], first["balance"]) if first else (0, 0)
    until, closing = (last["seq"], last["balance"]) if last else (0, 0)
    return Passbook(
        account=account_id, start=start, end=end, before=before, last=until, opening=opening, closing=closing
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), INDIA).astimezone(UTC)


def _line(line: dict[str, Any]) -> dict[str, Any]:
    is_debit = line["direction"] == "out"
    return line | {"debit": line["amount"] if is_debit else None, "credit": None if is_debit else line["amount"]}
