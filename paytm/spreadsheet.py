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
    """Return text that no spreadsheet takes for a formula: an apostrophe tells it so."""
    shown = value or ""
    return f"'{shown}" if _is_risky(shown) else shown


def plain(cell: str) -> str:
    """Return the text that :func:`text` made a cell of."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell[1:]) else cell


def number(paise: int | None) -> str:
    """Return an amount in rupees, as spreadsheets calculate with it."""
    if paise is None:
        return ""
    rupees, rest = divmod(paise, PAISE_PER_RUPEE)
    return f"{rupees}.{rest:02}"


def _is_risky(text: str) -> bool:
    # With apostrophes of its own it gets another one, so that none is lost when it is read back.
    return text.lstrip(" '").startswith(_FORMULA)
