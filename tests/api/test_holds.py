"""Money that is set aside: authorised, and then captured, voided or expired."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from pymongo.client_session import ClientSession

from paytm import clock, db
from paytm.account import submission
from paytm.errors import (
    AccountInactive,
    ApiError,
    CaptureTooLarge,
    Conflict,
    InsufficientBalance,
    InvalidAccount,
    InvalidAmount,
    LimitExceeded,
    NotFound,
    SessionInDoubt,
)
from paytm.ledger import holds
from paytm.ledger.limits import Limits
from paytm.ledger.posting import Hold, Outcome
from paytm.user.tokens import Caller
from tests.api.holding import another, ask, move, set_status
from tests.api.stored import MONEY, count, stored
from tests.people import Person, claims

_WEEK = timedelta(days=7)
_EVERYTHING = (*MONEY, "holds")


def hold(payer: Person, payee: Person, paise: int, /, **changes: Any) -> Hold:
    """Return a hold of a person's money for another one, for a week and without limits."""
    parts = {"owner": ObjectId(payer.id), "account": ObjectId(payer.id), "payee": ObjectId(payee.id), "amount": paise}
    return Hold(**{**parts, "expires_at": clock.now() + _WEEK, "limits": None, **changes})


def authorise(asked: Hold, revocations: int | None = None) -> ObjectId:
    db.transaction(lambda session: holds.authorise(asked, revocations, session=session))
    return asked.id


def capture(hold_id: ObjectId, paise: int, **more: Any) -> Outcome:
    posting = submission.complete(holds.payment(holds.one(hold_id), paise, **more), None)
    return db.transaction(lambda session: holds.capture(posting, session=session))


def void(hold_id: ObjectId) -> bool:
    return db.transaction(lambda session: holds.void(hold_id, session=session))


def expire(hold_id: ObjectId, now: datetime | None = None) -> bool:
    at = now or clock.now() + _WEEK
    return db.transaction(lambda session: holds.expire(hold_id, at, session=session))


def standing(person: Person) -> tuple[float, float]:
    """Return a person's balance and what is available of it, in rupees."""
    body = person.get("/account/balance").body
    return body["balance"], body["available"]


@pytest.fixture
def held(asha: Person, ravi: Person) -> ObjectId:
    """40 of Asha's 100 rupees, set aside for Ravi."""
    return authorise(hold(asha, ravi, 40_00))


def test_what_is_held_is_still_owned_but_not_available(asha: Person, held: ObjectId) -> None:
    (listed,) = asha.get("/account").body["accounts"]
    shown = asha.get(f"/account/{asha.id}").body["account"]

    assert standing(asha) == (100, 60)
    assert [(account["balance"], account["available"]) for account in (listed, shown)] == [(100, 60)] * 2
    assert len(asha.get("/account/transactions").body["transactions"]) == 1


def test_what_an_account_held_in_the_past_tells_nothing_of_holds(asha: Person, held: ObjectId) -> None:
    assert asha.get(f"/account/balance/{asha.id}?at=2026-01-01T00:00:00Z").body == {"balance": 0}
    assert asha.get(f"/account/balance/{asha.id}").body == {"balance": 100, "available": 60}


def test_what_is_held_cannot_be_sent(asha: Person, ravi: Person, held: ObjectId) -> None:
    assert asha.send(ravi, 60.01).body["code"] == "insufficient_balance"
    assert asha.send(ravi, 60).status == 200
    assert standing(asha) == (40, 0)


def test_money_that_moves_leaves_the_hold_as_it_is(asha: Person, ravi: Person, held: ObjectId) -> None:
    asha.send(ravi, 10)
    ravi.send(asha, 30)

    assert standing(asha) == (120, 80)


def test_a_hold_is_kept_with_what_it_is_for(asha: Person, ravi: Person) -> None:
    order = ObjectId()
    asked = hold(asha, ravi, 40_00, details={"order": order})

    kept = holds.one(authorise(asked))

    assert kept == {
        "_id": asked.id,
        "account": ObjectId(asha.id),
        "payee": ObjectId(ravi.id),
        "ownerId": ObjectId(asha.id),
        "amount": 40_00,
        "status": "authorised",
        "createdAt": asked.at,
        "expiresAt": asked.expires_at,
        "order": order,
    }


