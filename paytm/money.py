"""Rupees at the edge, integer paise inside."""

import re
from decimal import Decimal

PAISE_PER_RUPEE = 100

# A balance of up to fifteen digits of paise survives every JSON number (an IEEE double) exactly.
MAX_PAISE = 10**15

_INDIAN_GROUPS = re.compile(r"(?<=\d)(?=(?:\d\d)+$)")
_RUPEES = re.compile(r"\d{1,15}(\.\d{1,2})?", re.ASCII)


def to_paise(rupees: object) -> int:
    """Turn an amount that a client sent into paise.

    :param rupees: an ``int``, a ``Decimal`` (how JSON numbers with a fraction are read), or a string of
        ASCII digits with at most two decimals, as input fields hold it.
    :returns: paise, from 0 to ``MAX_PAISE``; callers decide on their own least amount.
    :raises ValueError: for anything else: bool, float, negative, non-finite, too large, or a fraction of a paisa.
    """
    if isinstance(rupees, str):
        if not _RUPEES.fullmatch(rupees.strip(" ")):
            raise ValueError("not an amount")
        rupees = Decimal(rupees.strip(" "))
    elif isinstance(rupees, bool) or not isinstance(rupees, int | Decimal):
        raise ValueError("not an amount")
    if isinstance(rupees, Decimal):
        exponent = rupees.as_tuple().exponent
        # Not by arithmetic, which would round the thirtieth decimal away, and not a number for NaN and Infinity.
        if not isinstance(exponent, int) or exponent < -2:
            raise ValueError("not an amount with at most two decimals")
    # The range comes before the multiplication: 1e999999 times 100 would have a million digits.
    if not 0 <= rupees <= MAX_PAISE // PAISE_PER_RUPEE:
        raise ValueError("out of range")
    return int(rupees * PAISE_PER_RUPEE)


def to_rupees(paise: int) -> int | float:
    """Turn paise into the JSON number that clients are shown, for example 3333 into 33.33.

    The quotient exists for the JSON text only: within ``MAX_PAISE`` its shortest form is exact to the paisa.
    """
    rupees, rest = divmod(paise, PAISE_PER_RUPEE)
    return paise / PAISE_PER_RUPEE if rest else rupees


def format_rupees(paise: int) -> str:
    """Write paise as people in India read them, for example 10000000 as ``₹1,00,000.00``."""
    rupees, rest = divmod(abs(paise), PAISE_PER_RUPEE)
    digits = str(rupees)
    # The last three digits stand together, and pairs before them: lakhs and crores.
    grouped = _INDIAN_GROUPS.sub(",", digits[:-3]) + "," + digits[-3:] if len(digits) > 3 else digits
    return f"{'-' if paise < 0 else ''}₹{grouped}.{rest:02}"
