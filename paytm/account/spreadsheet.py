"""A passbook as CSV, for a spreadsheet: sent while it is read, however long it is."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from paytm.account.passbook import Passbook
from paytm.clock import INDIA
from paytm.money import PAISE_PER_RUPEE

_HEADER = ("Date (IST)", "Kind", "Counterparty", "Note", "Debit", "Credit", "Balance", "Transaction")
# What Excel and others take for the beginning of a formula; the full-width forms in some languages.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# By this Excel knows UTF-8.
_BYTE_ORDER_MARK = "\ufeff"


def stream(passbook: Passbook) -> Iterator[str]:
    """Return a passbook as pieces of CSV.

    The first piece is read at once, so that what fails there can still be answered. A later failure breaks the
    answer off: it has no last line then, which says ``Closing balance``, and the client sees no proper end.
    """
    batches = passbook.batches()
    first = next(batches)
    rows = [_HEADER, (_day(passbook.start), "Opening balance", "", "", "", "", _number(passbook.opening), "")]

    def pieces() -> Iterator[str]:
        yield _BYTE_ORDER_MARK + _csv([*rows, *map(_row, first)])
        for lines in batches:
            yield _csv(map(_row, lines))
        yield _csv([(_day(passbook.end), "Closing balance", "", "", "", "", _number(passbook.closing), "")])

    return pieces()


def _row(line: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{line['createdAt'].astimezone(INDIA):%Y-%m-%d %H:%M:%S}",
        _text(line["kind"]),
        _text(line["counterparty"]["name"]),
        _text(line["note"]),
        _number(line["debit"]),
        _number(line["credit"]),
        _number(line["balance"]),
        str(line["id"]),
    )


def _text(value: str | None) -> str:
    """Return text that no spreadsheet takes for a formula."""
    text = value or ""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _number(paise: int | None) -> str:
    if paise is None:
        return ""
    rupees, rest = divmod(paise, PAISE_PER_RUPEE)
    return f"{rupees}.{rest:02}"


def _day(day: Any) -> str:
    return str(day.isoformat())


def _csv(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()
