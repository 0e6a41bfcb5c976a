"""A small world to try things on: people who send each other money, write, buy what some sell, and keep cash books."""

import random
import secrets
from collections.abc import Iterator

from bson import ObjectId
from flask import current_app, g

from paytm.account import transfers as sending
from paytm.chat import conversations, messages
from paytm.dev import drawing, khata, market
from paytm.errors import InsufficientBalance
from paytm.user import registration
from paytm.user.tokens import Caller

PASSWORD = "wallet-demo"  # noqa: S105 - printed for everybody who seeds
_FIRST_NAMES = ("Aarav", "Aditi", "Arjun", "Diya", "Harkirat", "Ishaan", "Kavya", "Meera", "Rohan", "Saanvi")
_LAST_NAMES = ("Bhat", "Das", "Gupta", "Iyer", "Kapoor", "Mehta", "Nair", "Reddy", "Sharma", "Singh")
_NOTES = ("chai", "rent", "cab", "dinner", "movie tickets", "groceries", "")
_MERCHANTS = 3
_RECORDS = 12
# What one says, and the other one then.
_TALKS = (
    ("Look where I am!", "Lovely! Is that Hampi?", "It is. I bring you something."),
    ("Did you get home all right?", "Just now 🙂", "Good. Sleep well!"),
    ("Who paid for the cab?", "I did, it was 240.", "I send you my half.", "Got it, thanks!"),
    ("Are we still on for dinner?", "Yes, at eight."),
    ("Happy birthday! 🎉", "Thank you so much!"),
    ("Can you pay the rent this month?", "Sure. How much is it?", "18,500.\nTill Friday, please."),
)
# What is to be seen beside what one says.
_SIGHTS = {"Look where I am!": "Hampi"}


def run(*, people: int, transfers: int) -> Iterator[str]:
    """Sign ``people`` up, let them make ``transfers``, talk, sell and buy, and yield what to tell the developer."""
    # Another world at each run, beside the earlier ones.
    world = secrets.token_hex(3)
    g.request_id = f"seed-{world}"
    usernames = [f"demo{number}.{world}@example.com" for number in range(people)]
    callers = [_sign_up(username) for username in usernames]
    made = sum(_send(callers) for _ in range(transfers))
    merchants = [market.stock_up(*merchant) for merchant in list(zip(usernames, callers, strict=True))[:_MERCHANTS]]
    offered = [product for products in merchants for product in products]
    # Nobody buys of themselves, and of two people both are merchants.
    ordered = market.order(callers[_MERCHANTS:], offered)
    said = sum(_talk(_TALKS[number % len(_TALKS)], *random.sample(callers, 2)) for number in range(people))
    yield f"{people} people with the password {PASSWORD} made {made} transfers."
    yield f"They wrote each other {said} messages."
    yield f"{len(merchants)} of them, from demo0 on, are merchants and offer {len(offered)} products."
    yield f"The others placed {ordered} orders."
    # In production there may be no key for it.
    if current_app.extensions["keyring"] is not None:
        noted = sum(khata.keep(caller, records=_RECORDS) for caller in callers)
        yield f"They noted {noted} records down in their cash books."
    yield f"Sign in as {usernames[0]}."


def _sign_up(username: str) -> Caller:
    first, last = random.choice(_FIRST_NAMES), random.choice(_LAST_NAMES)  # noqa: S311
    session = registration.sign_up(username=username, password=PASSWORD, first_name=first, last_name=last)
    caller = Caller(session["userId"], session["_id"])
    registration.change(caller, picture=drawing.lettered(f"{first} {last}"))
    return caller


def _talk(words: tuple[str, ...], one: Caller, other: Caller) -> int:
    """Let two people have a conversation that the last to hear something has not read to its end."""
    for number, text in enumerate(words):
        speaker, listener = (other, one) if number % 2 else (one, other)
        conversations.mark(speaker.user_id, listener.user_id)
        image = drawing.lettered(_SIGHTS[text]) if text in _SIGHTS else None
        messages.send(speaker.user_id, listener.user_id, text=text, client_id=None, image=image)
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
