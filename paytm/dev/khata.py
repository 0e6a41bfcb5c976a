"""What the demo's people note down in their cash books."""

import random
from datetime import timedelta

from paytm import clock
from paytm.cashbook import writing
from paytm.clock import INDIA
from paytm.user.tokens import Caller

_CUSTOMERS = ("Anil Stores", "Bhavna", "Chacha tea stall", "Dr. Farida", "Gopal the milkman", "Landlord", "Priya di")
_REASONS = ("rice, 2 bags", "lent till Monday", "advance", "monthly milk", "medicine", None, None)
_DAYS = 90


def keep(caller: Caller, *, records: int) -> int:
    """Let somebody note down what was given and got over some months, and return how many records it became."""
    today = clock.now().astimezone(INDIA).date()
    for _ in range(records):
        content = {
            "name": random.choice(_CUSTOMERS),  # noqa: S311
            "date": today - timedelta(days=random.randrange(_DAYS)),  # noqa: S311
            "amount": random.randrange(10_00, 5_000_00, 50),  # noqa: S311
            "type": random.choice(("credit", "debit")),  # noqa: S311
            "note": random.choice(_REASONS),  # noqa: S311
        }
        writing.create(caller.user_id, content, key=None)
    return records
