"""What a report is made from, whatever its source."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from paytm.analytics.sums import NOTHING, Sum, added, total

WALLET, CASHBOOK, ALL = SOURCES = ("wallet", "cashbook", "all")

# How many people, and how many of the biggest movements, are told.
TOP = 10

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """What moved in a period; amounts in paise.

    :param days: those on which something did.
    :param before: what moved in the period before, as long as this one.
    :param own: what moved between accounts of one's own, which is in nothing else.
    :param people: ``{source, who, id, transactions, credit, debit}``, those with whom most was moved first.
        ``who`` leads to a name, which may change: it is an account, or a record of the cash book.
    :param biggest: ``{source, who, id, date, kind, direction, amount, counterparty}``, the biggest first.
    """

    days: Mapping[date, Sum] = field(default_factory=dict)
    kinds: Mapping[str, Sum] = field(default_factory=dict)
    before: Sum = NOTHING
    own: int = 0
    people: Sequence[Row] = ()
    biggest: Sequence[Row] = ()

    def __add__(self, other: "Movements") -> "Movements":
        return Movements(
            days=added([*self.days.items(), *other.days.items()]),
            kinds=added([*self.kinds.items(), *other.kinds.items()]),
            before=total([self.before, other.before]),
            own=self.own + other.own,
            people=biggest_first([*self.people, *other.people], lambda row: row["credit"] + row["debit"]),
            biggest=biggest_first([*self.biggest, *other.biggest], lambda row: row["amount"]),
        )


def biggest_first(rows: Iterable[Row], size: Callable[[Row], int]) -> list[Row]:
    """Return the few rows to be told; of equal ones those that came first."""
    return sorted(rows, key=size, reverse=True)[:TOP]
