"""What transactions sum up to, exactly; amounts in paise."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

Key = TypeVar("Key")


class Sum(NamedTuple):
    """How many ``transactions`` there were, what came in with them (``credit``) and what went out (``debit``)."""

    transactions: int = 0
    credit: int = 0
    debit: int = 0

    @property
    def moved(self) -> int:
        """What came in and what went out together."""
        return self.credit + self.debit

    @property
    def average(self) -> int:
        """What a transaction moved on the average, rounded half to even; 0 where there is none."""
        return round(Fraction(self.moved, self.transactions)) if self.transactions else 0


NOTHING = Sum()
NAMES = Sum._fields


def read(row: Mapping[str, Any]) -> Sum:
    """Return the sum that a document holds."""
    return Sum(int(row["transactions"]), int(row["credit"]), int(row["debit"]))


def total(rows: Iterable[Sum]) -> Sum:
    """Add sums up."""
    return added((None, row) for row in rows).get(None, NOTHING)


def added(rows: Iterable[tuple[Key, Sum]]) -> dict[Key, Sum]:
    """Add sums up by their keys, in the order in which these come."""
    found: dict[Key, list[int]] = {}
    for key, (transactions, credit, debit) in rows:
        row = found.setdefault(key, [0, 0, 0])
        row[0] += transactions
        row[1] += credit
        row[2] += debit
    return {key: Sum(*row) for key, row in found.items()}
