"""What somebody has missed while no socket told it."""

from typing import Any

from bson import ObjectId

from paytm.realtime import cursors, movements


def since(user_id: ObjectId, cursor: str | None, limit: int) -> dict[str, Any]:
    """Return what happened after a cursor, oldest first, and the cursor after that.

    :param cursor: of the last event that is known; None for none, which brings the current one and no events.
    :raises InvalidInput: the cursor is none.
    """
    if cursor is None:
        return {"events": [], "cursor": cursors.write(movements.position(user_id))}
    start = movements.known(user_id, cursor)
    entries = movements.after(start, limit)
    lines = movements.lines(entries, start)
    events = [{"event": movements.TRANSFER, "data": line} for line in lines]
    return {"events": events, "cursor": lines[-1]["cursor"] if lines else cursors.write(start)}
