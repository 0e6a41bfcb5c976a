"""The proof that the ledger adds up finds whatever does not."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask
from pymongo.database import Database

from paytm import clock, db
from paytm.ledger import audit, holds
from paytm.ledger.posting import CARD_ACCOUNT, Hold
from tests.api.holding import move
from tests.conftest import remake_database
from tests.people import Person

SYSTEM = ObjectId("0" * 24)
_DAY = timedelta(days=1)


class Books(dict[str, Any]):
    """The ids of what two people made, to name what is corrupted."""


@pytest.fixture
def books(asha: Person, ravi: Person) -> Iterator[Books]:
    """Two accounts with a transfer and a kept refusal between them; emptied when the test is over."""
    asha.send(ravi, 30, key="done")
    asha.send(ravi, 500, key="declined")
    target = db.database()
    entry = target["entries"].find_one({"account": ObjectId(asha.id), "seq": 2}) or {}
    yield Books(
        asha=ObjectId(asha.id),
        ravi=ObjectId(ravi.id),
        done=(target["transactions"].find_one({"key": "done"}) or {})["_id"],
        declined=(target["transactions"].find_one({"key": "declined"}) or {})["_id"],
        entry=entry["_id"],
    )
    remake_database()


def _force(target: Database[dict[str, Any]], name: str, record: ObjectId, **changes: Any) -> None:
    """Change a record as somebody with the administrator's rights could."""
    target[name].update_one({"_id": record}, {"$set": changes}, bypass_document_validation=True)


def _a_balance_too_high(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["asha"], balance=Int64(7001))
    return books["asha"]


def _a_seq_too_high(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["ravi"], seq=Int64(9))
    return books["ravi"]


