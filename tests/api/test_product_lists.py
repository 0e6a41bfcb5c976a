"""Finding products: search, filters, orders and pages."""

from base64 import urlsafe_b64encode
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from paytm import db
from tests.people import Call, Person
from tests.shop import ask, kept, merchant, offer

ORDERS = ("newest", "price", "-price", "name")


@pytest.fixture
def asha(asha: Person) -> Person:
    return merchant(asha)


def found(call: Call, **query: Any) -> list[str]:
    answer = call("GET", "/product", query_string=query)
    assert answer.status == 200, answer
    return [product["name"] for product in answer.body["products"]]


SEARCHES: dict[str, list[str]] = {
    "": ["Café mug", "Desk lamp", "Brass lamp"],
    "lamp": ["Desk lamp", "Brass lamp"],
    "LAM": ["Desk lamp", "Brass lamp"],
    "ras": ["Brass lamp"],
    "k l": ["Desk lamp"],
    " desk  lamp ": ["Desk lamp"],
    "cafe\u0301": ["Café mug"],
    "lamp brass": [],
    "zz": [],
    ".*": [],
    "(a+)+$": [],
    "\0": [],
    "x" * 4000: [],
}


def test_a_search_finds_a_part_of_the_name(call: Call, asha: Person) -> None:
    for name in ("Brass lamp", "Desk lamp", "Café mug"):
        offer(asha, name)

    assert {text: found(call, search=text) for text in SEARCHES} == SEARCHES


FILTERS: list[tuple[dict[str, str], list[str]]] = [
    ({"category": "Light"}, ["Desk lamp", "Brass lamp"]),
    ({"category": "light"}, []),
    ({"category": ""}, ["Mug", "Desk lamp", "Brass lamp"]),
    ({"minPrice": "20"}, ["Desk lamp", "Brass lamp"]),
    ({"maxPrice": "20"}, ["Mug", "Desk lamp"]),
    ({"minPrice": "19.99", "maxPrice": "20.01"}, ["Desk lamp"]),
    ({"minPrice": "30", "maxPrice": "20"}, []),
    ({"inStock": "true"}, ["Mug", "Desk lamp"]),
    ({"inStock": "false"}, ["Brass lamp"]),
    ({"merchant": "0" * 24}, []),
    ({"category": "Light", "inStock": "true", "search": "lamp", "maxPrice": "99"}, ["Desk lamp"]),
    ({"category[$ne]": "x", "$where": "1"}, ["Mug", "Desk lamp", "Brass lamp"]),
]


def test_filters_are_combined(call: Call, asha: Person) -> None:
    offer(asha, "Brass lamp", category="Light", price=30, stock=0)
    offer(asha, "Desk lamp", category="Light", price=20)
    offer(asha, "Mug", price="10.50")

    assert [(query, found(call, **query)) for query, _ in FILTERS] == FILTERS


def test_products_of_one_merchant_are_found(call: Call, asha: Person, ravi: Person) -> None:
    offer(asha, "Lamp")
    offer(merchant(ravi), "Mug")

    answer = call("GET", f"/product?merchant={ravi.id}").body["products"]

    assert [(product["name"], product["merchant"]["name"]) for product in answer] == [("Mug", "Ravi Iyer")]


def test_products_are_sorted(call: Call, asha: Person) -> None:
    for name, price in (("Cup", 90), ("bag", 9), ("Pen", "90.50")):
        offer(asha, name, price=price)

    assert found(call) == found(call, sort="newest") == ["Pen", "bag", "Cup"]
    assert found(call, sort="price") == found(call, sort="name") == ["bag", "Cup", "Pen"]
    assert found(call, sort="-price") == ["Pen", "Cup", "bag"]


def _pages(call: Call, **query: Any) -> list[list[str]]:
    pages, cursor = [], {}
    while True:
        answer = call("GET", "/product", query_string={"limit": 2, **query, **cursor}).body
        pages.append([product["id"] for product in answer["products"]])
        if answer["nextCursor"] is None:
            return pages
        cursor = {"cursor": answer["nextCursor"]}


@pytest.mark.parametrize("query", [{}, {"search": "lamp"}, {"minPrice": "1", "inStock": "true"}])
@pytest.mark.parametrize("order", ORDERS)
def test_pages_show_everything_once_though_it_is_equal(
    call: Call, asha: Person, order: str, query: dict[str, str]
) -> None:
    for number in range(7):
        offer(asha, "Lamp" if number % 3 else "Small:lamp 👩‍🚀", price=1 + number % 2)

    pages = _pages(call, sort=order, **query)

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    shown = [product for page in pages for product in page]
    assert len(set(shown)) == 7
    assert shown == _pages(call, sort=order, limit=100, **query)[0]


