"""What changed for somebody apart from money: messages, reads, orders and requests, as the records themselves say."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from bson import ObjectId

from paytm import db
from paytm.chat import telling as chat
from paytm.feed import Feed
from paytm.order import telling as orders
from paytm.realtime.cursors import Mark, Reached
from paytm.transaction import telling as requests

Document = Mapping[str, Any]

FEEDS = (chat.SENT, chat.DELETED, chat.READ, orders.UPDATED, requests.UPDATED)
_BY_LETTER = {feed.letter: feed for feed in FEEDS}


class Change(NamedTuple):
    mark: Mark
    feed: Feed
    document: Document


def after(user_id: ObjectId, start: Reached, limit: int) -> tuple[list[Change], datetime]:
    """Return what changed for a user and was not told yet, oldest first, and as of when that is."""
    most = limit + len(start.told)
    first, *others = ((feed.collection, feed.pipeline(user_id, start.since, most)) for feed in FEEDS)
    unions = [{"$unionWith": {"coll": name, "pipeline": pipeline}} for name, pipeline in others]
    # One question for all of them, because people ask who do not know that nothing happened.
    oldest = [*first[1], *unions, {"$sort": {"at": 1}}, {"$limit": most}]
    found, as_of = db.snapshot(first[0], oldest)
    changes = sorted(map(_change, found), key=attrgetter("mark"))
    return [change for change in changes if change.mark not in start.told][:limit], as_of


def _change(found: Document) -> Change:
    mark = Mark(found["at"], found["letter"], found["id"])
    return Change(mark, _BY_LETTER[mark.letter], found["document"])


def shown(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """Return the events of changes, each as a socket would tell it now."""
    told: dict[Mark, Any] = {}
    for feed in FEEDS:
        own = [change for change in changes if change.feed is feed]
        if own:
            payloads = feed.show([change.document for change in own])
            told.update(zip((change.mark for change in own), payloads, strict=True))
    return [{"event": change.feed.event, "data": told[change.mark]} for change in changes]
