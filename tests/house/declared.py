"""What databases enforce, as declared: the digest of each validator and index, beside the list of migrations.

``python -m tests.house.declared`` notes down what is new. What was changed stays as it was noted, for a migration to
come with it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from paytm.cli import COLLECTIONS
from paytm.db import Collection
from tests.house.source import PACKAGE

FILE = PACKAGE / "migrations" / "declared.txt"
GONE = "-"


class Note(NamedTuple):
    """A line of the file: the digest, and which migration brought it to databases that had another one."""

    digest: str
    migration: str | None = None


def declared(collections: Iterable[Collection] = COLLECTIONS) -> dict[str, str]:
    """Return the digest of every validator and index, by its name."""
    found = {}
    for collection in collections:
        found[f"{collection.name} validator"] = _digest(collection.schema)
        for index in collection.declared_indexes:
            keys = list(index.document["key"].items())
            found[f"{collection.name} {index.document['name']}"] = _digest({**index.document, "key": keys})
    return found


def noted() -> dict[str, Note]:
    """Return the lines of the file, by the names of what they are about."""
    lines = [line.split() for line in FILE.read_text().splitlines()]
    return {f"{collection} {what}": Note(*rest) for collection, what, *rest in lines}


def changed(now: Mapping[str, str], notes: Mapping[str, Note]) -> set[str]:
    """Return the names of what is not as it was noted, or is there no more."""
    return {name for name, note in notes.items() if now.get(name, GONE) != note.digest}


def _digest(declaration: object) -> str:
    return hashlib.sha256(json.dumps(declaration, sort_keys=True, default=repr).encode()).hexdigest()[:12]


def _note_what_is_new() -> None:
    notes = {name: Note(digest) for name, digest in declared().items()} | noted()
    lines = [" ".join(filter(None, (name, *note))) for name, note in sorted(notes.items())]
    FILE.write_text("".join(f"{line}\n" for line in lines))


if __name__ == "__main__":
    FILE.touch()
    _note_what_is_new()
