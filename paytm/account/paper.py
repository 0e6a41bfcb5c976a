"""A passbook as PDF, for people who want it on paper."""

import io
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from paytm.account.passbook import Passbook
from paytm.clock import INDIA
from paytm.errors import InvalidInput
from paytm.money import format_rupees

MOST_LINES = 10_000

# The fonts that every PDF reader has know no ₹.
_FONT = "DejaVuSans"
_FONT_FILE = Path(__file__).with_name("fonts").joinpath("DejaVuSans.ttf")
_SIZE, _LEADING = 8, 11

# In points, from the left and from the bottom.
_LEFT, _RIGHT = 40, 555
_TOP, _BOTTOM = 800, 60
_DETAILS, _DETAILS_WIDTH = 132, 180
_COLUMNS, _COLUMN_WIDTH = (395, 475, _RIGHT), 75


class _Row(NamedTuple):
    """A row of the table, laid out: the lines of its details, and debit, credit and balance."""

    date: str
    details: Sequence[str]
    amounts: tuple[str, str, str]

    @property
    def height(self) -> int:
        return len(self.details) * _LEADING + 5


def render(passbook: Passbook, account: Mapping[str, Any], holder: str) -> bytes:
    """Return a passbook as a PDF; the same passbook is the same bytes.

    :param account: whose ``name`` stands in the header, beside the name of the holder.
    :raises InvalidInput: it has more lines than anybody reads on paper.
    """
    if len(passbook) > MOST_LINES:
        message = f"A PDF has at most {MOST_LINES:,} lines, and this one would have {len(passbook):,}: take format=csv"
        raise InvalidInput(message=message, errors={"format": [message]})
    _load_font()
    head = (
        f"{holder} · {account['name']}",
        f"Account {passbook.account}",
        f"{passbook.start:%d %b %Y} to {passbook.end:%d %b %Y}, in Indian Standard Time",
    )
    pages = list(_pages(_rows(passbook), _TOP - (len(head) + 3) * _LEADING - 20))
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(f"Statement {passbook.start} to {passbook.end}")
    for number, rows in enumerate(pages, 1):
        _draw(canvas, head, rows, f"Page {number} of {len(pages)}")
    canvas.save()
    return file.getvalue()


@cache
def _load_font() -> None:
    pdfmetrics.registerFont(TTFont(_FONT, str(_FONT_FILE)))


def _rows(passbook: Passbook) -> Iterator[_Row]:
    yield _Row(f"{passbook.start:%d %b %Y}", ["Opening balance"], ("", "", format_rupees(passbook.opening)))
    for lines in passbook.batches():
        yield from map(_row, lines)
    yield _Row(f"{passbook.end:%d %b %Y}", ["Closing balance"], ("", "", format_rupees(passbook.closing)))


def _row(line: Mapping[str, Any]) -> _Row:
    name = line["counterparty"]["name"]
    title = f"{line['kind'].capitalize()} · {name}" if name else line["kind"].capitalize()
    details = [*_wrapped(title), *_wrapped(line["note"] or "")]
    debit, credit, balance = (
        "" if line[amount] is None else format_rupees(line[amount]) for amount in ("debit", "credit", "balance")
    )
    return _Row(f"{line['createdAt'].astimezone(INDIA):%d %b %Y %H:%M}", details, (debit, credit, balance))


def _wrapped(text: str) -> list[str]:
    """Break a text into lines as wide as the details, also within words that are wider."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if _width(joined) > _DETAILS_WIDTH and line:
            lines.append(line)
            joined = word
        while _width(joined) > _DETAILS_WIDTH:
            fitting = next(end for end in range(len(joined) - 1, 0, -1) if _width(joined[:end]) <= _DETAILS_WIDTH)
            lines.append(joined[:fitting])
            joined = joined[fitting:]
        line = joined
    return [*lines, line] if line else lines


def _width(text: str) -> Any:
    return pdfmetrics.stringWidth(text, _FONT, _SIZE)


def _pages(rows: Iterator[_Row], room: int) -> Iterator[list[_Row]]:
    """Divide rows into pages, by the height that is left below the header."""
    page: list[_Row] = []
    left = room - _BOTTOM
    for row in rows:
        if row.height > left:
            yield page
            page, left = [], room - _BOTTOM
            _let_others_run()
        page.append(row)
        left -= row.height
    yield page


def _draw(canvas: Canvas, head: Sequence[str], rows: Sequence[_Row], footer: str) -> None:
    y = _TOP
    canvas.setFont(_FONT, _SIZE + 6)
    canvas.drawString(_LEFT, y, "Account statement")
    canvas.setFont(_FONT, _SIZE)
    y -= 2 * _LEADING
    for text in head:
        canvas.drawString(_LEFT, y, text)
        y -= _LEADING
    y -= _LEADING
    _draw_row(canvas, y, _Row("Date", ["Details"], ("Debit", "Credit", "Balance")))
    canvas.line(_LEFT, y - 4, _RIGHT, y - 4)
    y -= _LEADING + 5
    for row in rows:
        _draw_row(canvas, y, row)
        y -= row.height
    canvas.drawRightString(_RIGHT, _BOTTOM - 25, footer)
    canvas.showPage()
    _let_others_run()


def _draw_row(canvas: Canvas, y: int, row: _Row) -> None:
    canvas.drawString(_LEFT, y, row.date)
    for number, text in enumerate(row.details):
        canvas.drawString(_DETAILS, y - number * _LEADING, text)
    for x, amount in zip(_COLUMNS, row.amounts, strict=True):
        width = _width(amount)
        if width > _COLUMN_WIDTH:
            # Trillions: smaller, rather than over the column beside.
            canvas.setFont(_FONT, _SIZE * _COLUMN_WIDTH // width)
        canvas.drawRightString(x, y, amount)
        canvas.setFont(_FONT, _SIZE)


def _let_others_run() -> None:
    # A long statement takes seconds: in between, the event loop serves whoever else waits.
    time.sleep(0)
