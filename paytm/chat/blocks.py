"""People who want to hear nothing of somebody: neither messages nor requests for money. Money still arrives."""

from collections.abc import Mapping
from typing import Any

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import clock, cursor, db
from paytm.chat import conversations
from paytm.cursor import Place
from paytm.errors import Blocked
from paytm.user import directory


def block(owner: ObjectId, other: ObjectId) -> None:
    """Hear nothing of somebody any more; again is as good as once.

    :raises InvalidInput: it is the owner's own id.
    :raises NotFound: there is no such user.
    """
    conversations.check_other(owner, other)
    blocked = {"owner": owner, "other": other, "createdAt": clock.now()}
    known = {"_id": conversations.key(owner, other)}
    db.database()["blocks"].update_one(known, {"$setOnInsert": blocked}, upsert=True)


def unblock(owner: ObjectId, other: ObjectId) -> None:
    """Hear of somebody again, who need not have been blocked."""
    db.database()["blocks"].delete_one({"_id": conversations.key(owner, other)})


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
