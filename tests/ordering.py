"""Orders, as buyers and merchants make and fill them."""

import secrets
from collections.abc import Mapping
from typing import Any

from tests.people import Answer, Person


def order(buyer: Person, items: Mapping[str, Any], method: str | None = "wallet", **more: Any) -> Answer:
    """Order products, with a fresh key unless one is given; without a method, to pay later."""
    form = {"items": _items(items), "idempotencyKey": secrets.token_hex(8), **more}
    if method is None:
        return buyer.call("POST", "/order/pay-later", json=form, headers=buyer.headers)
    return buyer.call("POST", "/order", json={**form, "method": method}, headers=buyer.headers)


def act(person: Person, made: Answer | str, what: str, **form: Any) -> Answer:
    """Do something with an order: pay, cancel, capture or refund; refunds have a fresh key unless one is given."""
    id_ = made if isinstance(made, str) else made.body["orderId"]
    keyed = {"idempotencyKey": secrets.token_hex(8), **form} if what == "refund" else form
    return person.call("POST", f"/order/{id_}/{what}", json=keyed, headers=person.headers)


def seen(person: Person, made: Answer | str) -> Any:
    """Return an order as somebody sees it."""
    id_ = made if isinstance(made, str) else made.body["orderId"]
    found = person.get(f"/order/{id_}")
    assert found.status == 200, found
    return found.body["order"]


def left(person: Person, product: str) -> int:
    """Return how many pieces of a product are left."""
    stock: int = person.get(f"/product/{product}").body["product"]["stock"]
    return stock


def _items(items: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"productId": product, "quantity": quantity} for product, quantity in items.items()]
