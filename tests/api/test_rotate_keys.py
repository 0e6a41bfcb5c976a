"""Exchanging the key of cash books, while they are read and written."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from bson import ObjectId
from click.testing import Result
from flask import Flask

from paytm import db, keys
from paytm.cashbook import rotation, sealing
from paytm.encryption import Keyring
from tests.api.stored import count, stored
from tests.bookkeeping import ask, note_down, noted, read, write
from tests.conftest import caller
from tests.people import Person

pytestmark = pytest.mark.usefixtures("cash_books_agree")

OLD, NEW = f"old:{keys.generate()}", f"new:{keys.generate()}"
BOTH = Keyring(keys.read(f"{NEW},{OLD}"))

Under = Callable[..., Person]


@pytest.fixture
def under(asha: Person, make_app: Callable[..., Flask]) -> Under:
    """Let Asha use an application that has other keys."""
    apps: dict[str, Flask] = {}

    def move(*keys: str) -> Person:
        setting = ",".join(keys)
        if setting not in apps:
            apps[setting] = make_app(ENCRYPTION_KEYS=setting)
        return replace(asha, call=caller(apps[setting].test_client()))

    return move


def rotate() -> list[rotation.Progress]:
    return list(rotation.rotate(BOTH))


def names(person: Person, **query: Any) -> list[str]:
    return [record["fullName"] for record in ask(person, "GET", sort="amount", **query).body["records"]]


def test_records_under_any_key_are_found_and_added_up(under: Under) -> None:
    noted(under(OLD), transactionAmount=1)
    asha = under(NEW, OLD)
    noted(asha, fullName="MIRA das", transactionAmount=2)
    noted(asha, fullName="Ravi", transactionAmount=9)

    (ravi, mira) = ask(asha, "GET", "/balances").body["balances"]

    assert names(asha, name="mira das") == ["Mira Das", "MIRA das"]
    assert (mira["fullName"], mira["net"], mira["records"]) == ("MIRA das", 3, 2)
    assert [ask(asha, "GET", "/balances", limit=1).body["balances"]] == [[ravi]]


def test_after_a_rotation_the_old_key_is_not_needed(under: Under) -> None:
    record = noted(under(OLD), note="rice", idempotencyKey="k")
    deleted = noted(under(OLD))
    ask(under(OLD), "DELETE", f"/{deleted['id']}")
    before = stored("cashbook_versions")

    progress = rotate()

    asha = under(NEW)
    assert [(step.collection, step.renewed, step.missed, step.unreadable) for step in progress] == [
        ("cashbook", 2, 0, 0),
        ("cashbook_keys", 1, 0, 0),
    ]
    assert read(asha, record["id"]) == record
    assert names(asha, name="Mira Das") == ["Mira Das"]
    assert note_down(asha, note="rice", idempotencyKey="k").body["record"] == record
    assert ask(asha, "POST", f"/{deleted['id']}/restore").status == 200
    assert stored("cashbook_versions") != before
    assert write(asha, "PATCH", record["id"], '"1"', note="salt").status == 200


def test_a_rotation_is_seen_in_no_version(under: Under) -> None:
    noted(under(OLD))
    before = stored("cashbook_versions")

    rotate()

    assert stored("cashbook_versions") == before
    assert [row["version"] for row in stored("cashbook")["cashbook"]] == [1]


def test_a_rotation_that_was_broken_off_goes_on(under: Under, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_BATCH", 2)
    for _ in range(3):
        noted(under(OLD))

    first = next(rotation.rotate(BOTH))
    rest = rotate()

    assert (first.seen, first.renewed, first.total) == (2, 2, 3)
    assert [(step.seen, step.renewed) for step in rest] == [(2, 0), (3, 1)]
    assert len(names(under(NEW))) == 3


def test_what_is_written_meanwhile_is_left_alone(under: Under, monkeypatch: pytest.MonkeyPatch) -> None:
    record = noted(under(OLD))
    asha = under(NEW, OLD)

    def renewed(row: Mapping[str, Any], keyring: Keyring) -> Mapping[str, bytes]:
        fields = sealing.renewed(row, keyring)
        if fields:
            write(asha, "PATCH", record["id"], '"1"', fullName="Ravi")
        return fields

    monkeypatch.setitem(rotation._RENEWALS, "cashbook", renewed)
    progress = rotate()

    assert [(step.renewed, step.missed) for step in progress] == [(0, 1), (0, 0)]
    assert (names(under(NEW)), names(under(NEW), name="ravi")) == (["Ravi"], ["Ravi"])
    assert read(under(NEW), record["id"])["version"] == 2


def test_without_its_key_a_record_waits_for_it(under: Under) -> None:
    record = noted(under(OLD), idempotencyKey="k")

    early = ask(under(NEW), "GET", f"/{record['id']}")
    repeated = note_down(under(NEW), idempotencyKey="k")

    assert [(answer.status, answer.body["code"]) for answer in (early, repeated)] == [(500, "record_unreadable")] * 2
    assert read(under(NEW, OLD), record["id"]) == record
    assert count("cashbook") == 1


def run(app: Flask) -> Result:
    with app.app_context():  # As the flask program does.
        return app.test_cli_runner().invoke(args=["rotate-keys"])


def test_the_command_shows_how_far_it_is(make_app: Callable[..., Flask], under: Under) -> None:
    noted(under(OLD), idempotencyKey="k")

    result = run(make_app(ENCRYPTION_KEYS=f"{NEW},{OLD}"))

    assert (result.exit_code, result.output.splitlines()) == (
        0,
        [
            "cashbook: 1 of 1 seen, 1 encrypted anew",
            "cashbook_keys: 1 of 1 seen, 1 encrypted anew",
            "Everything is under the key new.",
        ],
    )


def test_the_command_fails_where_something_cannot_be_read(make_app: Callable[..., Flask], under: Under) -> None:
    record = noted(under(OLD))
    db.database()["cashbook"].update_one({"_id": ObjectId(record["id"])}, {"$set": {"fullName": b"\x03old?"}})

    result = run(make_app(ENCRYPTION_KEYS=f"{NEW},{OLD}"))

    assert (result.exit_code, result.output.splitlines()[-1]) == (
        1,
        "Error: 1 cannot be read, and stay as they are; the log names them.",
    )


def test_the_command_wants_a_key(make_app: Callable[..., Flask], app: Flask) -> None:
    production = make_app(PAYTM_ENV="production", ARGON2_MEMORY_KIB="19456", ARGON2_TIME_COST="2")

    assert run(production).output == "Error: ENCRYPTION_KEYS has no key.\n"
