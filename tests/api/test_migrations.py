"""Bringing a database up to date: what was changed since it was made, once, whoever else does it too."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from pymongo.errors import DuplicateKeyError

from paytm import clock, db
from paytm.migrations import record
from paytm.migrations.steps import MIGRATIONS
from paytm.migrations.upgrade import DatabaseIsNewer, Migration, Upgrade
from tests.concurrency.together import at_once
from tests.conftest import caller


@pytest.fixture(autouse=True)
def unrecorded(app: Flask) -> Iterator[None]:
    """A database that nobody has migrated; afterwards it is as it was."""
    name = record.COLLECTION.name
    before = list(db.database()[name].find())
    db.database()[name].delete_many({})
    yield
    db.database()[name].delete_many({})
    db.database()[name].insert_many(before)


def _upgrade(*names: str, run: Callable[[str], None] = lambda name: None) -> Upgrade:
    """Return an upgrade of nothing but migrations that each call ``run`` with their name."""
    return Upgrade([], [Migration(name, lambda name=name: run(name)) for name in names])  # type: ignore[misc]


def test_migrations_run_in_order_and_once() -> None:
    ran: list[str] = []
    upgrade = _upgrade("0001_one", "0002_two", run=ran.append)

    assert [upgrade.run(), upgrade.run()] == [["0001_one", "0002_two"], []]
    assert ran == ["0001_one", "0002_two"]


def test_it_is_recorded_when_a_migration_was_done() -> None:
    begun = clock.now()
    _upgrade("0001_one").run()

    found = db.database()["migrations"].find_one({"_id": "0001_one"}) or {}
    assert begun - timedelta(seconds=1) <= found["startedAt"] <= found["doneAt"] <= clock.now()
    assert not {"owner", "leasedUntil"} & found.keys()


def test_of_several_at_once_one_runs_each_migration() -> None:
    ran: list[str] = []
    names = ("0001_one", "0002_two", "0003_three")

    told = at_once(4, lambda _: _upgrade(*names, run=ran.append).run())

    assert ran == list(names)
    assert sorted(name for names in told for name in names) == list(names)


def test_the_migration_of_a_killed_process_is_taken_over_when_its_lease_ends(later: Callable[..., None]) -> None:
    ran: list[str] = []
    killed = record.claim("0001_one")
    assert killed is not None
    assert record.claim("0001_one") is None
    later(seconds=21)

    _upgrade("0001_one", run=ran.append).run()

    assert ran == ["0001_one"]
    # It was only stopped, and goes on.
    assert not record.finish("0001_one", killed)


def test_a_lease_is_renewed_while_its_process_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_RENEWAL_SECONDS", 0.01)
    rows, owner = db.database()["migrations"], record.claim("0001_one")
    assert owner is not None
    rows.update_one({"_id": "0001_one"}, {"$set": {"leasedUntil": clock.now()}})

    with record.held("0001_one", owner), rows.watch(max_await_time_ms=20_000) as changes:
        renewed = changes.try_next() or {}

    assert renewed["updateDescription"]["updatedFields"]["leasedUntil"] > clock.now()


def test_a_migration_that_fails_is_tried_again_at_once_and_those_behind_it_wait() -> None:
    ran: list[str] = []

    def run(name: str) -> None:
        ran.append(name)
        if ran == ["0001_one"]:
            raise ArithmeticError

    upgrade = _upgrade("0001_one", "0002_two", run=run)
    with pytest.raises(ArithmeticError):
        upgrade.run()
    upgrade.run()

    assert ran == ["0001_one", "0001_one", "0002_two"]


def test_an_older_version_leaves_the_database_of_a_newer_one_alone(app: Flask) -> None:
    _upgrade(MIGRATIONS[0].name, "9999_to_come").run()
    before = list(db.database()["migrations"].find())

    result = app.test_cli_runner().invoke(args=["init-db"])

    assert (result.exit_code, result.output.count("newer version")) == (0, 1)
    assert list(db.database()["migrations"].find()) == before
    with pytest.raises(DatabaseIsNewer):
        _upgrade(MIGRATIONS[0].name).run()


def test_init_db_tells_what_it_migrated(app: Flask) -> None:
    results = [app.test_cli_runner().invoke(args=["init-db"]) for _ in range(2)]

    assert [result.output for result in results] == ["".join(f"Migrated: {one.name}.\n" for one in MIGRATIONS), ""]


def test_a_process_is_not_ready_before_its_database_was_migrated_and_then_asks_no_more(
    make_app: Callable[..., Flask],
) -> None:
    app = make_app()
    call = caller(app.test_client())
    before = call("GET", "//health/ready")
    app.extensions["upgrade"].run()
    after = call("GET", "//health/ready")
    db.database()["migrations"].delete_many({})

    assert (before.status, before.body["code"], before.headers["Retry-After"]) == (503, "database_outdated", "5")
    assert after.status == call("GET", "//health/ready").status == 200


def test_a_process_is_not_ready_while_an_index_that_it_declares_is_missing(app: Flask) -> None:
    app.extensions["upgrade"].run()
    db.database()["migrations"].update_one({"_id": "declared"}, {"$pull": {"names": "entries.account_seq"}})

    assert Upgrade(app.extensions["upgrade"]._collections, MIGRATIONS).missing() == ["entries.account_seq"]


@pytest.mark.parametrize(("seconds", "warnings"), [(10, 0), (11, 1)])
def test_a_long_lifetime_of_transactions_is_warned_of(app: Flask, seconds: int, warnings: int) -> None:
    admin = db.database().client.admin
    before = db.transaction_lifetime()
    admin.command("setParameter", 1, transactionLifetimeLimitSeconds=seconds)
    try:
        result = app.test_cli_runner().invoke(args=["init-db"])
    finally:
        admin.command("setParameter", 1, transactionLifetimeLimitSeconds=before)

    assert (result.exit_code, len(result.stderr.splitlines())) == (0, warnings)


def test_who_may_not_ask_for_the_lifetime_of_transactions_is_told_nothing(app: Flask) -> None:
    admin = db.database().client.admin
    fails = {"failCommands": ["getParameter"], "errorCode": 13}
    admin.command("configureFailPoint", "failCommand", mode={"times": 1}, data=fails)

    assert db.transaction_lifetime() is None


def test_what_is_missing_is_made_by_several_at_once(app: Flask) -> None:
    upgrade = app.extensions["upgrade"]
    gone = ["blocks", "messages", "conversations"]
    for name in gone:
        db.database().drop_collection(name)

    at_once(4, lambda _: upgrade.run())

    assert set(gone) <= set(db.database().list_collection_names())


def test_a_collection_that_came_to_be_without_its_validator_gets_it(app: Flask) -> None:
    app.extensions["upgrade"].run()
    db.database().drop_collection("blocks")
    db.database()["blocks"].insert_one({})
    app.extensions["upgrade"].run()

    (found,) = db.database().list_collections(filter={"name": "blocks"})
    assert "$jsonSchema" in found["options"]["validator"]


def test_a_migration_is_recorded_once() -> None:
    _upgrade("0001_one").run()

    with pytest.raises(DuplicateKeyError):
        db.database()["migrations"].insert_one({"_id": "0001_one"})
