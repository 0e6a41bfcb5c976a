"""How an order is split among merchants: pure, and exact to the paisa, because shares are sums of whole items."""

from collections.abc import Mapping, Sequence
from typing import Any

from bson import ObjectId
from bson.int64 import Int64

from paytm.ledger.posting import Leg

Document = Mapping[str, Any]


def items_of(products: Sequence[Document], quantities: Mapping[ObjectId, int]) -> list[dict[str, Any]]:
    """Return the items of an order, with names and prices (paise) as they are now."""
    return [
        {
            "product": product["_id"],
            "name": product["name"],
            "price": Int64(product["price"]),
            "quantity": quantities[product["_id"]],
            "merchant": product["merchant"],
            "account": product["account"],
        }
        for product in products
    ]


def of(items: Sequence[Document]) -> list[dict[str, Any]]:
    """Return what each account gets, in the order of the items; nothing of it is paid yet."""
    shares: dict[ObjectId, dict[str, Any]] = {}
    for item in items:
        nothing = {"merchant": item["merchant"], "account": item["account"], "amount": 0}
        share = shares.setdefault(item["account"], nothing)
        share["amount"] += item["price"] * item["quantity"]
    return [
        {**share, "amount": Int64(share["amount"]), "left": Int64(0), "refunded": Int64(0)} for share in shares.values()
    ]


def total(shares: Sequence[Document]) -> int:
    """Return what all shares are together, in paise."""
    return sum(share["amount"] for share in shares)


def paid(shares: Sequence[Document]) -> list[dict[str, Any]]:
    """Return the shares when all of them were paid in full."""
    return [{**share, "left": share["amount"]} for share in shares]


def changed(shares: Sequence[Document], account: ObjectId, facts: Mapping[str, Any]) -> list[Document]:
    """Return the shares with other facts in the one of an account."""
    return [{**share, **facts} if share["account"] == account else share for share in shares]


def is_delivered(share: Document) -> bool:
    """Tell whether a share that was set aside was captured, be it refunded since."""
    return bool(share["left"] or share["refunded"])


def legs(source: ObjectId, shares: Sequence[Document]) -> tuple[Leg, ...]:
    """Return the legs that pay all shares from one account."""
    return Leg(source, -total(shares)), *(Leg(share["account"], share["amount"]) for share in shares)


def lines(shares: Sequence[Document]) -> list[dict[str, Any]]:
    """Return who gets what, as the journal keeps it of a posting with several payees."""
    return [{"to": share["account"], "amount": share["amount"]} for share in shares]


def quantities(items: Sequence[Document], *, accounts: Sequence[ObjectId] | None = None) -> dict[ObjectId, int]:
    """Return how many pieces of each product there are, of some accounts' items alone where they are given."""
    return {item["product"]: item["quantity"] for item in items if accounts is None or item["account"] in accounts}
