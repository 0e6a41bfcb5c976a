"""A small world to try things on: people who sent each other money."""

import random
import secrets
from collections.abc import Iterator

from bson import ObjectId
from flask import g

from paytm.account import transfers as sending
from paytm.errors import InsufficientBalance
from paytm.user import registration
from paytm.user.tokens import Caller

PASSWORD = "wallet-demo"  # noqa: S105 - printed for everybody who seeds
_FIRST_NAMES = ("Aarav", "Aditi", "Arjun", "Diya", "Harkirat", "Ishaan", "Kavya", "Meera", "Rohan", "Saanvi")
_LAST_NAMES = ("Bhat", "Das", "Gupta", "Iyer", "Kapoor", "Mehta", "Nair", "Reddy", "Sharma", "Singh")
_NOTES = ("chai", "rent", "cab", "dinner", "movie tickets", "groceries", "")


def run(*, people: int, transfers: int) -> Iterator[str]:
    """Sign ``people`` up, make ``transfers`` between them, and yield what to tell the developer."""
    # Another world at each run, beside the earlier ones.
    world = secrets.token_hex(3)
    g.request_id = f"seed-{world}"
    callers = [_sign_up(f"demo{number}.{world}@example.com") for number in range(people)]
    made = sum(_send(callers) for _ in range(transfers))
    yield f"{people} people with the password {PASSWORD} made {made} transfers."
    yield f"Sign in as demo0.{world}@example.com."


def _sign_up(username: str) -> Caller:
    session = registration.sign_up(
        username=username,
        password=PASSWORD,
        first_name=random.choice(_FIRST_NAMES),  # noqa: S311
        last_name=random.choice(_LAST_NAMES),  # noqa: S311
    )
    return Caller(session["userId"], session["_id"])


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
