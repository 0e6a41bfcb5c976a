"""Becoming a user many times at once, over HTTP to two workers."""

from collections import Counter

from paytm import db
from tests.concurrency.together import at_once
from tests.people import PASSWORD, Answer, claims, sign_up
from tests.server import Server

_FORM = {"username": "asha@example.com", "password": PASSWORD, "firstName": "Asha", "lastName": "Rao"}


def counted() -> Counter[str]:
    """Return how many documents of each kind stand for the users that exist."""
    kinds = ("users", "accounts", "sessions", "transactions", "entries")
    return Counter({kind: db.database()[kind].count_documents({}) for kind in kinds})


def test_of_sign_ups_at_once_with_one_address_one_wins_and_no_half_user_stays(server: Server) -> None:
    answers = at_once(10, lambda _: server.call("POST", "/user/signup", json=_FORM))

    assert sorted(answer.status for answer in answers) == [200] + [411] * 9
    [winner] = [answer for answer in answers if answer.status == 200]
    assert counted() == {"users": 1, "accounts": 1, "sessions": 1, "transactions": 1, "entries": 2}
    user = db.database()["users"].find_one({"username": "asha@example.com"})
    assert user is not None
    assert str(user["_id"]) == claims(winner.body["token"])["userId"]
    assert db.database()["accounts"].count_documents({"_id": user["_id"], "balance": 10000}) == 1


def test_an_address_in_another_case_is_the_same_address(server: Server) -> None:
    spellings = ["asha@example.com", "ASHA@example.com", " Asha@Example.com "]

    def sign_up_as(number: int) -> Answer:
        return server.call("POST", "/user/signup", json=_FORM | {"username": spellings[number % 3]})

    assert sorted(answer.status for answer in at_once(9, sign_up_as)) == [200] + [411] * 8
    assert counted()["users"] == 1


def test_different_people_sign_up_at_once_and_are_all_whole(server: Server) -> None:
    people = at_once(32, lambda _: sign_up(server.call))

    assert len({person.id for person in people}) == 32
    assert {person.balance() for person in people} == {100}
    assert counted() == {"users": 32, "accounts": 32, "sessions": 32, "transactions": 32, "entries": 64}
