"""Commands that fail in MongoDB: a client that repeats its request with the key pays exactly once.

Faults are injected with failCommand. ``writeConcernError`` executes the command and then reports a failure;
the other ways fail it without executing it.
"""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from paytm import db
from tests.faults import retrying
from tests.faults.conftest import Fail
from tests.faults.traffic import Traffic, assert_kept
from tests.people import PASSWORD, Call, Person
from tests.server import Server

pytestmark = pytest.mark.usefixtures("impatient")

_TRANSIENT = {"errorLabels": ["TransientTransactionError"]}
_STEPS = ["find", "update", "insert", "commitTransaction"]


def _unconfirmed(code: int) -> dict[str, Any]:
    return {"writeConcernError": {"code": code, "errmsg": "injected"}}


COMMIT_FAULTS: dict[str, dict[str, Any]] = {
    "its connection is cut": {"closeConnection": True},
    "its connection is cut three times": {"times": 3, "closeConnection": True},
    "it lands but a majority fails (64)": _unconfirmed(64),
    "it lands but the server shuts down (91), twice": {"times": 2, **_unconfirmed(91)},
    "it lands but the answer says start again": {**_unconfirmed(251), **_TRANSIENT},
    "the transaction is gone, once": {"errorCode": 251, **_TRANSIENT},
    "the transaction is gone, five times": {"times": 5, "errorCode": 251, **_TRANSIENT},
    "it takes too long (50)": {"times": 2, "errorCode": 50},
    "the server is no primary (10107)": {"errorCode": 10107},
    "it fails for no known reason": {"times": 2, "errorCode": 8},
}
OTHER_FAULTS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "30 write conflicts": (["update"], {"times": 30, "errorCode": 112, **_TRANSIENT}),
    "connection cut while balances are written": (["update"], {"closeConnection": True}),
    "connection cut while the journal is written": (["insert"], {"closeConnection": True}),
    "connection cut while the books are read": (["find"], {"times": 2, "closeConnection": True}),
    "connection cut at every step": (_STEPS, {"times": 6, "closeConnection": True}),
    "write fails and cannot be taken back": (["insert", "abortTransaction"], {"times": 2, "closeConnection": True}),
    "write fails for good and cannot be taken back": (["insert", "abortTransaction"], {"times": 2, "errorCode": 8}),
    "disk full": (["insert"], {"errorCode": 14031}),
}


@pytest.fixture
def server(shared_server: Server) -> Server:
    return shared_server


@pytest.mark.parametrize("fault", COMMIT_FAULTS)
def test_a_transfer_whose_commit_fails_is_made_once(asha: Person, ravi: Person, fail: Fail, fault: str) -> None:
    fail("commitTransaction", **COMMIT_FAULTS[fault])
    assert_paid_once(asha, ravi)


@pytest.mark.parametrize("fault", OTHER_FAULTS)
def test_a_transfer_that_fails_before_its_commit_is_made_once(
    asha: Person, ravi: Person, fail: Fail, fault: str
) -> None:
    commands, way = OTHER_FAULTS[fault]
    fail(*commands, **way)
    assert_paid_once(asha, ravi)


def assert_paid_once(payer: Person, payee: Person) -> None:
    first = retrying.send(payer, payee, 10, key="rent")
    again = retrying.send(payer, payee, 10, key="rent")

    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (payer.balance(), payee.balance()) == (90, 110)
    assert_kept({"rent": first})
    # What was taken back is not told either.
    told = db.database()["outbox"].find({"kind": "transaction.completed"})
    assert [str(id_) for event in told for id_ in event["transactions"]] == [first.body["transactionId"]]


@pytest.mark.parametrize("fault", COMMIT_FAULTS)
def test_a_declined_transfer_whose_commit_fails_stays_declined(
    asha: Person, ravi: Person, fail: Fail, fault: str
) -> None:
    fail("commitTransaction", **COMMIT_FAULTS[fault])
    first = retrying.send(asha, ravi, 500, key="rent")
    ravi.send(asha, 100, key="help")
    again = retrying.send(asha, ravi, 150, key="rent-again")

    assert (first.status, again.status) == (400, 200)
    assert retrying.send(asha, ravi, 500, key="rent").body == first.body


