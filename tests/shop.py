"""Merchants and what they sell."""

from typing import Any

from bson import ObjectId

from paytm import db
from paytm.user import roles
from tests.people import Answer, Person


def merchant(person: Person) -> Person:
    assert roles.grant(person.username, roles.MERCHANT)
    return person


def ask(person: Person, method: str, path: str = "", **body: Any) -> Answer:
    """Make a request to the product routes; a body is sent where there are fields for one."""
    return person.call(method, f"/product{path}", headers=person.headers, **({"json": body} if body else {}))


def offer(person: Person, name: str = "Brass lamp", **body: Any) -> str:
    """Have a merchant offer a product, and return its id."""
    answer = ask(person, "POST", **{"name": name, "price": 50, "stock": 10, **body})
    assert answer.status == 201, answer
    return answer.body["product"]["id"]


def restock(person: Person, product: str, quantity: Any, *, key: str | None = "k") -> Answer:
    return ask(person, "POST", f"/{product}/restock", quantity=quantity, idempotencyKey=key)


def kept(product: str) -> dict[str, Any]:
    """Return a product as it is kept, sold or not."""
    return db.database()["products"].find_one({"_id": ObjectId(product)}) or {}
