"""A small world to try things on: people who sent each other money and wrote of it, and what some of them sell."""

import random
import secrets
from collections.abc import Iterator

from bson import ObjectId
from flask import g

from paytm.account import transfers as sending
from paytm.chat import conversations, messages
from paytm.errors import InsufficientBalance
from paytm.product import catalog
from paytm.user import registration, roles
from paytm.user.tokens import Caller

PASSWORD = "wallet-demo"  # noqa: S105 - printed for everybody who seeds
_FIRST_NAMES = ("Aarav", "Aditi", "Arjun", "Diya", "Harkirat", "Ishaan", "Kavya", "Meera", "Rohan", "Saanvi")
_LAST_NAMES = ("Bhat", "Das", "Gupta", "Iyer", "Kapoor", "Mehta", "Nair", "Reddy", "Sharma", "Singh")
_NOTES = ("chai", "rent", "cab", "dinner", "movie tickets", "groceries", "")
_MERCHANTS = 3
# What one says, and the other one then.
_TALKS = (
    ("Did you get home all right?", "Just now 🙂", "Good. Sleep well!"),
    ("Who paid for the cab?", "I did, it was 240.", "I send you my half.", "Got it, thanks!"),
    ("Are we still on for dinner?", "Yes, at eight."),
    ("Happy birthday! 🎉", "Thank you so much!"),
    ("Can you pay the rent this month?", "Sure. How much is it?", "18,500.\nTill Friday, please."),
)
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


def run(*, people: int, transfers: int) -> Iterator[str]:
    """Sign ``people`` up, let them make ``transfers``, talk and sell, and yield what to tell the developer."""
    # Another world at each run, beside the earlier ones.
    world = secrets.token_hex(3)
    g.request_id = f"seed-{world}"
    usernames = [f"demo{number}.{world}@example.com" for number in range(people)]
    callers = [_sign_up(username) for username in usernames]
    made = sum(_send(callers) for _ in range(transfers))
    merchants = [_stock_up(*merchant) for merchant in list(zip(usernames, callers, strict=True))[:_MERCHANTS]]
    said = sum(_talk(*random.sample(callers, 2)) for _ in callers)
    yield f"{people} people with the password {PASSWORD} made {made} transfers."
    yield f"They wrote each other {said} messages."
    yield f"{len(merchants)} of them, from demo0 on, are merchants and offer {sum(merchants)} products."
    yield f"Sign in as {usernames[0]}."


def _sign_up(username: str) -> Caller:
    session = registration.sign_up(
        username=username,
        password=PASSWORD,
        first_name=random.choice(_FIRST_NAMES),  # noqa: S311
        last_name=random.choice(_LAST_NAMES),  # noqa: S311
    )
    return Caller(session["userId"], session["_id"])


def _stock_up(username: str, caller: Caller) -> int:
    """Make somebody a merchant who offers some wares, and return how many."""
    roles.grant(username, roles.MERCHANT)
    wares = random.sample(sorted(_WARES), 4)
    for name in wares:
        category, price = _WARES[name]
        catalog.create(
            caller.user_id,
            name=name,
            price=price,
            quantity=random.randrange(1, 50),  # noqa: S311
            description=None,
            category=category,
            account=None,
        )
    return len(wares)


def _talk(one: Caller, other: Caller) -> int:
    """Let two people have a conversation that the last to hear something has not read to its end."""
    words = random.choice(_TALKS)  # noqa: S311
    for number, text in enumerate(words):
        speaker, listener = (other, one) if number % 2 else (one, other)
        conversations.mark(speaker.user_id, listener.user_id)
        messages.send(speaker.user_id, listener.user_id, text=text, client_id=None)
    return len(words)


def _send(callers: list[Caller]) -> bool:
    payer, payee = random.sample(callers, 2)
    amount = random.randrange(100, 50_000)  # noqa: S311
    try:
        sending.send(
            payer,
            source=payer.user_id,
            to=payee.user_id,
            amount=amount,
            note=random.choice(_NOTES),  # noqa: S311
            key=str(ObjectId()),
        )
    except InsufficientBalance:
        return False
    return True
