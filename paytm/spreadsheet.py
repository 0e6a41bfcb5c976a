"""Tables as CSV that spreadsheets open, and take nothing in them for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from paytm.money import PAISE_PER_RUPEE

# By this Excel knows UTF-8.
BYTE_ORDER_MARK = "\ufeff"

# What Excel and others take for the beginning of a formula; the full-width forms in some languages.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def lines(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as lines of CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def text(value: str | None) -> str:
    """Return text that no spreadsheet takes for a formula."""
    shown = value or ""
    return f"'{shown}" if shown.lstrip(" ").startswith(_FORMULA) else shown


def number(paise: int | None) -> str:
    """Return an amount in rupees, as spreadsheets calculate with it."""
    if paise is None:
        return ""
    rupees, rest = divmod(paise, PAISE_PER_RUPEE)
    return f"{rupees}.{rest:02}"