def test_a_capture_pays_the_payee(asha: Person, ravi: Person, held: ObjectId) -> None:
    outcome = capture(held, 40_00, note="Parcel 7", details={"order": "o-1"})

    assert (standing(asha), ravi.balance()) == ((60, 60), 140)
    paid = outcome.transaction
    assert (paid["kind"], paid["hold"], paid["order"], paid["note"]) == ("purchase", held, "o-1", "Parcel 7")
    newest = asha.get("/account/transactions").body["transactions"][0]
    assert (newest["id"], newest["kind"], newest["counterparty"]["id"]) == (str(paid["_id"]), "purchase", ravi.id)
    assert (holds.one(held)["status"], holds.one(held)["captured"]) == ("captured", 40_00)
    assert count("outbox", _id=paid["_id"]) == 1


def test_what_is_not_captured_of_a_hold_is_free_again(asha: Person, ravi: Person, held: ObjectId) -> None:
    capture(held, 15_50)

    assert (standing(asha), ravi.balance()) == ((84.5, 84.5), 115.5)


def test_a_hold_is_captured_though_nothing_else_is_left(asha: Person, ravi: Person, held: ObjectId) -> None:
    other = authorise(hold(asha, ravi, 60_00))

    assert [capture(which, paise).completed for which, paise in ((held, 40_00), (other, 60_00))] == [True, True]
    assert (standing(asha), ravi.balance()) == ((0, 0), 200)


@pytest.mark.parametrize(("paise", "refusal"), [(40_01, CaptureTooLarge), (0, InvalidAmount), (-1, InvalidAmount)])
def test_no_more_is_captured_than_is_held_and_no_less_than_something(
    asha: Person, held: ObjectId, paise: int, refusal: type[ApiError]
) -> None:
    with pytest.raises(refusal):
        capture(held, paise)

    assert standing(asha) == (100, 60)


@pytest.mark.parametrize("end", [void, expire])
def test_a_hold_that_is_let_go_is_available_again(asha: Person, held: ObjectId, end: Callable[..., bool]) -> None:
    assert [end(held), end(held)] == [True, False]
    assert standing(asha) == (100, 100)


def test_a_capture_that_is_repeated_is_the_first_one(asha: Person, held: ObjectId) -> None:
    first, again = capture(held, 30_00), capture(held, 30_00)

    assert [first.is_new, again.is_new, again.completed] == [True, False, True]
    assert again.transaction["_id"] == first.transaction["_id"]
    assert standing(asha) == (70, 70)


_ENDS: dict[str, Callable[[ObjectId], object]] = {
    "captured": lambda held: capture(held, 30_00),
    "captured with another amount": lambda held: capture(held, 40_00),
    "voided": void,
    "expired": expire,
}


@pytest.mark.parametrize("second", _ENDS)
@pytest.mark.parametrize("first", _ENDS)
def test_a_hold_that_came_to_one_end_comes_to_no_other(asha: Person, held: ObjectId, first: str, second: str) -> None:
    _ENDS[first](held)
    before = stored(*_EVERYTHING)

    if first == second:
        _ENDS[second](held)
    else:
        with pytest.raises(Conflict):
            _ENDS[second](held)
    assert stored(*_EVERYTHING) == before


def test_a_hold_whose_time_is_over_is_not_captured_even_if_nobody_expired_it(asha: Person, ravi: Person) -> None:
    due = authorise(hold(asha, ravi, 40_00, expires_at=clock.now()))

    with pytest.raises(Conflict):
        capture(due, 40_00)
    assert standing(asha) == (100, 60)
    assert void(due)


def test_a_hold_does_not_expire_before_its_time(asha: Person, ravi: Person, held: ObjectId) -> None:
    with pytest.raises(Conflict):
        expire(held, holds.one(held)["expiresAt"] - timedelta(milliseconds=1))
    assert expire(held, holds.one(held)["expiresAt"])


@pytest.mark.parametrize("end", [void, expire, holds.one])
def test_a_hold_that_does_not_exist_is_not_found(app: Flask, end: Callable[..., object]) -> None:
    with pytest.raises(NotFound):
        end(ObjectId())


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"amount": 100_01}, InsufficientBalance),
        ({"amount": 10**16}, InsufficientBalance),
        ({"limits": Limits(day_amount=39_99)}, LimitExceeded),
        ({"payee": ObjectId()}, InvalidAccount),
        ({"account": ObjectId()}, AccountInactive),
    ],
)
def test_a_hold_is_refused_as_its_payment_would_be(
    asha: Person, ravi: Person, changes: dict[str, Any], refusal: type[ApiError]
) -> None:
    before = stored(*_EVERYTHING)

    with pytest.raises(refusal):
        authorise(hold(asha, ravi, 40_00, **changes))
    assert stored(*_EVERYTHING) == before


