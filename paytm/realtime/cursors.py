"""Up to where somebody knows what happened: the last entry of each of one's accounts.

A single time would not do: what was made earlier in one account may be committed later than what was seen in another.
"""

import re
from collections.abc import Mapping

from bson import ObjectId

from paytm.errors import InvalidInput

_FORM = re.compile(r"[0-9a-f]{24}-\d{1,18}(\.[0-9a-f]{24}-\d{1,18})*", re.ASCII)

# The number of the last entry that is known, by account.
Position = Mapping[ObjectId, int]


def write(position: Position) -> str:
    """Return a position as clients keep it."""
    return ".".join(f"{account}-{seq}" for account, seq in sorted(position.items()))


def read(cursor: str) -> dict[ObjectId, int]:
    """Return the position that a cursor stands for.

    :raises InvalidInput: it is none.
    """
    if not _FORM.fullmatch(cursor):
        raise InvalidInput(errors={"since": ["Not a cursor."]})
    parts = (part.split("-") for part in cursor.split("."))
    return {ObjectId(account): int(seq) for account, seq in parts}
