"""Who is online, in all processes together.

A process says that it lives by one write for all of its connections. One that is silent was killed, and its connections
are taken away by any other. Times are the database's own, so that no two clocks are compared.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.realtime import signals

# A process that was not heard of for so long is dead.
SILENT_SECONDS = 6
_LONGEST_LIST = 1000

# One of a user's connections as it is kept.
_Kept = dict[str, Any]


class Connection(NamedTuple):
    """One of a user's sockets, and the process that holds it."""

    id: ObjectId
    user_id: ObjectId
    process: ObjectId


def enter(connection: Connection, *, most: int) -> list[Connection]:
    """Write down that a user has one connection more; repeating it changes nothing.

    :param most: how many a user may have.
    :returns: the oldest ones above that, which have to go; they are written down until they have gone.
    """
    new = {"id": connection.id, "process": connection.process, "at": clock.now()}
    held = _change(connection.user_id, lambda kept: [*(one for one in kept if one["id"] != connection.id), new])
    return [Connection(one["id"], connection.user_id, one["process"]) for one in held[:-most]]


def leave(connection: Connection) -> None:
    """Write down that a connection has ended."""
    _change(connection.user_id, lambda kept: [one for one in kept if one["id"] != connection.id])


def _change(user_id: ObjectId, change: Callable[[list[_Kept]], list[_Kept]]) -> list[_Kept]:
    """Change the connections that are kept of a user, and return them.

    Who comes or goes thereby is told by a signal of the same transaction, and so exactly once.
    """
    gone, come = signals.new(signals.OFFLINE, user=user_id), signals.new(signals.ONLINE, user=user_id)

    def body(session: ClientSession) -> list[_Kept]:
        presence = db.database()["presence"]
        found = presence.find_one({"_id": user_id}, session=session) or {"connections": []}
        kept = change(found["connections"])
        if kept != found["connections"]:
            after = {"connections": kept, "online": bool(kept)}
            presence.update_one({"_id": user_id}, {"$set": after}, upsert=True, session=session)
        if bool(kept) != bool(found["connections"]):
            signals.insert(come if kept else gone, session=session)
        return kept

    return db.transaction(body)


def is_online(user_ids: Collection[ObjectId]) -> list[ObjectId]:
    """Return which of some users are online, in the order of their ids."""
    return _online({"_id": {"$in": list(user_ids)}}) if user_ids else []


def everybody() -> list[ObjectId]:
    """Return who is online, in the order of their ids; at most a thousand."""
    return _online({})


def beat(process: ObjectId) -> bool:
    """Say that a process lives.

    :returns: whether it was unknown: it is new, or was held for dead and its connections are gone.
    """
    lives = db.database()["presence_processes"].update_one({"_id": process}, [{"$set": {"at": "$$NOW"}}], upsert=True)
    return lives.upserted_id is not None


def sweep() -> None:
    """Take the connections of dead processes away; only a process that was itself heard of all along may judge."""
    processes = db.database()["presence_processes"]
    oldest = {"$subtract": ["$$NOW", SILENT_SECONDS * 1000]}
    for process in list(processes.find({"$expr": {"$lt": ["$at", oldest]}})):
        remove(process["_id"])


def remove(process: ObjectId) -> None:
    """Take all connections of a process away."""
    for user in list(db.database()["presence"].find({"connections.process": process}, {"_id": 1})):
        _change(user["_id"], lambda kept: [one for one in kept if one["process"] != process])
    # Only now: whoever is killed in between leaves it for the next one.
    db.database()["presence_processes"].delete_one({"_id": process})


def _online(wanted: Mapping[str, Any]) -> list[ObjectId]:
    found = db.database()["presence"].find({**wanted, "online": True}, {"_id": 1})
    return [user["_id"] for user in found.sort("_id", 1).limit(_LONGEST_LIST)]
