"""Restocking and selling at the same moment: no piece is counted twice, and none is sold twice."""

from collections.abc import Iterator

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.errors import OutOfStock
from paytm.product import stock
from tests.concurrency.together import at_once
from tests.people import Person, sign_up
from tests.server import Server
from tests.shop import ask, kept, merchant, offer, restock

_TIMES = 20


@pytest.fixture(autouse=True)
def _adds_up(app: Flask) -> Iterator[None]:
    yield
    stock.check()


@pytest.fixture
def asha(server: Server) -> Person:
    return merchant(sign_up(server.call, "Asha"))


def _is_taken(product: str, quantity: int) -> bool:
    try:
        db.transaction(lambda session: stock.take({ObjectId(product): quantity}, session=session))
    except OutOfStock:
        return False
    return True


def test_a_restock_with_one_key_counts_once(asha: Person) -> None:
    product = offer(asha)

    answers = at_once(_TIMES, lambda _: restock(asha, product, 5))

    assert [answer.status for answer in answers] == [200] * _TIMES
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert kept(product)["stock"] == 15


def test_restocks_with_keys_of_their_own_all_count(asha: Person) -> None:
    product = offer(asha)

    answers = at_once(_TIMES, lambda number: restock(asha, product, 1 + number, key=f"{number}"))

    assert [answer.status for answer in answers] == [200] * _TIMES
    assert kept(product)["stock"] == 10 + sum(range(1, _TIMES + 1))


def test_no_more_is_written_off_than_there_is(asha: Person) -> None:
    product = offer(asha, stock=10)

    answers = at_once(_TIMES, lambda number: restock(asha, product, -3, key=f"{number}"))

    assert sorted(answer.status for answer in answers) == [200] * 3 + [409] * (_TIMES - 3)
    assert kept(product)["stock"] == 1


def test_the_last_piece_is_taken_by_one(asha: Person) -> None:
    product = offer(asha, stock=1)

    assert sorted(at_once(2, lambda _: _is_taken(product, 1))) == [False, True]
    assert (kept(product)["stock"], kept(product)["sold"]) == (0, 1)


def test_orders_of_the_same_products_never_block_each_other(asha: Person) -> None:
    products = [ObjectId(offer(asha, stock=100)) for _ in range(3)]

    def take(number: int) -> int:
        items = dict.fromkeys(products if number % 2 else reversed(products), 1)
        return len(db.transaction(lambda session: stock.take(items, session=session)))

    assert at_once(_TIMES, take) == [3] * _TIMES
    assert [kept(str(product))["stock"] for product in products] == [100 - _TIMES] * 3


def test_pieces_are_sold_written_off_or_left(asha: Person) -> None:
    product = offer(asha, stock=10)

    def do(number: int) -> bool:
        if number % 2:
            return _is_taken(product, 1)
        return restock(asha, product, -1, key=f"{number}").status == 200

    done = at_once(_TIMES, do)

    assert sum(done) == 10
    assert (kept(product)["stock"], kept(product)["sold"]) == (0, sum(done[1::2]))


def test_nothing_of_a_deleted_product_is_sold_afterwards(asha: Person) -> None:
    product = offer(asha, stock=_TIMES)

    def do(number: int) -> int:
        if number == 0:
            return ask(asha, "DELETE", f"/{product}").status
        return restock(asha, product, -1, key=f"{number}").status

    answers = at_once(_TIMES, do)

    assert answers[0] == 204
    assert set(answers[1:]) <= {200, 400, 404}
    assert kept(product)["stock"] == _TIMES - answers.count(200)
