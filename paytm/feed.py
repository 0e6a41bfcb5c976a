"""What people follow: records that change, found by the time of their last change. There is no log beside them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.api import Schema

Document = Mapping[str, Any]

# By how much the clocks of hosts may differ.
_CLOCKS_DIFFER = timedelta(seconds=10)


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Records of one kind, each of which is told of with its last change, and as it is now.

    :param event: what it is called when it is told.
    :param letter: what stands for that in cursors.
    :param people: the fields with whom it is told; for each an index begins with it and goes on with ``time``.
    :param time: the field with the time of the last change, as :func:`paytm.clock.later_than` gives it.
    :param subject: the field with the id by which people know what comes twice.
    :param schema: what is told of one.
    :param show: returns what is told of records.
    """

    event: str
    letter: str
    collection: str
    people: tuple[str, ...]
    time: str
    subject: str = "_id"
    schema: type[Schema]
    show: Callable[[Sequence[Document]], list[Any]]

    def wanted(self, user_id: ObjectId, since: datetime) -> Document:
        """Return the query for a user's records that changed after a time."""
        return {"$or": [{person: user_id, self.time: {"$gt": since}} for person in self.people]}

    def pipeline(self, user_id: ObjectId, since: datetime, limit: int) -> list[Document]:
        """Return what finds the first of them in time, each with what it is: ``{at, letter, id, document}``."""
        told = {"at": f"${self.time}", "letter": {"$literal": self.letter}, "id": f"${self.subject}"}
        return [
            {"$match": self.wanted(user_id, since)},
            {"$sort": {self.time: 1}},
            {"$limit": limit},
            {"$project": {"_id": 0, **told, "document": "$$ROOT"}},
        ]

    def one(self, id_: Any) -> tuple[str, Any]:
        """Return the event of a record, and what it tells."""
        (document,) = db.database()[self.collection].find({"_id": id_})
        (shown,) = self.show([document])
        return self.event, shown


def margin() -> timedelta:
    """Return how long after its time a change can still appear: the longest transaction, on the slowest clock."""
    return timedelta(seconds=db.database().client.options.timeout or 0) + _CLOCKS_DIFFER
