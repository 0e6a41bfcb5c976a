"""Bringing a database up to date: what is missing is made, what has changed is migrated, and both are noted down.

Any number of these may run at once, beside processes that serve, of this version and of the one before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event

from paytm.db import Collection
from paytm.migrations import making, record

_POLL_SECONDS = 0.25


class DatabaseIsNewer(Exception):
    """A newer version has migrated the database: it serves this one as well, and nothing is to be done."""


@dataclass(frozen=True)
class Migration:
    """A change of databases that exist.

    :param name: a number and what it is about, for example ``0002_card_deliveries``; it stays for ever.
    :param run: makes documents, or room for an index, as the declared validators and indexes want it, which are applied
        after it. It begins with whatever a process that was killed within it has left.
    """

    name: str
    run: Callable[[], None]


class Upgrade:
    """What brings databases up to date with the given collections.

    :param migrations: all there ever were, in order.
    """

    def __init__(self, collections: Sequence[Collection], migrations: Sequence[Migration]) -> None:
        self._collections = collections
        self._migrations = migrations
        self._is_done = False

    def run(self) -> list[str]:
        """Bring the database up to date, and return the names of the migrations that were run for it here.

        :raises DatabaseIsNewer: a newer version did, and nothing was changed.
        """
        making.make_collections([record.COLLECTION])
        if record.done() - {migration.name for migration in self._migrations}:
            raise DatabaseIsNewer
        making.make_collections(self._collections)
        ran = [migration.name for migration in self._migrations if self._run_once(migration)]
        making.apply_validators(self._collections)
        making.make_indexes(self._collections)
        record.declare(self._names())
        return ran

    def is_done(self) -> bool:
        """Tell whether the database has all that this version needs; once it has, nobody is asked any more."""
        self._is_done = self._is_done or not self.missing()
        return self._is_done

    def missing(self) -> list[str]:
        """Return the names of what the database still lacks: migrations, collections and indexes."""
        migrations = {migration.name for migration in self._migrations}
        return sorted((migrations - record.done()) | (self._names() - record.declared()))

    def _run_once(self, migration: Migration) -> bool:
        """Run a migration, unless it was or another process does; return when it is done, and whether that was here."""
        pause = Event()
        while migration.name not in record.done():
            owner = record.claim(migration.name)
            if owner is None:
                pause.wait(_POLL_SECONDS)
                continue
            with record.held(migration.name, owner):
                migration.run()
            if record.finish(migration.name, owner):
                return True
        return False

    def _names(self) -> set[str]:
        return {name for collection in self._collections for name in (collection.name, *_index_names(collection))}


def _index_names(collection: Collection) -> list[str]:
    return [f"{collection.name}.{index.document['name']}" for index in collection.declared_indexes]
