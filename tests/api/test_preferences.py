"""What one wants to be told of."""

from typing import Any

import pytest

from tests.people import Answer, Person

EVERYTHING = {
    "moneySent": True,
    "moneyReceived": True,
    "paymentRequests": True,
    "webhooks": True,
    "newSignIn": True,
    "passwordChanged": True,
}
PATH = "/notification/preferences"


def _put(person: Person, body: Any) -> Answer:
    return person.call("PUT", PATH, json=body, headers=person.headers)


def test_everything_is_told_at_first(asha: Person) -> None:
    answer = asha.get(PATH)

    assert (answer.status, answer.body) == (200, EVERYTHING)


@pytest.mark.parametrize("name", ["moneySent", "moneyReceived", "paymentRequests", "webhooks"])
def test_one_is_switched_off_and_on_again(asha: Person, name: str) -> None:
    assert _put(asha, {name: False}).body == EVERYTHING | {name: False}
    assert asha.get(PATH).body == EVERYTHING | {name: False}
    assert _put(asha, {name: True}).body == EVERYTHING


def test_what_is_not_given_stays(asha: Person) -> None:
    _put(asha, {"moneySent": False})

    assert _put(asha, {"webhooks": False}).body == EVERYTHING | {"moneySent": False, "webhooks": False}


@pytest.mark.parametrize("name", ["newSignIn", "passwordChanged"])
def test_security_cannot_be_switched_off(asha: Person, name: str) -> None:
    answer = _put(asha, {name: False, "moneySent": False})

    assert (answer.status, answer.body["code"]) == (400, "security_mail")
    assert "cannot be switched off" in answer.body["message"]
    assert list(answer.body["errors"]) == [name]
    assert asha.get(PATH).body == EVERYTHING


def test_what_was_shown_can_be_put_back(asha: Person) -> None:
    assert _put(asha, asha.get(PATH).body).status == 200


@pytest.mark.parametrize("value", ["no", "false", 2, None, [], {}, {"$ne": True}])
def test_a_switch_is_true_or_false(asha: Person, value: Any) -> None:
    answer = _put(asha, {"moneySent": value})

    assert (answer.status, answer.body["code"]) == (400, "invalid_input")
    assert asha.get(PATH).body == EVERYTHING


@pytest.mark.parametrize("body", [{}, {"$set": {"moneySent": False}}, {"_id": "0" * 24, "admin": True}])
def test_what_is_not_known_is_ignored(asha: Person, body: Any) -> None:
    assert _put(asha, body).body == EVERYTHING


def test_they_are_ones_own(asha: Person, ravi: Person) -> None:
    _put(asha, {"moneySent": False})

    assert ravi.get(PATH).body == EVERYTHING
