"""Money that moves in the accounts of those who listen: each movement once, in the order of the account."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Any

from bson import ObjectId

from paytm import clock, db, feed
from paytm.account import statement
from paytm.realtime import cursors
from paytm.realtime.cursors import Position, Reached
from paytm.realtime.schemas import TRANSFER, Movement

# Whom an event is for, its name, and what it says.
Told = tuple[ObjectId, str, Any]

_movement = Movement()
_CLOSED = "closed"
# How much is read at once of what moved.
_PAGE = 500


def position(user_id: ObjectId) -> dict[ObjectId, int]:
    """Return the last entry of each account of a user that may still move."""
    wanted = {"userId": user_id, "status": {"$ne": _CLOSED}}
    return {account["_id"]: account["seq"] for account in db.database()["accounts"].find(wanted, {"seq": 1})}


def known(user_id: ObjectId, given: Position) -> dict[ObjectId, int]:
    """Return the position in a user's own accounts that somebody gives; accounts that it does not name are new."""
    mine = db.database()["accounts"].find({"userId": user_id}, {"status": 1, "seq": 1})
    return {
        account["_id"]: given.get(account["_id"], 0)
        for account in mine
        # What closed before the position was taken is not named in it, and holds nothing new; nor does what was told
        # to its end since.
        if account["status"] != _CLOSED or given.get(account["_id"], account["seq"]) < account["seq"]
    }


def after(position: Position, limit: int) -> list[dict[str, Any]]:
    """Return the entries of accounts behind a position, oldest first and each account's in order; at most ``limit``."""
    if not position:
        return []
    behind = [{"account": account, "seq": {"$gt": seq}} for account, seq in position.items()]
    # By number within an account, along its index; in accounts time goes with it.
    entries = [
        entry for wanted in behind for entry in db.database()["entries"].find(wanted).sort("seq", 1).limit(limit)
    ]
    return sorted(entries, key=_in_time)[:limit]


def shown(entries: Sequence[Mapping[str, Any]], start: Reached) -> list[dict[str, Any]]:
    """Return the events of one user's entries, each as a socket would tell it.

    :param start: what was reached before them.
    """
    reached, told = dict(start.position), []
    for entry, line in zip(entries, statement.lines(entries), strict=True):
        reached[entry["account"]] = entry["seq"]
        since = _older(entry["createdAt"])
        told.append({"event": TRANSFER, "data": _data(entry, line, reached, min(since, start.again or since))})
    return told


def behind(entries: Sequence[Mapping[str, Any]], start: Position) -> Position:
    """Return the position behind entries that follow another one."""
    return {**start, **{entry["account"]: entry["seq"] for entry in entries}}


def _data(entry: Mapping[str, Any], line: Mapping[str, Any], position: Position, since: datetime) -> Any:
    cursor = cursors.write(Reached(position, since))
    return _movement.dump({**line, "account": entry["account"], "cursor": cursor})


def _older(at: datetime) -> datetime:
    """Return up to when everything else has been told, when something is told that was made at a time."""
    return at - feed.margin()


def _in_time(entry: Mapping[str, Any]) -> Any:
    return entry["createdAt"], entry["account"], entry["seq"]


class Movements:
    """Follows the accounts of users who have a socket in this process."""

    def __init__(self) -> None:
        self._positions: dict[ObjectId, dict[ObjectId, int]] = {}
        self._owners: dict[ObjectId, ObjectId] = {}
        # When what was told last was made; what comes after a gap has cursors from before it.
        self._heard = clock.now()
        self._lock = Lock()

    def follow(self, user_id: ObjectId) -> None:
        """Tell of what moves from now on; a user who is followed already stays where the last event was."""
        current = position(user_id)
        with self._lock:
            mine = self._positions.setdefault(user_id, current)
            self._owners.update(dict.fromkeys(mine, user_id))

    def is_followed(self, user_id: ObjectId) -> bool:
        """Tell whether a user has a socket here."""
        with self._lock:
            return user_id in self._positions

    def opened(self, account_id: ObjectId, user_id: ObjectId) -> None:
        """Follow an account that a user opened just now."""
        with self._lock:
            if user_id in self._positions:
                self._positions[user_id].setdefault(account_id, 0)
                self._owners[account_id] = user_id

    def leave(self, user_id: ObjectId) -> None:
        """Forget a user who has no socket here any more."""
        with self._lock:
            for account in self._positions.pop(user_id, {}):
                self._owners.pop(account, None)

    def told(self, row: Mapping[str, Any]) -> Iterator[Told]:
        """Yield what there is to tell about a row of the outbox on transactions that completed together."""
        with self._lock:
            self._heard = row["createdAt"]
            touched = {account: self._owners[account] for account in row.get("accounts", ()) if account in self._owners}
        return self._news(touched)

    def all_told(self) -> Iterator[Told]:
        """Yield what there is to tell about any account, where it is not known what happened."""
        with self._lock:
            touched = dict(self._owners)
        return self._news(touched)

    def _news(self, touched: Mapping[ObjectId, ObjectId]) -> Iterator[Told]:
        entries = self._entries(touched)
        while entries:
            yield from self._of(touched, entries)
            entries = self._entries(touched) if len(entries) == _PAGE else []

    def _entries(self, touched: Mapping[ObjectId, ObjectId]) -> list[dict[str, Any]]:
        with self._lock:
            behind = [
                {"account": account, "seq": {"$gt": self._positions[owner][account]}}
                for account, owner in touched.items()
                if account in self._positions.get(owner, {})
            ]
        if not behind:
            return []
        # One question for all of them; each part of it is a walk along the index, and so is their merging.
        return list(db.database()["entries"].find({"$or": behind}).sort([("account", 1), ("seq", 1)]).limit(_PAGE))

    def _of(self, touched: Mapping[ObjectId, ObjectId], entries: Iterable[dict[str, Any]]) -> Iterator[Told]:
        oldest_first, heard = sorted(entries, key=_in_time), self._heard
        for entry, line in zip(oldest_first, statement.lines(oldest_first), strict=True):
            user_id, account, seq = touched[entry["account"]], entry["account"], entry["seq"]
            with self._lock:
                mine = self._positions.get(user_id)
                if mine is None or mine.get(account, seq) >= seq:
                    continue
                mine[account] = seq
                reached = dict(mine)
            # Entries may be newer than what the stream has come to, and then other things are still to be told.
            yield user_id, TRANSFER, _data(entry, line, reached, _older(min(entry["createdAt"], heard)))