@pytest.mark.parametrize("order", ORDERS)
def test_a_page_goes_on_where_the_last_ended_whatever_became_of_it(call: Call, asha: Person, order: str) -> None:
    for number in range(4):
        offer(asha, f"Lamp {number}", price=1 + number)
    [_, last], rest = _pages(call, sort=order)
    cursor = call("GET", "/product", query_string={"limit": 2, "sort": order}).body["nextCursor"]

    ask(asha, "PATCH", f"/{last}", name="Zebra", price=99)
    ask(asha, "DELETE", f"/{last}")
    answer = call("GET", "/product", query_string={"limit": 2, "sort": order, "cursor": cursor}).body

    assert [product["id"] for product in answer["products"]] == rest


def test_a_cursor_is_of_one_order(call: Call, asha: Person) -> None:
    for _ in range(2):
        offer(asha)
    cursors = {order: call("GET", f"/product?limit=1&sort={order}").body["nextCursor"] for order in ORDERS}

    statuses = {
        (order, other): call("GET", f"/product?sort={other}&cursor={cursors[order]}").status
        for order in ORDERS
        for other in ORDERS
    }

    assert {pair for pair, status in statuses.items() if status == 200} == {(order, order) for order in ORDERS}
    assert set(statuses.values()) == {200, 400}


def _cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_made_up_cursor_is_refused(call: Call) -> None:
    some = "0" * 24
    texts = (
        "",
        "x",
        "price:1",
        f"price:{'x' * 24}:1",
        f"price:{some}:x",
        f"price:{some}:",
        f"name:{some}:1",
        "a" * 999,
    )

    for cursor in ("\0", "é", "=", "_w", *texts, *map(_cursor, texts)):
        answer = call("GET", "/product", query_string={"sort": "price", "cursor": cursor})
        assert (answer.status, [*answer.body["errors"]]) == (400, ["cursor"]), cursor


def test_the_longest_names_have_cursors(call: Call, asha: Person) -> None:
    for _ in range(3):
        offer(asha, "🙂" * 120)

    assert [len(page) for page in _pages(call, sort="name")] == [2, 1]


def test_a_cursor_beyond_all_prices_is_survived(call: Call, asha: Person) -> None:
    offer(asha, "Lamp")

    def behind(price: str) -> list[str]:
        return found(call, sort="price", cursor=_cursor(f"price:{'0' * 24}:{price}"))

    assert behind("-1") == behind("-" + "9" * 600) == ["Lamp"]
    assert behind(str(2**63)) == behind("9" * 600) == []


def test_a_bad_query_is_refused(call: Call) -> None:
    queries = ["sort=x", "sort=", "minPrice=x", "maxPrice=-1", "minPrice=1e400", "inStock=x", "merchant=x", "limit=x"]

    assert {query: call("GET", f"/product?{query}").status for query in queries} == dict.fromkeys(queries, 400)


def _plans(call: Call, monkeypatch: pytest.MonkeyPatch, **query: Any) -> tuple[str, str]:
    """Return how MongoDB finds the first page of a list, and the next one."""
    cursors: list[Any] = []
    find = Collection.find

    def watched(self: Collection[Any], *arguments: Any, **options: Any) -> Any:
        if self.name != "products":
            return find(self, *arguments, **options)
        # explain takes no read concern.
        cursors.append(find(self.with_options(read_concern=ReadConcern()), *arguments, **options))
        return cursors[-1]

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "find", watched)
        following = call("GET", "/product", query_string={"limit": 5, **query}).body["nextCursor"]
        call("GET", "/product", query_string={"limit": 5, **query, "cursor": following})
    first, second = (repr(cursor.clone().explain()["queryPlanner"]["winningPlan"]) for cursor in cursors)
    return first, second


@pytest.fixture
def shop(asha: Person) -> Person:
    """A merchant with a number of products."""
    product = kept(offer(asha, "Brass lamp", category="Light"))
    more = [{**product, "_id": ObjectId(), "price": Int64(5000 + number)} for number in range(60)]
    db.database()["products"].insert_many(more)
    return asha


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_is_read_from_an_index_in_its_order(shop: Person, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    for plan in _plans(shop.call, monkeypatch, sort=order):
        assert "'IXSCAN'" in plan
        assert "'COLLSCAN'" not in plan
        assert "'SORT'" not in plan


def test_what_is_wanted_is_read_from_an_index_newest_first(shop: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    searches = [{"search": text} for text in ("l", "la", "lam", "ass lamp")]

    for query in (*searches, {"category": "Light"}, {"merchant": shop.id}, {"inStock": "true"}):
        for plan in _plans(shop.call, monkeypatch, **query):
            assert "'IXSCAN'" in plan, query
            assert "'COLLSCAN'" not in plan, query
            assert "'SORT'" not in plan, query


def test_no_list_reads_the_whole_collection(shop: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ({"search": "lamp"}, {"category": "Light"}, {"merchant": shop.id}, {"minPrice": 52}, {"inStock": "true"})

    for query in wanted:
        for order in ORDERS:
            for plan in _plans(shop.call, monkeypatch, **query, sort=order):
                assert "'IXSCAN'" in plan, (query, order)
                assert "'COLLSCAN'" not in plan, (query, order)
