"""A validator or an index that was changed comes with a migration."""

import re
from dataclasses import replace

import pytest
from pymongo import IndexModel

from paytm.ledger.store import TRANSACTIONS
from paytm.migrations.steps import MIGRATIONS
from tests.house.declared import GONE, Note, changed, declared, noted

NAMES = [migration.name for migration in MIGRATIONS]


def test_what_is_new_is_noted() -> None:
    assert declared().keys() - noted().keys() == set(), "note it down: make declare"


def test_what_has_changed_is_noted_with_its_migration() -> None:
    now = declared()
    lines = [f"{name} {now.get(name, GONE)} NAME_OF_THE_MIGRATION" for name in sorted(changed(now, noted()))]

    assert lines == [], "write a migration, and note the change down in paytm/migrations/declared.txt with these lines"


def test_what_is_noted_to_be_gone_went_with_a_migration() -> None:
    assert [name for name, note in noted().items() if note.digest == GONE and note.migration is None] == []


def test_the_noted_migrations_are_there() -> None:
    assert {note.migration for note in noted().values()} - {None} <= set(NAMES)


def test_migrations_are_in_order_by_their_names() -> None:
    assert all(re.fullmatch(r"\d{4}_[a-z_]+", name) for name in NAMES)
    assert [int(name[:4]) for name in NAMES] == list(range(1, len(NAMES) + 1))


UNIQUE, *OTHERS = TRANSACTIONS.indexes
CHANGES = [
    replace(TRANSACTIONS, schema={**TRANSACTIONS.schema, "required": ["kind"]}),
    replace(TRANSACTIONS, indexes=tuple(OTHERS)),
    replace(TRANSACTIONS, indexes=(IndexModel([("ownerId", 1), ("key", 1)], name="owner_key"), *OTHERS)),
    replace(TRANSACTIONS, indexes=(IndexModel([("key", 1), ("ownerId", 1)], name=UNIQUE.document["name"]), *OTHERS)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_noticed(change: object) -> None:
    notes = {name: Note(digest) for name, digest in declared([TRANSACTIONS]).items()}

    assert len(changed(declared([change]), notes)) == 1


def test_an_index_more_is_no_change() -> None:
    notes = {name: Note(digest) for name, digest in declared([TRANSACTIONS]).items()}
    more = replace(TRANSACTIONS, indexes=(*TRANSACTIONS.indexes, IndexModel("kind")))

    assert changed(declared([more]), notes) == set()
