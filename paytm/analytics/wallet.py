"""What moved in all accounts of a user together."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId

from paytm.account import positions, statement
from paytm.analytics import lines, summaries, sums
from paytm.analytics.lines import Stretch, Tally
from paytm.analytics.movements import TOP, WALLET, Movements, Row
from paytm.analytics.period import Period
from paytm.analytics.summaries import Runs
from paytm.ledger.posting import BANK_ACCOUNTS


def movements(seqs: Mapping[ObjectId, int], period: Period) -> Movements:
    """Return what moved in a period.

    :param seqs: how many entries each account of the user has; later ones do not count, so that the same numbers and
        the same period always lead to the same.
    """
    mine, instants = list(seqs), period.instants()
    bounds = (period.before.instants()[0], instants[0], instants[-1])
    earlier, begin, end = (
        {account: positions.at(account, bound, latest=seq) for account, seq in seqs.items()} for bound in bounds
    )
    runs, rest = _cut(begin, end)
    before, during = _tally(*_cut(earlier, begin), mine, None), _tally(runs, rest, mine, instants)
    days = period.days
    return Movements(
        days={days[number]: row for number, row in during.times.items()},
        kinds=during.kinds,
        before=sums.total(before.kinds.values()),
        own=during.own,
        people=_people(runs, rest, mine),
        biggest=_biggest(runs, rest, mine, period),
    )


def _cut(after: Mapping[ObjectId, int], last: Mapping[ObjectId, int]) -> tuple[list[Runs], list[Stretch]]:
    """Return the full runs of entries between two positions of all accounts, summed up, and what is outside of them."""
    cuts = [summaries.split(Stretch(account, after[account], seq)) for account, seq in last.items()]
    runs = [run for found, _ in cuts for run in found]
    for run in runs:
        summaries.complete(run, list(last))
    return runs, [edge for _, rest in cuts for edge in rest]


def _tally(runs: Sequence[Runs], rest: Sequence[Stretch], mine: Sequence[ObjectId], instants: Any) -> Tally:
    """Sum up what is in runs and what is not, by days where there are any."""
    if instants is None:
        return summaries.tally(runs, None) + lines.tally(rest, mine, None)
    in_runs = summaries.tally(runs, lines.day("$times.at", instants))
    return in_runs + lines.tally(rest, mine, lines.day("$createdAt", instants))


def _people(runs: Sequence[Runs], rest: Sequence[Stretch], mine: Sequence[ObjectId]) -> list[Row]:
    with_runs = {"$unionWith": {"coll": summaries.NAME, "pipeline": summaries.people(runs)}}
    together = {name: {"$sum": f"${name}"} for name in sums.NAMES}
    stages = [
        *lines.people(rest, mine),
        *([with_runs] if runs else []),
        {"$group": {"_id": "$other", **together}},
        {"$set": {"moved": {"$add": ["$credit", "$debit"]}}},
        {"$sort": {"moved": -1, "_id": 1}},
        {"$limit": TOP},
    ]
    return [
        {"source": WALLET, "who": row["_id"], "id": row["_id"], **{name: row[name] for name in sums.NAMES}}
        for row in lines.aggregate(stages)
    ]


def _biggest(runs: Sequence[Runs], rest: Sequence[Stretch], mine: Sequence[ObjectId], period: Period) -> list[Row]:
    found = [*summaries.biggest(runs), *lines.biggest(rest, mine)]
    entries = sorted(found, key=lines.rank, reverse=True)[:TOP]
    return [_movement(line, period) for line in statement.nameless(entries)]


def _movement(line: Mapping[str, Any], period: Period) -> Row:
    told = {name: line[name] for name in ("id", "kind", "direction", "amount", "counterparty")}
    date = line["createdAt"].astimezone(period.zone).date()
    other = line["counterparty"]["id"]
    # The bank's accounts are nobody's, and have their names already.
    return {"source": WALLET, "who": None if other in BANK_ACCOUNTS else other, **told, "date": str(date)}
