"""What the demo's merchants offer, and what the others order of it."""

import random
from itertools import cycle

from bson import ObjectId

from paytm.dev import drawing
from paytm.errors import InsufficientBalance, OutOfStock
from paytm.order import placing
from paytm.payment.terms import HOLD, WALLET
from paytm.product import catalog
from paytm.user import roles
from paytm.user.tokens import Caller

# Their category, and their price in paise.
_WARES = {
    "Brass lamp": ("Home", 1_249_00),
    "Steel tiffin box": ("Home", 399_00),
    "Cotton kurta": ("Clothes", 899_50),
    "Silk scarf": ("Clothes", 1_999_00),
    "Masala chai, 250 g": ("Food", 145_00),
    "Alphonso mangoes, a dozen": ("Food", 960_00),
    "Cricket bat": ("Sports", 2_450_00),
    "Carrom board": ("Sports", 1_375_00),
    "Notebook, 200 pages": ("Paper", 75_00),
}
# None is later. By card it would take a page of Stripe's.
_METHODS = (WALLET, HOLD, None)


def stock_up(username: str, caller: Caller) -> list[ObjectId]:
    """Make somebody a merchant who offers some wares, and return what they are."""
    roles.grant(username, roles.MERCHANT)
    return [_offer(caller, name, *_WARES[name]) for name in random.sample(sorted(_WARES), 4)]


def order(callers: list[Caller], products: list[ObjectId]) -> int:
    """Let people order something, each in the next way there is to pay, and return how many could."""
    chosen = [(caller, random.choice(products), method) for caller, method in zip(callers, cycle(_METHODS))]  # noqa: S311
    return sum(_buy(*choice) for choice in chosen)


def _offer(caller: Caller, name: str, category: str, price: int) -> ObjectId:
    product = catalog.create(
        caller.user_id,
        name=name,
        price=price,
        quantity=random.randrange(10, 50),  # noqa: S311
        description=None,
        category=category,
        account=None,
    )
    catalog.illustrate(product["_id"], drawing.lettered(name), by=caller.user_id)
    found: ObjectId = product["_id"]
    return found


def _buy(caller: Caller, product: ObjectId, method: str | None) -> bool:
    try:
        placing.place(caller, {product: 1}, method=method, account=None, key=str(ObjectId()))
    except (InsufficientBalance, OutOfStock):
        return False
    return True
