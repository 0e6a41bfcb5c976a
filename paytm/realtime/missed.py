"""What somebody has missed while no socket told it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from bson import ObjectId

from paytm import clock, feed
from paytm.realtime import changes, cursors, movements
from paytm.realtime.changes import Change
from paytm.realtime.cursors import Reached

# An entry, or a change of something else.
_Happened = Mapping[str, Any] | Change


def since(user_id: ObjectId, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return what happened after a cursor, oldest first, the cursor after that, and whether there is more.

    :param cursor: of the last answer, or of a transfer that is known; None for none, which brings the current one and
        no events.
    :raises InvalidInput: the cursor is none.
    """
    # Before anything is read: so all that was committed by then is there to be read, if the database's time agrees.
    now = clock.now()
    if cursor is None:
        return _now(user_id, now)
    given = cursors.read(cursor, now=now - feed.margin())
    start = given._replace(position=movements.known(user_id, given.position))
    # Money is read first, because its events have cursors, which say that everything older than the margin was told.
    entries = movements.after(start.position, limit + 1)
    changed, as_of = changes.after(user_id, start, limit + 1)
    happened = sorted(cast(list[_Happened], [*entries, *changed]), key=_time)
    page = happened[:limit]
    told = [one for one in page if isinstance(one, Change)]
    moved = [one for one in page if not isinstance(one, Change)]
    of_money, of_changes = iter(movements.shown(moved, start)), iter(changes.shown(told))
    left = changed[len(told) :]
    waiting = left[0].mark if left else None
    marks = (change.mark for change in told)
    reached = cursors.advance(start, marks, waiting=waiting, settled=min(now, as_of) - feed.margin())
    return {
        "events": [next(of_changes if isinstance(one, Change) else of_money) for one in page],
        "cursor": cursors.write(reached._replace(position=movements.behind(moved, start.position))),
        "more": len(happened) > limit,
    }


def _now(user_id: ObjectId, now: datetime) -> dict[str, Any]:
    start = Reached(movements.position(user_id), now - feed.margin())
    known, as_of = changes.after(user_id, start, cursors.MOST_TOLD)
    settled = min(now, as_of) - feed.margin()
    marks = (change.mark for change in known)
    reached = cursors.advance(start._replace(since=settled), marks, waiting=None, settled=settled)
    return {"events": [], "cursor": cursors.write(reached), "more": False}


def _time(happened: _Happened) -> datetime:
    at: datetime = happened.mark.at if isinstance(happened, Change) else happened["createdAt"]
    return at
