"""What entries of the ledger sum up to, worked out by the database from the entries themselves.

What moved between two accounts of one user is no income and no expense, and is summed up apart. A payout has several
accounts on its other side, and its one entry counts as a whole; what of it arrived at an account of the payer's own is
taken off what was spent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from bson import ObjectId

from paytm import db
from paytm.analytics.movements import TOP
from paytm.analytics.period import DAY
from paytm.analytics.sums import NOTHING, Sum, added
from paytm.errors import Unavailable
from paytm.ledger.posting import BANK_ACCOUNTS
from paytm.transaction.payouts import KIND as PAYOUT

Document = Mapping[str, Any]
Stages = list[Mapping[str, Any]]

_INTO, _OUT = "into", "out"
_DAY_MILLISECONDS = DAY.days * 24 * 60 * 60 * 1000
_SUMS = {
    "transactions": {"$sum": 1},
    "net": {"$sum": "$amount"},
    "credit": {"$sum": {"$cond": [{"$gt": ["$amount", 0]}, "$amount", 0]}},
}
_ENTRY = dict.fromkeys(("account", "seq", "amount", "balance", "transaction", "createdAt"), True)


class Stretch(NamedTuple):
    """The entries of an account whose ``seq`` is above ``after``, up to ``last``."""

    account: ObjectId
    after: int
    last: int

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self.last - self.after


@dataclass(frozen=True, slots=True)
class Tally:
    """What entries sum up to, by time and by kind, and what of them went from one own account to another, in paise."""

    times: Mapping[Any, Sum] = field(default_factory=dict)
    kinds: Mapping[str, Sum] = field(default_factory=dict)
    own: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            added([*self.times.items(), *other.times.items()]),
            added([*self.kinds.items(), *other.kinds.items()]),
            self.own + other.own,
        )


def tally(stretches: Sequence[Stretch], mine: Sequence[ObjectId], time: Any) -> Tally:
    """Sum entries up.

    :param mine: all accounts of the user.
    :param time: the expression of what is told apart by time.
    :raises Unavailable: not all of them are to be seen, as right after a failover.
    """
    own = {"$cond": [{"$in": ["$other", list(mine)]}, {"$cond": [{"$gt": ["$amount", 0]}, _INTO, _OUT]}, None]}
    key = {"time": time, "kind": "$kind", "own": own if len(mine) > 1 else None}
    rows = aggregate([_of(stretches), {"$group": {"_id": key, **_SUMS}}]) if stretches else []
    if sum(row["transactions"] for row in rows) != sum(stretch.size for stretch in stretches):
        raise Unavailable(retry_after=1)
    counted = [(row["_id"], sum_) for row in rows if (sum_ := _counted(row)) is not NOTHING]
    return Tally(
        added((key["time"], row) for key, row in counted),
        added((key["kind"], row) for key, row in counted),
        sum(int(row["credit"]) for row in rows if row["_id"]["own"] == _INTO),
    )


def _counted(row: Document) -> Sum:
    credit = int(row["credit"])
    if row["_id"]["own"] is None:
        return Sum(row["transactions"], credit, credit - int(row["net"]))
    # What a payout brought to an own account is a part of the one entry that paid it.
    return Sum(debit=-credit) if row["_id"]["own"] == _INTO and row["_id"]["kind"] == PAYOUT else NOTHING


def people(stretches: Sequence[Stretch], mine: Iterable[ObjectId]) -> Stages:
    """Return the stages that lead from entries to ``{other, transactions, credit, debit}``, by the other account."""
    others = {"$match": {"other": {"$nin": [None, *BANK_ACCOUNTS, *mine]}}}
    shown = {"_id": False, "other": "$_id", "debit": {"$subtract": ["$credit", "$net"]}}
    sums = {"$group": {"_id": "$other", **_SUMS}}
    return [_of(stretches), others, sums, {"$project": {**shown, "transactions": True, "credit": True}}]


def biggest(stretches: Sequence[Stretch], mine: Iterable[ObjectId]) -> list[dict[str, Any]]:
    """Return the entries that rank highest, the first one first."""
    if not stretches:
        return []
    told: Stages = [{"$match": {"other": {"$nin": list(mine)}}}, {"$set": {"size": {"$abs": "$amount"}}}]
    highest = {"$sort": {"size": -1, "createdAt": -1, "seq": -1, "account": -1}}
    return aggregate([_of(stretches), *told, highest, {"$limit": TOP}, {"$project": {"_id": False, **_ENTRY}}])


def rank(entry: Document) -> Any:
    """Return what an entry is compared by: who moved more, and of equal ones who is newer, ranks higher."""
    return abs(entry["amount"]), entry["createdAt"], entry["seq"], entry["account"]


def aggregate(stages: Stages) -> list[dict[str, Any]]:
    """Return what stages make of the entries."""
    return list(db.database()["entries"].aggregate(stages, allowDiskUse=True))


def day(time: str, instants: Sequence[datetime]) -> Any:
    """Return the expression of the number of the day, from 0 on, that a time lies in.

    :param instants: where each day begins, and where the last one ends.
    """
    # Behind a day that clocks were changed on, counting by 24 hours begins anew.
    begins = [n for n in range(len(instants) - 1) if n == 0 or instants[n] - instants[n - 1] != DAY]
    *earlier, last = pairwise([*begins, len(instants) - 1])
    number = _day(time, instants, *last)
    for first, following in reversed(earlier):
        is_earlier = {"$lt": [time, instants[following]]}
        number = {"$cond": [is_earlier, _day(time, instants, first, following), number]}
    return number


def _day(time: str, instants: Sequence[datetime], first: int, following: int) -> Any:
    passed = {"$floor": {"$divide": [{"$subtract": [time, instants[first]]}, _DAY_MILLISECONDS]}}
    # The last one of them may be longer.
    return {"$toInt": {"$add": [first, {"$min": [passed, following - first - 1]}]}}


def _of(stretches: Sequence[Stretch]) -> Mapping[str, Any]:
    # Without any, what nothing is.
    return {"$match": {"$or": [_range(stretch) for stretch in stretches] or [{"_id": {"$in": []}}]}}


def _range(stretch: Stretch) -> Mapping[str, Any]:
    return {"account": stretch.account, "seq": {"$gt": stretch.after, "$lte": stretch.last}}
