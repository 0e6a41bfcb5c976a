"""All that the stand-in knows: in memory, behind one lock, and in a file if it has one."""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from paytm.dev.stripe import refusals
from paytm.dev.stripe.objects import Object

_KINDS = ("payment_intents", "sessions", "charges", "refunds", "events", "keys")
# The oldest go first, so that a long run neither fills the memory nor writes ever more.
_MOST_OF_A_KIND = 2000
_COMPARISONS = {
    "gt": lambda created, bound: created > bound,
    "gte": lambda created, bound: created >= bound,
    "lt": lambda created, bound: created < bound,
    "lte": lambda created, bound: created <= bound,
}


class Store:
    """Objects by kind and id.

    :param file: where they outlive the process.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self._file = file
        self._is_changed = False
        saved = orjson.loads(file.read_bytes()) if file and file.exists() else {}
        self._objects: dict[str, dict[str, Object]] = {kind: saved.get(kind, {}) for kind in _KINDS}

    @contextlib.contextmanager
    def open(self) -> Iterator[None]:
        """Hold the lock, and save in the end if something was put."""
        with self.lock:
            yield
            if self._is_changed:
                self._save()
                self._is_changed = False

    def put(self, kind: str, id_: str, object_: Object) -> None:
        """Keep an object."""
        self._is_changed = True
        objects = self._objects[kind]
        objects[id_] = object_
        if len(objects) > _MOST_OF_A_KIND:
            del objects[next(iter(objects))]

    def find(self, kind: str, id_: str) -> Object | None:
        """Return an object, or None."""
        return self._objects[kind].get(id_)

    def get(self, kind: str, id_: str, *, param: str = "id") -> Object:
        """Return an object.

        :raises Refusal: 404, there is none.
        """
        found = self.find(kind, id_)
        if found is None:
            raise refusals.missing(kind, id_, param=param)
        return found

    def all(self, kind: str) -> list[Object]:
        """Return all of a kind, newest first."""
        return list(reversed(self._objects[kind].values()))

    def page(
        self, kind: str, *, limit: int, starting_after: str | None, created: dict[str, int], **equal: Any
    ) -> tuple[list[Object], bool]:
        """Return some of a kind, newest first, and whether there are more.

        :raises Refusal: 404, there is none to start after.
        """
        objects = self.all(kind)
        if starting_after is not None:
            objects = objects[objects.index(self.get(kind, starting_after, param="starting_after")) + 1 :]
        found = [
            object_
            for object_ in objects
            if all(_COMPARISONS[name](object_["created"], bound) for name, bound in created.items())
            and all(object_[name] == value for name, value in equal.items())
        ]
        return found[:limit], len(found) > limit

    def _save(self) -> None:
        if self._file:
            # Renamed when complete, so that a killed stand-in finds all of its past.
            partial = self._file.with_suffix(".partial")
            partial.touch(mode=0o600)
            partial.write_bytes(orjson.dumps(self._objects))
            partial.replace(self._file)