@pytest.mark.parametrize("fault", COMMIT_FAULTS)
def test_a_transfer_without_a_key_is_never_made_twice_by_one_request(
    asha: Person, ravi: Person, fail: Fail, fault: str
) -> None:
    fail("commitTransaction", **COMMIT_FAULTS[fault])
    answer = asha.send(ravi, 10)

    definite = retrying.is_definite(answer)
    assert asha.balance() in ([90] if definite else [90, 100])


@pytest.mark.parametrize("fault", COMMIT_FAULTS)
def test_a_sign_up_whose_commit_fails_leaves_no_half_user(call: Call, fail: Fail, fault: str) -> None:
    form = {"username": "asha@example.com", "password": PASSWORD, "firstName": "Asha", "lastName": "Rao"}
    fail("commitTransaction", **COMMIT_FAULTS[fault])

    first, *_, last = [call("POST", "/user/signup", json=form) for _ in range(4)]
    assert first.status == 200 or not retrying.is_definite(first)
    assert last.status == 411
    users = {user["_id"] for user in db.database()["users"].find()}
    assert len(users) == 1
    assert users == {account["_id"] for account in db.database()["accounts"].find({"balance": 10000, "seq": 1})}
    assert call("POST", "/user/signin", json=form).status == 200


def test_a_transfer_is_unavailable_and_not_refused_while_nothing_can_be_committed(
    asha: Person, ravi: Person, failpoint: Callable[..., None]
) -> None:
    failpoint("failCommand", "alwaysOn", {"failCommands": ["commitTransaction"], "closeConnection": True})
    answer = asha.send(ravi, 10, key="rent")

    assert not retrying.is_definite(answer)
    assert asha.balance() == 100


def test_accounts_are_free_again_soon_after_a_commit_was_given_up(
    asha: Person, ravi: Person, failpoint: Callable[..., None]
) -> None:
    failpoint("failCommand", "alwaysOn", {"failCommands": ["commitTransaction"], "closeConnection": True})
    assert not retrying.is_definite(asha.send(ravi, 10, key="rent"))
    failpoint("failCommand", "off")

    healed = monotonic()
    assert_paid_once(asha, ravi)
    assert monotonic() - healed < 15


@pytest.mark.parametrize(
    "way",
    [
        {"failCommands": ["commitTransaction"], "closeConnection": True},
        {"failCommands": ["commitTransaction"], **_unconfirmed(64)},
        {"failCommands": ["update"], "errorCode": 112, **_TRANSIENT},
        {"failCommands": ["find", "insert", "update", "abortTransaction"], "closeConnection": True},
    ],
    ids=["commits are cut", "commits are unconfirmed", "writes conflict", "everything else is cut"],
)
def test_under_load_every_key_is_posted_once_while_commands_fail_at_random(
    people: list[Person], failpoint: Callable[..., None], way: dict[str, Any]
) -> None:
    with Traffic(*people) as traffic:
        failpoint("failCommand", {"activationProbability": 0.2}, way)
        traffic.go_on(1.5)
        failpoint("failCommand", "off")
        traffic.wait_for_success()

    assert_kept(traffic.answers)


def test_people_who_sign_up_while_commands_fail_are_whole_or_not_there(
    call: Call, failpoint: Callable[..., None]
) -> None:
    way = {"failCommands": ["insert", "commitTransaction"], "closeConnection": True}
    failpoint("failCommand", {"activationProbability": 0.1}, way)
    form = {"password": PASSWORD, "firstName": "Asha", "lastName": "Rao"}
    answers = [call("POST", "/user/signup", json=form | {"username": f"{n}@example.com"}) for n in range(8)]
    failpoint("failCommand", "off")

    assert {answer.status for answer in answers} <= {200, 503}
    users, accounts = db.database()["users"], db.database()["accounts"]
    assert users.distinct("_id") == accounts.distinct("_id", {"balance": 10000, "seq": 1})
    assert users.count_documents({}) >= sum(answer.status == 200 for answer in answers)
