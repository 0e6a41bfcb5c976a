"""Lists in one of several orders, and their cursors: the last value that was shown, and its id, which breaks ties."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from pymongo import ASCENDING

from paytm.errors import InvalidInput
from paytm.money import MAX_PAISE


def paise(text: str) -> int:
    """Read an amount from a cursor; what a client wrote there itself is brought into range."""
    return max(0, min(int(text), MAX_PAISE))


@dataclass(frozen=True)
class Order:
    """By which field a list is sorted, and which way; its ties go by id the same way.

    :param name: what clients call it.
    :param read: brings a value back from a cursor.
    """

    name: str
    field: str
    way: int
    read: Callable[[str], Any] = str

    @property
    def keys(self) -> list[tuple[str, int]]:
        """What ``sort`` takes."""
        return [("_id", self.way)] if self.field == "_id" else [(self.field, self.way), ("_id", self.way)]

    def cursor(self, document: Mapping[str, Any]) -> str:
        """Return the cursor of what follows a document."""
        text = f"{self.name}:{document['_id']}:{document[self.field]}"
        return urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def behind(self, cursor: str) -> dict[str, Any]:
        """Return what a query asks of what follows a cursor.

        :raises InvalidInput: it is none of this order.
        """
        value, id_ = self._read(cursor)
        beyond = "$gt" if self.way == ASCENDING else "$lt"
        if self.field == "_id":
            return {"_id": {beyond: id_}}
        return {"$or": [{self.field: {beyond: value}}, {self.field: value, "_id": {beyond: id_}}]}

    def _read(self, cursor: str) -> tuple[Any, ObjectId]:
        try:
            written, id_, value = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(":", 2)
            if written != self.name:
                raise ValueError(written)
            return self.read(value), ObjectId(id_)
        except (ValueError, InvalidId) as error:
            raise InvalidInput(errors={"cursor": ["Not a cursor of this order."]}) from error


def named(*orders: Order) -> dict[str, Order]:
    """Return orders by their names."""
    return {order.name: order for order in orders}
