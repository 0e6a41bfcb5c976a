"""What merchants offer: adding, reading, changing, deleting and restocking it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock
from paytm.product import stock
from paytm.user import roles
from tests.api.holding import another
from tests.api.stored import count, stored
from tests.people import Call, Person
from tests.shop import ask, kept, merchant, offer, restock

UNKNOWN = "f" * 24


@pytest.fixture(autouse=True)
def _adds_up(app: Flask) -> Iterator[None]:
    yield
    stock.check()


@pytest.fixture
def asha(asha: Person) -> Person:
    return merchant(asha)


def test_a_product_is_shown_as_it_was_offered(asha: Person) -> None:
    form = {"name": " Brass lamp ", "price": "49.50", "stock": 3, "description": "two\nlines", "category": "Light"}
    answer = ask(asha, "POST", **form)

    assert answer.status == 201
    product = answer.body["product"]
    assert product.pop("createdAt") == product.pop("updatedAt")
    assert product == {
        "_id": product["id"],
        "id": product["id"],
        "name": "Brass lamp",
        "description": "two\nlines",
        "price": 49.5,
        "category": "Light",
        "stock": 3,
        "merchant": {"id": asha.id, "name": "Asha Rao", "picture": None},
        "account": asha.id,
        "image": None,
    }


def test_what_may_be_left_out_is_null(asha: Person) -> None:
    product = asha.get(f"/product/{offer(asha, description='', category=None, account=None)}").body["product"]

    assert (product["description"], product["category"], product["account"]) == (None, None, asha.id)


def test_everybody_reads_a_product_but_only_its_owner_sees_the_account(call: Call, asha: Person, ravi: Person) -> None:
    path = f"/product/{offer(asha)}"

    for headers in ({}, ravi.headers, {"Authorization": "Bearer null"}):
        for shown in (call("GET", path, headers=headers).body, call("GET", "/product", headers=headers).body):
            assert "account" not in shown.get("product", shown.get("products", [{}])[0])
    assert asha.get(path).body["product"]["account"] == asha.id
    assert asha.get("/product").body["products"][0]["account"] == asha.id


def test_the_money_goes_to_any_open_account_of_the_merchant(asha: Person) -> None:
    shop = another(asha, kind="merchant")

    product = offer(asha, account=shop)

    assert str(kept(product)["account"]) == shop
    assert ask(asha, "PATCH", f"/{product}", account=asha.id).body["product"]["account"] == asha.id


@pytest.mark.parametrize("change", [False, True])
def test_the_money_goes_to_no_other_account(asha: Person, ravi: Person, change: bool) -> None:
    closed = another(asha)
    asha.call("POST", f"/account/{closed}/close", headers=asha.headers)
    product = offer(asha)
    before = stored("products", "stock_movements")

    def name(account: str) -> tuple[int, str]:
        form = {} if change else {"name": "Lamp", "price": 1, "stock": 1}
        answer = ask(asha, "PATCH" if change else "POST", f"/{product}" if change else "", account=account, **form)
        return answer.status, answer.body["code"]

    assert name(ravi.id) == name(UNKNOWN) == name("0" * 24) == (404, "not_found")
    assert name(closed) == (400, "account_inactive")
    assert stored("products", "stock_movements") == before


LONG = "x" * 2001
BAD: dict[str, list[Any]] = {
    "name": ["", "  ", "x" * 121, "a\nb", "a\0b", "ﷺ" * 10, 5, True, None, [], ["a"], {"$gt": ""}],
    "description": [LONG, "a\0b", "\x1b[0m", 5, True, [], {}],
    "price": [0, "0", -1, 0.001, True, None, "", "abc", "１", [], {}, 2**63, "1000000.01", "9" * 4000],
    "category": ["x" * 51, "a\0b", "a\nb", 5, True, [], {}],
    "account": ["undefined", "", "x" * 24, 5, True, [], {"$ne": None}],
}


@pytest.mark.parametrize("field", [*BAD, "stock"])
def test_bad_input_offers_nothing(asha: Person, field: str) -> None:
    values = BAD.get(field, [-1, 1_000_001, 1.5, 5.0, "5", True, None, [], {}, 2**63, int("9" * 4000)])

    for value in values:
        form = {"name": "Lamp", "price": 1, "stock": 1, field: value}
        answer = ask(asha, "POST", **form)
        assert (answer.status, answer.body["code"], [*answer.body["errors"]]) == (400, "invalid_input", [field]), value
    assert count("products") == count("stock_movements") == 0


@pytest.mark.parametrize("field", BAD)
def test_bad_input_changes_nothing(asha: Person, field: str) -> None:
    product = offer(asha)
    before = kept(product)

    for value in BAD[field]:
        answer = ask(asha, "PATCH", f"/{product}", **{field: value})
        assert (answer.status, answer.body["code"], [*answer.body["errors"]]) == (400, "invalid_input", [field]), value
    assert kept(product) == before


def test_a_broken_body_offers_nothing(asha: Person) -> None:
    for body in ('{"name": "\\ud800", "price": 1, "stock": 1}', "[]", "null", "", "{}", '{"name": "a"}'):
        answer = asha.call("POST", "/product", data=body, content_type="application/json", headers=asha.headers)
        assert answer.status == 400, body
    assert count("products") == 0


def test_a_product_is_changed_where_something_is_given(asha: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    product = offer(asha, category="Light", description="shiny")
    later = clock.now() + timedelta(seconds=5)
    monkeypatch.setattr(clock, "now", lambda: later)

    changes = {"name": "Tin lamp", "price": 5, "category": None, "stock": 99, "sold": 7, "merchant": UNKNOWN}
    shown = ask(asha, "PATCH", f"/{product}", **changes).body["product"]

    assert [shown[name] for name in ("name", "price", "category", "description")] == ["Tin lamp", 5, None, "shiny"]
    assert (shown["stock"], shown["merchant"]["id"], kept(product)["sold"]) == (10, asha.id, 0)
    assert shown["createdAt"] < shown["updatedAt"]
    assert [len(asha.get(f"/product?search={text}").body["products"]) for text in ("brass", "TIN")] == [0, 1]


def test_a_change_names_something(asha: Person) -> None:
    product = offer(asha)
    before = kept(product)

    for body in ({}, {"stock": 5}, {"status": "deleted"}):
        assert asha.call("PATCH", f"/product/{product}", json=body, headers=asha.headers).status == 400
    assert kept(product) == before


def _every_write(person: Person, product: str) -> list[int]:
    return [
        ask(person, "PATCH", f"/{product}", name="Mine").status,
        restock(person, product, 5, key=f"of-{person.id}").status,
        ask(person, "DELETE", f"/{product}").status,
    ]


def test_another_merchant_changes_nothing(asha: Person, ravi: Person) -> None:
    product = offer(asha)
    before = kept(product)

    assert _every_write(merchant(ravi), product) == [403, 403, 403]
    assert kept(product) == before


def test_an_admin_does_all_that_the_owner_does(asha: Person, ravi: Person) -> None:
    roles.grant(ravi.username, roles.ADMIN)
    product = offer(asha)

    assert "account" not in ask(ravi, "PATCH", f"/{product}", account=asha.id).body["product"]
    assert ask(ravi, "PATCH", f"/{product}", account=ravi.id).status == 404
    assert _every_write(ravi, product) == [200, 200, 204]


def test_what_there_is_not_cannot_be_read_or_written(call: Call, asha: Person) -> None:
    assert _every_write(asha, UNKNOWN) == [404, 404, 404]
    assert [call("GET", f"/product/{path}").status for path in (UNKNOWN, "undefined", "0" * 25, "%00")] == [404] * 4


def test_a_deleted_product_is_kept_and_sold_no_longer(call: Call, asha: Person) -> None:
    product = offer(asha)

    assert ask(asha, "DELETE", f"/{product}").status == 204
    assert call("GET", f"/product/{product}").status == 404
    assert call("GET", "/product").body["products"] == call("GET", "/product?search=lamp").body["products"] == []
    assert _every_write(asha, product) == [404, 404, 404]
    assert (kept(product)["name"], kept(product)["stock"]) == ("Brass lamp", 10)


def test_stock_is_bought_in_and_written_off(asha: Person) -> None:
    product = offer(asha, stock=0)

    assert restock(asha, product, 7, key="1").body["product"]["stock"] == 7
    assert restock(asha, product, -7, key="2").body["product"]["stock"] == 0
    movements = stored("stock_movements")["stock_movements"]
    assert [(row["quantity"], row.get("key"), str(row["by"])) for row in movements] == [
        (0, None, asha.id),
        (7, "1", asha.id),
        (-7, "2", asha.id),
    ]


def test_no_more_is_written_off_than_there_is(asha: Person) -> None:
    product = offer(asha, stock=3)

    answer = restock(asha, product, -4)

    assert (answer.status, answer.body["code"]) == (409, "out_of_stock")
    assert answer.body["errors"] == {"product": product, "left": 3}
    assert (kept(product)["stock"], count("stock_movements")) == (3, 1)
    assert restock(asha, product, -3).status == 200  # What was refused did not use the key.


def test_a_restock_is_repeated_without_effect(asha: Person) -> None:
    product = offer(asha)
    restock(asha, product, 5)

    again = restock(asha, product, 5)

    assert (again.status, again.body["product"]["stock"], again.headers["Idempotent-Replayed"]) == (200, 15, "true")
    assert (kept(product)["stock"], count("stock_movements")) == (15, 2)


def test_a_key_is_for_one_quantity_of_one_product(asha: Person) -> None:
    lamp, mug = offer(asha), offer(asha, "Mug")
    restock(asha, lamp, 5)

    assert restock(asha, lamp, 6).body["code"] == "idempotency_key_reused"
    assert restock(asha, mug, 6).status == 200
    assert (kept(lamp)["stock"], kept(mug)["stock"]) == (15, 16)


def test_a_bad_quantity_moves_nothing(asha: Person) -> None:
    product = offer(asha)

    for quantity in (0, 1.5, 5.0, "5", True, None, [], 1_000_001, -1_000_001, 2**63, -(2**64)):
        assert restock(asha, product, quantity).status == 400, quantity
    assert count("stock_movements") == 1


def test_a_restock_needs_a_sound_key(asha: Person) -> None:
    product = offer(asha)

    assert restock(asha, product, 5, key=None).body["code"] == "idempotency_key_required"
    for key in ("", "a\0", "é", "x" * 256):
        assert restock(asha, product, 5, key=key).body["code"] == "invalid_idempotency_key", key
    assert count("stock_movements") == 1


def test_unwanted_fields_offer_no_more(asha: Person) -> None:
    unwanted = {"_id": UNKNOWN, "merchant": UNKNOWN, "sold": 5, "status": "deleted", "grams": ["zz"], "image": "x"}

    product = kept(offer(asha, **unwanted))

    assert product["_id"] != ObjectId(UNKNOWN) != product["merchant"]
    assert (product["sold"], product["status"], "zz" in product["grams"]) == (0, "active", False)
    assert "image" not in product
