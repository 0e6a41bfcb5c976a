"""People who want to hear nothing of somebody: neither messages nor requests for money. Money still arrives.

The two do not see each other online or typing either, as if both were away. Nobody is told of a block.
"""

from collections.abc import Collection, Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, cursor, db
from paytm.chat import conversations
from paytm.cursor import Place
from paytm.errors import Blocked
from paytm.realtime import signals
from paytm.user import directory


def block(owner: ObjectId, other: ObjectId) -> None:
    """Hear nothing of somebody any more; again is as good as once.

    :raises InvalidInput: it is the owner's own id.
    :raises NotFound: there is no such user.
    """
    conversations.check_other(owner, other)
    blocked = {"owner": owner, "other": other, "createdAt": clock.now()}
    known = {"_id": conversations.key(owner, other)}
    if db.database()["blocks"].update_one(known, {"$setOnInsert": blocked}, upsert=True).upserted_id is not None:
        _signal(owner, other)


def unblock(owner: ObjectId, other: ObjectId) -> None:
    """Hear of somebody again, who need not have been blocked."""
    if db.database()["blocks"].delete_one({"_id": conversations.key(owner, other)}).deleted_count:
        _signal(owner, other)


def page(owner: ObjectId, *, before: str | None, limit: int) -> tuple[list[Mapping[str, Any]], str | None]:
    """Return a page of the people whom somebody blocked, the latest first, and the cursor of the next one.

    :raises InvalidInput: the cursor is none.
    """
    older = cursor.older(cursor.read(before), id_="other")
    newest = db.database()["blocks"].find({"owner": owner, **older}).sort([("createdAt", -1), ("other", -1)])
    found = list(newest.limit(limit + 1))
    shown = found[:limit]
    people = directory.people(blocked["other"] for blocked in shown)
    following = cursor.write(Place(shown[-1]["createdAt"], shown[-1]["other"])) if len(found) > limit else None
    return [people.get(blocked["other"], {"_id": blocked["other"]}) for blocked in shown], following


def check(one: ObjectId, other: ObjectId, *, session: ClientSession) -> None:
    """See to it that neither of two people blocked the other, as the given transaction finds it.

    A block that is made at the same moment counts as made a moment later: it depends on nothing that is said.

    :raises Blocked: one did.
    """
    keys = [conversations.key(one, other), conversations.key(other, one)]
    if db.database()["blocks"].find_one({"_id": {"$in": keys}}, {"_id": 1}, session=session) is not None:
        raise Blocked


def apart(user_ids: Collection[ObjectId]) -> dict[ObjectId, set[ObjectId]]:
    """Return for each of some users with whom there is a block, whoever made it."""
    found: dict[ObjectId, set[ObjectId]] = {user_id: set() for user_id in user_ids}
    either = [{side: {"$in": list(user_ids)}} for side in ("owner", "other")]
    for kept in db.database()["blocks"].find({"$or": either}):
        for one, other in ((kept["owner"], kept["other"]), (kept["other"], kept["owner"])):
            if one in found:
                found[one].add(other)
    return found


def _signal(owner: ObjectId, other: ObjectId) -> None:
    """Let sockets show two people each other no longer, or again, unless the other one's block lasts."""
    blocks, rows = db.database()["blocks"], db.database()["conversations"]
    if blocks.find_one({"_id": conversations.key(other, owner)}, {"_id": 1}) is None:
        is_known = rows.find_one({"_id": conversations.key(owner, other)}, {"_id": 1}) is not None
        signals.send(signals.APART, people=[owner, other], acquainted=is_known)
