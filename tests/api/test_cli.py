"""The operator's commands."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from paytm.cashbook import audit as cashbook_audit
from paytm.chat import audit as chat_audit
from paytm.ledger import audit
from paytm.order import audit as order_audit
from paytm.product import stock
from paytm.user import sessions
from tests.api.stored import count, stored
from tests.conftest import caller, empty_database
from tests.people import PASSWORD, Person

# Where the demo has pictures.
SHOWN = {"users": "picture", "products": "image", "messages": "image"}


def _run(app: Flask, *arguments: str) -> Result:
    with app.app_context():  # As the flask program does.
        return app.test_cli_runner().invoke(args=list(arguments))


def _sign_in(person: Person) -> int:
    body = {"username": person.username, "password": PASSWORD}
    return person.call("POST", "/user/signin", json=body).status


def test_a_disabled_user_is_signed_out_and_cannot_sign_in(app: Flask, asha: Person, ravi: Person) -> None:
    result = _run(app, "disable-user", asha.username)
    sessions._seen.clear()

    assert (result.exit_code, result.output) == (0, "The user is disabled.\n")
    assert asha.get("/user/me").status == 403
    assert _sign_in(asha) == 411
    assert ravi.get("/user/me").status == 200


def test_an_enabled_user_signs_in_again_and_has_the_money(app: Flask, asha: Person) -> None:
    _run(app, "disable-user", asha.username)
    result = _run(app, "enable-user", asha.username)

    assert (result.exit_code, result.output) == (0, "The user is active.\n")
    assert _sign_in(asha) == 200
    assert stored("accounts")["accounts"][0]["balance"] == 10000


def test_an_old_token_stays_dead_when_a_user_is_enabled_again(app: Flask, asha: Person) -> None:
    _run(app, "disable-user", asha.username)
    _run(app, "enable-user", asha.username)
    sessions._seen.clear()

    assert asha.get("/user/me").status == 403


@pytest.mark.parametrize("spell", [str.upper, lambda name: f" {name} "])
def test_a_user_is_named_in_any_spelling(app: Flask, asha: Person, spell: Callable[[str], str]) -> None:
    assert _run(app, "disable-user", spell(asha.username)).exit_code == 0
    assert _sign_in(asha) == 411


@pytest.mark.parametrize("command", ["disable-user", "enable-user"])
def test_an_unknown_user_is_reported(app: Flask, asha: Person, command: str) -> None:
    before = stored()

    result = _run(app, command, "nobody@example.com")

    assert result.exit_code == 1
    assert "no such user" in result.output.lower()
    assert stored() == before


@pytest.mark.parametrize("command", ["disable-user", "enable-user"])
def test_a_command_repeated_is_fine(app: Flask, asha: Person, command: str) -> None:
    assert [_run(app, command, asha.username).exit_code for _ in range(2)] == [0, 0]


def test_seed_makes_people_and_transfers(app: Flask) -> None:
    result = _run(app, "seed", "--people", "3", "--transfers", "5")

    assert result.exit_code == 0, result.output
    assert count("users") == count("accounts") == 3
    assert 3 <= count("transactions", status="completed") <= 8


def test_seed_makes_a_few_merchants_who_sell(app: Flask) -> None:
    result = _run(app, "seed", "--people", "4", "--transfers", "0")

    assert "3 of them, from demo0 on, are merchants and offer 12 products." in result.output
    assert count("users", roles="merchant") == 3
    assert count("products") == stock.check() == 12


def test_seed_lets_people_talk(app: Flask) -> None:
    result = _run(app, "seed", "--people", "4", "--transfers", "0")

    assert f"They wrote each other {count('messages')} messages." in result.output
    assert count("messages") == chat_audit.check() >= 8
    assert count("conversations", unread=1) > 0
    assert count("messages", image={"$exists": True}) == 1


def test_seed_fills_cash_books(app: Flask) -> None:
    result = _run(app, "seed", "--people", "2", "--transfers", "0")

    assert "They noted 24 records down in their cash books." in result.output
    assert count("cashbook") == cashbook_audit.check() == 24


def test_seed_shows_people_and_products(app: Flask) -> None:
    _run(app, "seed", "--people", "2", "--transfers", "0")

    shown = {name: count(name, **{field: {"$exists": True}}) for name, field in SHOWN.items()}
    assert shown == {"users": 2, "products": 8, "messages": 1}
    assert count("pictures", dueAt={"$exists": False}) == count("pictures") == 11


def test_seed_lets_people_order(make_app: Callable[..., Flask]) -> None:
    app = make_app(OPENING_BALANCE_MIN="10000", OPENING_BALANCE_MAX="10000")
    empty_database()

    result = _run(app, "seed", "--people", "6", "--transfers", "0")

    assert "The others placed 3 orders." in result.output
    assert sorted(order["status"] for order in stored("orders")["orders"]) == ["authorised", "paid", "pending"]
    order_audit.check()
    audit.check()


def test_seed_tells_how_to_sign_in(app: Flask) -> None:
    words = _run(app, "seed", "--people", "2", "--transfers", "0").output.split()
    username = next(word for word in words if "@" in word).strip(".,")
    password = words[words.index("password") + 1]

    body = {"username": username, "password": password}
    assert caller(app.test_client())("POST", "/user/signin", json=body).status == 200


def test_seed_can_be_repeated(app: Flask) -> None:
    codes = [_run(app, "seed", "--people", "2", "--transfers", "1").exit_code for _ in range(2)]

    assert codes == [0, 0]
    assert count("users") == 4


@pytest.mark.parametrize("arguments", [("--people", "0"), ("--people", "1"), ("--people", "-1"), ("--transfers", "-1")])
def test_seed_survives_a_small_world(app: Flask, arguments: tuple[str, str]) -> None:
    result = _run(app, "seed", "--transfers", "2", *arguments)

    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception


@pytest.mark.parametrize("command", [("init-db",), ("audit",), ("disable-user", "a@example.com"), ("seed",)])
def test_a_command_without_a_database_says_so_in_one_line(
    make_app: Callable[..., Flask], command: tuple[str, ...]
) -> None:
    app = make_app(MONGODB_URI="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", DATABASE_TIMEOUT="0.3")

    result = _run(app, *command)

    assert result.exit_code == 1
    assert "MongoDB does not answer" in result.output
    assert len(result.output.strip().splitlines()) == 1
