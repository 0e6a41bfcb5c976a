"""Becoming a user."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from tests.api.stored import count, stored
from tests.conftest import caller
from tests.people import PASSWORD, Answer, Call, claims, sign_up

REFUSED = "Email already taken / Incorrect inputs"


def _form(**changes: Any) -> dict[str, Any]:
    form = {"username": "asha@example.com", "password": PASSWORD, "firstName": "Asha", "lastName": "Rao", **changes}
    return {name: value for name, value in form.items() if value is not ...}


def _submit(call: Call, **changes: Any) -> Answer:
    return call("POST", "/user/signup", json=_form(**changes))


def test_a_new_user_gets_a_message_and_a_token(call: Call) -> None:
    answer = _submit(call)

    assert answer.status == 200
    assert answer.body == {"message": "User created successfully", "token": answer.body["token"]}
    assert claims(answer.body["token"]).keys() == {"userId", "sid", "iat", "exp", "typ"}


def test_a_new_user_has_an_account_with_the_opening_balance(call: Call) -> None:
    person = sign_up(call)

    (account,), (transaction,), entries = stored("accounts", "transactions", "entries").values()
    assert (account["_id"], account["userId"]) == (ObjectId(person.id), ObjectId(person.id))
    assert (transaction["kind"], transaction["amount"], transaction["to"]) == ("funding", 10000, account["_id"])
    assert [entry["amount"] for entry in entries] == [-10000, 10000]


def test_the_opening_balance_lies_between_its_settings(call_with: Callable[..., Call]) -> None:
    call = call_with(OPENING_BALANCE_MIN="2.50", OPENING_BALANCE_MAX="2.53")

    balances = {sign_up(call).balance() for _ in range(40)}

    assert balances <= {2.5, 2.51, 2.52, 2.53}
    assert len(balances) > 1


def test_an_opening_balance_of_nothing_makes_no_transaction(call_with: Callable[..., Call]) -> None:
    person = sign_up(call_with(OPENING_BALANCE_MIN="0", OPENING_BALANCE_MAX="0"))

    assert person.balance() == 0
    assert count("transactions") == count("entries") == 0


def test_a_user_name_is_trimmed_and_lower_cased(call: Call) -> None:
    assert _submit(call, username="  Asha.Rao@Example.COM ").status == 200

    assert stored("users")["users"][0]["username"] == "asha.rao@example.com"


@pytest.mark.parametrize("username", ["asha@example.com", "ASHA@example.com", " asha@example.com "])
def test_an_email_is_taken_once(call: Call, username: str) -> None:
    _submit(call)
    before = stored()

    answer = _submit(call, username=username, firstName="Other")

    assert (answer.status, answer.body["message"], answer.body["code"]) == (411, REFUSED, "email_taken")
    assert stored() == before


def test_of_many_who_want_one_email_at_once_one_gets_it(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _submit(caller(app.test_client())), range(8)))

    assert sorted(answer.status for answer in answers) == [200] + [411] * 7
    assert [count(name) for name in ("users", "accounts", "sessions", "transactions")] == [1, 1, 1, 1]


BAD_FORMS: dict[str, dict[str, Any]] = {
    "no name": {"username": ...},
    "no password": {"password": ...},
    "no first name": {"firstName": ...},
    "no last name": {"lastName": ...},
    "username null": {"username": None},
    "username empty": {"username": ""},
    "username no e-mail": {"username": "asha"},
    "username without host": {"username": "asha@"},
    "username with blank": {"username": "asha rao@example.com"},
    "username with NUL": {"username": "asha\0@example.com"},
    "username with line break": {"username": "asha@example.com\nx"},
    "username of two": {"username": "a@example.com,b@example.com"},
    "username a number": {"username": 5},
    "username a list": {"username": ["asha@example.com"]},
    "username too long": {"username": "a" * 250 + "@example.com"},
    "username of 10,000": {"username": "a@" + "b." * 5000 + "com"},
    "password null": {"password": None},
    "password of 5": {"password": "12345"},
    "password empty": {"password": ""},
    "password a number": {"password": 123456},
    "password of 300": {"password": "x" * 300},
    "first name empty": {"firstName": ""},
    "first name blank": {"firstName": "   "},
    "first name of 51": {"firstName": "x" * 51},
    "first name null": {"firstName": None},
    "first name a number": {"firstName": 7},
    "first name an operator": {"firstName": {"$gt": ""}},
    "first name with NUL": {"firstName": "A\0sha"},
    "first name with escape": {"firstName": "\x1b[31m"},
    "last name empty": {"lastName": ""},
    "last name of 51": {"lastName": "x" * 51},
    "last name with line break": {"lastName": "R\nao"},
}


def test_a_bad_form_is_refused_and_makes_nobody(call: Call) -> None:
    for name, changes in BAD_FORMS.items():
        answer = _submit(call, **changes)

        refused = (answer.status, answer.body["message"], answer.body["code"])
        assert refused == (411, REFUSED, "incorrect_inputs"), name
        assert answer.body["errors"].keys() == changes.keys()
        assert not any(stored().values()), name


PASSWORDS = {
    "six characters": "123456",
    "seven": "1234567",
    "64": "x" * 64,
    "200": "y" * 200,
    "blanks": " " * 8,
    "with blanks around": "  secret  ",
    "unicode": "पासवर्ड-🔑-密码",
    "NUL": "secret\0one",
    "only NUL": "\0" * 8,
    "line break": "secret\nword",
    "quotes and dollars": "$argon2id$'\"{}",
    "expanding": "\ufdfa" * 12,
}


@pytest.mark.parametrize("password", PASSWORDS.values(), ids=PASSWORDS.keys())
def test_a_password_of_any_sort_signs_in_again(call: Call, password: str) -> None:
    person = sign_up(call, password=password)
    body = {"username": person.username, "password": password}

    assert call("POST", "/user/signin", json=body).status == 200
    assert call("POST", "/user/signin", json=body | {"password": password[:-1]}).status == 411


def test_a_password_typed_composed_fits_when_typed_decomposed(call: Call) -> None:
    person = sign_up(call, password="caf\u00e9-cr\u00e8me")
    body = {"username": person.username, "password": "cafe\u0301-cre\u0300me"}

    assert call("POST", "/user/signin", json=body).status == 200


def test_the_store_holds_argon2id_only(call: Call) -> None:
    sign_up(call)

    (user,) = stored("users")["users"]
    assert user["passwordHash"].startswith("$argon2id$")
    assert PASSWORD not in repr(stored())


def test_the_default_hash_is_as_strong_as_is_asked_for(call_with: Callable[..., Call]) -> None:
    call = call_with(ARGON2_MEMORY_KIB="19456", ARGON2_TIME_COST="2")

    sign_up(call)

    assert "$m=19456,t=2,p=1$" in stored("users")["users"][0]["passwordHash"]


NAMES = ["A", "x" * 50, "O'Brien", "<b>", "Ægir", "हिन्दी", "🙂", "Jr.", "null", "$set", "a.b", "\ufdfa" * 50, "İ" * 50]


@pytest.mark.parametrize("name", NAMES)
def test_any_readable_name_is_kept_and_found(call: Call, name: str) -> None:
    person = sign_up(call, name, name)

    (found,) = call("GET", "/user/bulk", query_string={"filter": name}).body["user"]
    assert found == {"_id": person.id, "id": person.id, "firstName": name, "lastName": name, "picture": None}


def test_a_name_is_trimmed(call: Call) -> None:
    person = sign_up(call, "  Asha ", " Rao\t")

    me = person.get("/user/me").body
    assert (me["firstName"], me["lastName"]) == ("Asha", "Rao")