def test_a_hold_counts_towards_the_limits_and_its_capture_does_not_again(asha: Person, ravi: Person) -> None:
    limits = Limits(day_amount=50_00)
    capture(authorise(hold(asha, ravi, 30_00, limits=limits)), 10_00)

    used = asha.get(f"/account/{asha.id}/limits").body["day"]
    assert (used["amount"], used["count"]) == (30, 1)
    with pytest.raises(LimitExceeded):
        authorise(hold(asha, ravi, 20_01, limits=limits))
    authorise(hold(asha, ravi, 20_00, limits=limits))


@pytest.mark.parametrize(("side", "refusal"), [("payer", AccountInactive), ("payee", InvalidAccount)])
def test_a_freeze_blocks_captures_and_lets_holds_go(
    asha: Person, ravi: Person, held: ObjectId, side: str, refusal: type[ApiError]
) -> None:
    set_status(asha.id if side == "payer" else ravi.id, "frozen")

    with pytest.raises(refusal) as refused:
        capture(held, 40_00)

    assert "Your" not in refused.value.message
    assert holds.one(held)["status"] == "authorised"
    assert void(held)
    assert standing(asha) == (100, 100)


def test_an_account_is_not_closed_while_money_in_it_is_held(app: Flask, asha: Person, ravi: Person) -> None:
    savings = another(asha)
    move(app, asha.id, savings, 40_00)
    held = authorise(hold(asha, ravi, 40_00, account=ObjectId(savings)))
    assert ask(asha, "POST", f"/{savings}/close").status == 409

    capture(held, 40_00)

    assert ask(asha, "POST", f"/{savings}/close").status == 200


def test_what_fails_beside_a_hold_takes_it_back(asha: Person, ravi: Person, held: ObjectId) -> None:
    before = stored(*_EVERYTHING)
    asked, paid = hold(asha, ravi, 10_00), holds.payment(holds.one(held), 40_00)

    def body(session: ClientSession) -> None:
        holds.authorise(asked, None, session=session)
        holds.capture(paid, session=session)
        raise Conflict

    with pytest.raises(Conflict):
        db.transaction(body)
    assert stored(*_EVERYTHING) == before


def test_several_holds_are_authorised_together(asha: Person, ravi: Person) -> None:
    asked = [hold(asha, ravi, 60_00), hold(asha, ravi, 40_01)]

    def body(session: ClientSession) -> None:
        for one in asked:
            holds.authorise(one, None, session=session)

    with pytest.raises(InsufficientBalance):
        db.transaction(body)
    assert standing(asha) == (100, 100)


def test_holds_that_are_due_are_expired_the_oldest_first(asha: Person, ravi: Person, held: ObjectId) -> None:
    now = clock.now()
    due = [authorise(hold(asha, ravi, 10_00, expires_at=now - timedelta(hours=hours))) for hours in (0, 2, 1)]

    assert (holds.expire_due(now, 2), standing(asha)) == (2, (100, 50))
    assert [holds.one(which)["status"] for which in due] == ["authorised", "expired", "expired"]
    assert [holds.expire_due(now, 2), holds.expire_due(now, 2)] == [1, 0]
    assert standing(asha) == (100, 60)


def _caller(person: Person) -> Caller:
    return Caller(ObjectId(person.id), ObjectId(claims(person.token)["sid"]))


def test_a_caller_has_money_held_beside_a_features_own_writes(app: Flask, asha: Person, ravi: Person) -> None:
    asked = hold(asha, ravi, 40_00)

    def body(session: ClientSession, revocations: int) -> str:
        holds.authorise(asked, revocations, session=session)
        return "ordered"

    with app.app_context():
        assert submission.enter(_caller(asha), body) == "ordered"
    assert standing(asha) == (100, 60)


def test_a_caller_who_signed_out_has_no_money_held(asha: Person, ravi: Person) -> None:
    asha.call("POST", "/user/signout", headers=asha.headers)

    with pytest.raises(SessionInDoubt):
        authorise(hold(asha, ravi, 40_00), revocations=0)
    authorise(hold(asha, ravi, 40_00), revocations=1)


@pytest.mark.parametrize("where", ["a process that serves", "the worker"])
def test_the_bank_enters_what_nobody_asks_for(app: Flask, asha: Person, held: ObjectId, where: str) -> None:
    if where == "the worker":
        assert submission.enter_for_bank(lambda session: holds.void(held, session=session))
    else:
        with app.app_context():
            assert submission.enter_for_bank(lambda session: holds.void(held, session=session))
    assert standing(asha) == (100, 100)
