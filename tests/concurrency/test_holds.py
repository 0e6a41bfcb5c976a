"""One hold that everybody ends at the same moment, and money that is held and sent at once."""

from collections import Counter
from datetime import timedelta

import pytest
from bson import ObjectId

from paytm import clock, db
from paytm.account import submission
from paytm.errors import Conflict, InsufficientBalance
from paytm.ledger import holds
from paytm.ledger.posting import Hold
from tests.concurrency.together import at_once
from tests.people import Call, Person
from tests.server import Server

_TIMES = 20


@pytest.fixture
def call(server: Server) -> Call:
    return server.call


def authorise(payer: Person, payee: Person, paise: int) -> ObjectId | None:
    """Set money aside for an hour, where there is enough."""
    account, until = ObjectId(payer.id), clock.now() + timedelta(hours=1)
    hold = Hold(owner=account, account=account, payee=ObjectId(payee.id), amount=paise, expires_at=until, limits=None)
    try:
        db.transaction(lambda session: holds.authorise(hold, None, session=session))
    except InsufficientBalance:
        return None
    return hold.id


def capture(hold_id: ObjectId, paise: int) -> bool:
    posting = submission.complete(holds.payment(holds.one(hold_id), paise), None)
    return db.transaction(lambda session: holds.capture(posting, session=session)).is_new


def end(hold_id: ObjectId, how: str) -> bool:
    """Bring a hold to an end, and return whether it came to this one now."""
    if how == "captured":
        return capture(hold_id, 30_00)
    if how == "voided":
        return db.transaction(lambda session: holds.void(hold_id, session=session))
    at = clock.now() + timedelta(hours=1)
    return db.transaction(lambda session: holds.expire(hold_id, at, session=session))


@pytest.mark.parametrize("_", range(3))
def test_a_hold_comes_to_one_end_once(asha: Person, ravi: Person, _: int) -> None:
    held = authorise(asha, ravi, 40_00)
    ways = ["captured", "voided", "expired"]

    def try_to(number: int) -> tuple[str, str]:
        try:
            return ways[number % 3], "now" if end(held, ways[number % 3]) else "before"
        except Conflict:
            return ways[number % 3], "otherwise"

    ends = Counter(at_once(_TIMES, try_to))

    ((way, _),) = [came for came in ends if came[1] == "now"]
    assert ends[way, "now"] == 1
    assert {came for came in ends if came[1] == "before"} <= {(way, "before")}
    assert holds.one(held)["status"] == way
    assert (asha.balance(), ravi.balance()) == ((70, 130) if way == "captured" else (100, 100))


def test_money_that_is_held_and_sent_at_once_is_there_once(asha: Person, ravi: Person) -> None:
    def do(number: int) -> bool:
        if number % 2:
            return asha.send(ravi, 8, key=f"{number}").status == 200
        return authorise(asha, ravi, 8_00) is not None

    done = at_once(2 * _TIMES, do)

    assert sum(done) == 12
    sent = sum(done[1::2])
    shown = asha.get("/account/balance").body
    assert (shown["balance"], shown["available"], ravi.balance()) == (100 - 8 * sent, 4, 100 + 8 * sent)


def test_what_is_held_is_captured_whatever_is_sent_meanwhile(asha: Person, ravi: Person) -> None:
    held = [authorise(asha, ravi, 5_00) for _ in range(10)]

    def do(number: int) -> bool:
        if number % 2:
            return capture(held[number // 2], 5_00)
        return asha.send(ravi, 20, key=f"{number}").status == 200

    done = at_once(_TIMES, do)

    assert (sum(done[1::2]), sum(done[::2])) == (10, 2)
    assert (asha.balance(), ravi.balance()) == (10, 190)
