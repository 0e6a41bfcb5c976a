"""Up to where somebody knows what happened.

Of money it is the last entry of each of one's accounts. A single time would not do: what was made earlier in one
account may be committed later than what was seen in another.

Of everything else it is a time, back by the margin within which changes still appear, and whatever of the margin was
told already. Where that is too much, the time goes forward to the end and then back, and some of it is told again.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from bson import ObjectId

from paytm.clock import TICK
from paytm.errors import InvalidInput

# How much of the margin a cursor says that it was told: two thousand characters' worth.
MOST_TOLD = 64
_EPOCH = datetime.fromtimestamp(0, UTC)
_ENTRY = r"[0-9a-f]{24}-\d{1,18}"
_FORM = re.compile(rf"{_ENTRY}(\.{_ENTRY})*(~\d{{1,13}}(-\d{{1,13}})?(~[a-z][0-9a-f]{{24}}\d{{1,13}})*)?", re.ASCII)

# The number of the last entry that is known, by account.
Position = Mapping[ObjectId, int]


class Mark(NamedTuple):
    """A change of something: a later one of the same thing has another mark."""

    at: datetime
    letter: str
    id: ObjectId


class Reached(NamedTuple):
    """What a cursor stands for.

    :param since: everything that changed up to then was told.
    :param told: and of what changed later, these.
    :param again: where to begin once more after the last page, because ``since`` went on without regard to the margin.
    """

    position: Position
    since: datetime
    told: frozenset[Mark] = frozenset()
    again: datetime | None = None


def write(reached: Reached) -> str:
    """Return a cursor as clients keep it."""
    money = ".".join(f"{account}-{seq}" for account, seq in sorted(reached.position.items()))
    since = "-".join(str((at - _EPOCH) // TICK) for at in (reached.since, reached.again) if at)
    told = (f"{mark.letter}{mark.id}{(mark.at - reached.since) // TICK}" for mark in sorted(reached.told))
    return "~".join([money, since, *told])


def read(cursor: str, *, now: datetime) -> Reached:
    """Return what a cursor stands for.

    :param now: from when on to tell of everything else, where it is an old cursor that knows of money alone.
    :raises InvalidInput: it is none.
    """
    if not _FORM.fullmatch(cursor):
        raise InvalidInput(errors={"since": ["Not a cursor."]})
    money, *more = cursor.split("~")
    entries = (entry.split("-") for entry in money.split("."))
    position = {ObjectId(account): int(seq) for account, seq in entries}
    if not more:
        return Reached(position, now)
    since, *again = (_EPOCH + int(at) * TICK for at in more[0].split("-"))
    told = (Mark(since + int(mark[25:]) * TICK, mark[0], ObjectId(mark[1:25])) for mark in more[1:])
    return Reached(position, since, frozenset(told), *again)


def advance(start: Reached, told: Iterable[Mark], *, waiting: Mark | None, settled: datetime) -> Reached:
    """Return what is reached when more was told.

    :param told: the oldest of what was left.
    :param waiting: the oldest of what is left now; None where nothing is.
    :param settled: nothing that changed up to then can still appear.
    """
    known = start.told.union(told)
    bound = min(settled, waiting.at - TICK) if waiting else settled
    since = max([start.since, *(mark.at for mark in known if mark.at <= bound)])
    later = _later(known, since)
    if waiting is None:
        since = start.again or since
        return start._replace(since=since, told=frozenset(_later(known, since)[-MOST_TOLD:]), again=None)
    if len(later) <= MOST_TOLD:
        return start._replace(since=since, told=frozenset(later))
    onwards = waiting.at - TICK
    # What is left of it was made in the very millisecond of what is waiting.
    return start._replace(since=onwards, told=frozenset(_later(known, onwards)), again=start.again or since)


def _later(marks: Iterable[Mark], since: datetime) -> list[Mark]:
    return sorted(mark for mark in marks if mark.at > since)