def _an_entry_lost(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    target["entries"].delete_one({"_id": books["entry"]})
    return books["asha"]


def _an_entry_changed(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "entries", books["entry"], amount=Int64(-2999))
    return books["entry"]


def _a_running_balance_changed(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "entries", books["entry"], balance=Int64(7100))
    return books["entry"]


def _a_gap(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "entries", books["entry"], seq=Int64(3))
    return books["entry"]


def _an_entry_of_nobody(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    target["accounts"].delete_one({"_id": books["asha"]})
    return (target["entries"].find_one({"account": books["asha"], "seq": 1}) or {})["_id"]


def _a_wallet_below_zero(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    transaction, entry = ObjectId(), ObjectId()
    wallet = {"account": books["asha"], "seq": Int64(3), "amount": Int64(-9000), "balance": Int64(-2000)}
    line = {"_id": entry, "transaction": transaction, **wallet}
    target["entries"].insert_one(line, bypass_document_validation=True)
    _force(target, "accounts", books["asha"], balance=Int64(-2000), seq=Int64(3))
    return entry


def _a_transaction_lost(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    target["transactions"].delete_one({"_id": books["done"]})
    return books["done"]


def _a_transaction_of_another_amount(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "transactions", books["done"], amount=Int64(2999))
    return books["done"]


def _a_declined_one_that_moved_money(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "transactions", books["done"], status="declined")
    return books["done"]


def _a_completed_one_that_moved_none(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "transactions", books["declined"], status="completed")
    return books["declined"]


def _money_from_nowhere(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    line = {"account": books["asha"], "seq": Int64(3), "amount": Int64(100), "balance": Int64(7100)}
    target["entries"].insert_one({"transaction": books["done"], **line}, bypass_document_validation=True)
    _force(target, "accounts", books["asha"], balance=Int64(7100), seq=Int64(3))
    return books["done"]


CORRUPTIONS = [
    _a_balance_too_high,
    _a_seq_too_high,
    _an_entry_lost,
    _an_entry_changed,
    _a_running_balance_changed,
    _a_gap,
    _an_entry_of_nobody,
    _a_wallet_below_zero,
    _a_transaction_lost,
    _a_transaction_of_another_amount,
    _a_declined_one_that_moved_money,
    _a_completed_one_that_moved_none,
    _money_from_nowhere,
]


@pytest.mark.parametrize("corrupt", CORRUPTIONS, ids=lambda corrupt: corrupt.__name__.strip("_"))
def test_a_corrupted_record_is_named(books: Books, corrupt: Callable[..., ObjectId]) -> None:
    audit.check()

    record = corrupt(db.database(), books)

    with pytest.raises(audit.Unbalanced, match=str(record)):
        audit.check()


@pytest.fixture
def held(books: Books) -> Books:
    """The same with two holds of 10 rupees: one authorised, and one of which 4 were captured."""
    account, payee = books["asha"], books["ravi"]
    for name in ("open", "captured"):
        asked = Hold(
            owner=account, account=account, payee=payee, amount=10_00, expires_at=clock.now() + _DAY, limits=None
        )
        db.transaction(lambda session, asked=asked: holds.authorise(asked, None, session=session))
        books[name] = asked.id
    paid = holds.payment(holds.one(books["captured"]), 4_00)
    db.transaction(lambda session: holds.capture(paid, session=session))
    books["paid"] = paid.id
    return books


def _too_much_held(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["asha"], held=Int64(10_01))
    return books["asha"]


def _something_held_for_nothing(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["ravi"], held=Int64(1))
    return books["ravi"]


def _nothing_held_for_something(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["asha"], held=Int64(0))
    return books["asha"]


def _more_held_than_owned(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["asha"], held=Int64(66_01))
    _force(target, "holds", books["open"], amount=Int64(66_01))
    return books["asha"]


def _a_hold_lost(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    target["holds"].delete_one({"_id": books["open"]})
    return books["asha"]


def _a_captured_hold_lost(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    target["holds"].delete_one({"_id": books["captured"]})
    return books["paid"]


def _a_capture_of_another_amount(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "holds", books["captured"], captured=Int64(4_01))
    return books["paid"]


def _a_capture_of_more_than_was_held(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "holds", books["captured"], amount=Int64(3_99))
    return books["captured"]


def _a_capture_for_somebody_else(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "holds", books["captured"], payee=ObjectId())
    return books["paid"]


def _a_capture_that_nobody_paid(target: Database[dict[str, Any]], books: Books) -> ObjectId:
    _force(target, "accounts", books["asha"], held=Int64(0))
    _force(target, "holds", books["open"], status="captured", captured=Int64(10_00), transaction=ObjectId())
    return books["open"]


WRONG_HOLDS = [
    _too_much_held,
    _something_held_for_nothing,
    _nothing_held_for_something,
    _more_held_than_owned,
    _a_hold_lost,
    _a_captured_hold_lost,
    _a_capture_of_another_amount,
    _a_capture_of_more_than_was_held,
    _a_capture_for_somebody_else,
    _a_capture_that_nobody_paid,
]


@pytest.mark.parametrize("corrupt", WRONG_HOLDS, ids=lambda corrupt: corrupt.__name__.strip("_"))
def test_a_hold_that_does_not_fit_is_named(held: Books, corrupt: Callable[..., ObjectId]) -> None:
    report = audit.check()
    assert (report.holds, report.held, report.circulating) == (1, 10_00, 200_00)

    record = corrupt(db.database(), held)

    with pytest.raises(audit.Unbalanced, match=str(record)):
        audit.check()


def test_money_that_was_not_issued_is_found(books: Books) -> None:
    db.database()["entries"].delete_many({"account": SYSTEM})

    with pytest.raises(audit.Unbalanced):
        audit.check()


@pytest.mark.parametrize("payer", ["system", "ravi"])
def test_a_transaction_whose_entries_were_never_counted_is_found(books: Books, payer: str) -> None:
    target, source = db.database(), SYSTEM if payer == "system" else books[payer]
    transaction = {**(target["transactions"].find_one({"_id": books["done"]}) or {}), "_id": ObjectId(), "key": "other"}
    target["transactions"].insert_one(transaction)
    for account, amount in ((source, -3000), (books["asha"], 3000)):
        line = {"account": account, "amount": Int64(amount), "createdAt": transaction["createdAt"]}
        target["entries"].insert_one({**line, "transaction": transaction["_id"]})

    with pytest.raises(audit.Unbalanced):
        audit.check()


def test_an_entry_whose_leg_was_given_to_another_transaction_is_found(books: Books) -> None:
    funding = db.database()["transactions"].find_one({"kind": "funding", "to": books["asha"]}) or {}
    _force(db.database(), "entries", books["entry"], transaction=funding["_id"])

    with pytest.raises(audit.Unbalanced):
        audit.check()


def test_a_key_that_stands_for_two_transactions_is_found(books: Books) -> None:
    target = db.database()
    target["transactions"].drop_index("owner_key")
    declined = target["transactions"].find_one({"_id": books["declined"]}) or {}
    target["transactions"].insert_one({**declined, "_id": ObjectId()})

    with pytest.raises(audit.Unbalanced, match="'declined'"):
        audit.check()


def test_an_empty_ledger_adds_up(app: Flask) -> None:
    assert audit.check() == audit.Report()


def test_what_was_read_is_counted(books: Books) -> None:
    assert audit.check() == audit.Report(accounts=2, entries=6, transactions=4, circulating=20_000)


def test_money_paid_in_by_card_circulates_like_issued_money(app: Flask, books: Books) -> None:
    move(app, CARD_ACCOUNT, books["asha"], 5_00)
    move(app, books["ravi"], CARD_ACCOUNT, 2_00)

    report = audit.check()

    assert (report.circulating, report.by_card) == (203_00, 3_00)


def test_the_command_says_what_it_checked(app: Flask, books: Books) -> None:
    result = app.test_cli_runner().invoke(args=["audit"])

    assert result.exit_code == 0
    assert "2 accounts, 4 transactions and 6 entries add up" in result.stdout
    assert "20000 paise" in result.stdout


def test_the_command_fails_and_names_the_record(app: Flask, books: Books) -> None:
    record = _a_balance_too_high(db.database(), books)

    result = app.test_cli_runner().invoke(args=["audit"])

    assert result.exit_code == 1
    assert str(record) in result.stderr
    assert result.stdout == ""


def test_the_audit_changes_nothing(app: Flask, books: Books) -> None:
    def everything() -> list[Any]:
        return [list(db.database()[name].find().sort("_id", 1)) for name in ("accounts", "transactions", "entries")]

    before = everything()
    audit.check()

    assert everything() == before
