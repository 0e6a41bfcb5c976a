"""The checks can fail: each test breaks the code in one way, and shows which check notices.

What is left out: a replay from a secondary's data, which takes a set of more than one member. ``tests/mutants/`` has
more of them, each with the test of the suite that notices it; here it is the checks that follow other tests.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from paytm import clock, db
from paytm.ledger import audit, holds, store
from paytm.ledger.engine import Engine
from paytm.ledger.posting import Books, Hold, Outcome, Posting
from tests.conftest import empty_database, remake_database
from tests.faults import retrying
from tests.faults.conftest import Fail
from tests.faults.test_lost_majority import JOURNAL_STOPS
from tests.people import Person

_START_AGAIN = {"errorCode": 251, "errorLabels": ["TransientTransactionError"]}


@pytest.fixture
def app(impatient: None, make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An application whose ledger need not add up when the test is over."""
    app = make_app()
    empty_database()
    audit.check()
    yield app
    remake_database()


def forget_session(monkeypatch: pytest.MonkeyPatch, collection: str) -> None:
    """Let the ledger write to one collection outside the transaction."""
    original = db.write

    def forgetful(command: dict[str, Any], *, session: Any) -> None:
        original(command, session=None if collection in command.values() else session)

    monkeypatch.setattr(db, "write", forgetful)


def test_money_that_nobody_has_is_noticed_by_the_collection(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Books, "_objection", lambda *_: None)

    assert asha.send(ravi, 500).status == 503
    assert asha.balance() == 100


def test_money_that_nobody_has_is_noticed_by_the_audit(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Books, "_objection", lambda *_: None)
    for collection in ("accounts", "entries"):
        db.database().command("collMod", collection, validator={})

    assert asha.send(ravi, 500).status == 200
    with pytest.raises(audit.Unbalanced, match="below 0"):
        audit.check()


def test_held_money_that_is_spent_is_noticed_by_the_audit(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, until = ObjectId(asha.id), clock.now() + timedelta(hours=1)
    hold = Hold(owner=account, account=account, payee=ObjectId(ravi.id), amount=1, expires_at=until, limits=None)
    db.transaction(lambda session: holds.authorise(hold, None, session=session))
    read = store._balance
    monkeypatch.setattr(store, "_balance", lambda account: read({**account, "held": 0}))

    assert asha.send(ravi, 100).status == 200
    with pytest.raises(audit.Unbalanced, match="1 held of 0"):
        audit.check()


@pytest.mark.parametrize(
    ("collection", "problem"),
    [
        ("accounts", "is not at balance"),
        ("transactions", "is completed and its entries move None"),
        ("entries", "its entries lead to"),
    ],
)
def test_a_write_outside_the_transaction_is_noticed_when_it_starts_again(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch, fail: Fail, collection: str, problem: str
) -> None:
    forget_session(monkeypatch, collection)
    assert asha.send(ravi, 10, key="no-fault").status == 200
    audit.check()

    fail("commitTransaction", **_START_AGAIN)
    asha.send(ravi, 10, key="rent")
    with pytest.raises(audit.Unbalanced, match=problem):
        audit.check()


def test_an_acknowledgement_by_one_server_alone_is_noticed(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch, failpoint: Callable[..., None]
) -> None:
    monkeypatch.setattr(db, "WriteConcern", lambda _: WriteConcern(1))
    failpoint(JOURNAL_STOPS, "alwaysOn")

    # Where test_lost_majority.py wants 503.
    assert retrying.is_definite(asha.send(ravi, 10, key="rent"))
    assert asha.balance() == 100


def test_a_replay_from_a_plain_read_is_noticed(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch, failpoint: Callable[..., None]
) -> None:
    submit = Engine.submit

    def replay_first(self: Engine, posting: Posting) -> Outcome:
        journal = db.database()["transactions"].with_options(read_concern=ReadConcern("local"))
        found = journal.find_one({"ownerId": posting.owner, "key": posting.key})
        return Outcome(found, replayed=True) if found else submit(self, posting)

    monkeypatch.setattr(Engine, "submit", replay_first)
    failpoint(JOURNAL_STOPS, "alwaysOn")

    # Where test_lost_majority.py wants 503 twice.
    answers = [asha.send(ravi, 10, key="rent") for _ in range(2)]
    assert [retrying.is_definite(answer) for answer in answers] == [False, True]
    assert asha.balance() == 100
