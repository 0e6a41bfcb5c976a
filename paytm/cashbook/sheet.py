"""A book as a table: one line for each record, in the columns that an export has and an import wants."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import ValidationError

from paytm import spreadsheet
from paytm.cashbook.rows import Content
from paytm.cashbook.schemas import RecordContent
from paytm.errors import InvalidInput

# By the names that the same has in a request.
_COLUMNS = {
    "transactionDate": "Date",
    "fullName": "Name",
    "transactionType": "Type",
    "transactionAmount": "Amount",
    "note": "Note",
}
HEADER = tuple(_COLUMNS.values())
MOST_LINES = 10_000

_OPTIONAL = {"note"}
_content = RecordContent()

# What is wrong with which cell of a line.
Errors = Mapping[str, Any]


def row(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the line of a record that was opened."""
    name, note = spreadsheet.text(record["fullName"]), spreadsheet.text(record.get("note"))
    return record["date"], name, record["type"], spreadsheet.number(record["amount"]), note


def contents(data: bytes) -> Iterator[tuple[int, Content | None, Errors]]:
    """Yield where each record begins in a table, and its content; or None, and what is wrong with it.

    :param data: CSV in UTF-8, whose first line names the columns, in any order.
    :raises InvalidInput: it is no such table, or is too long.
    """
    try:
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        header = _header(next(lines, []))
        begins = lines.line_num + 1
        count = 0
        for cells in lines:
            if any(cell.strip() for cell in cells):
                count += 1
                if count > MOST_LINES:
                    raise _refused(f"More than {MOST_LINES} records: send it in several parts.")
                yield begins, *_read(header, cells)
            begins = lines.line_num + 1
    except UnicodeDecodeError as error:
        raise _refused("Not in UTF-8.") from error
    except csv.Error as error:
        raise _refused(f"Line {lines.line_num} is no CSV.") from error


def _header(cells: list[str]) -> list[str | None]:
    """Return what the columns are, by the names of a request; None for one that is not wanted."""
    names = {column.lower(): name for name, column in _COLUMNS.items()}
    header = [names.get(cell.strip().lower()) for cell in cells]
    missing = _COLUMNS.keys() - header - _OPTIONAL
    if missing or any(header.count(name) > 1 for name in names.values()):
        raise _refused(
            f"The first line has to name these columns, each once: {', '.join(HEADER)}; Note may be missing."
        )
    return header


def _read(header: list[str | None], cells: list[str]) -> tuple[Content | None, Errors]:
    if len(cells) > len(header):
        return None, {"line": ["It has more cells than there are columns."]}
    values = {name: spreadsheet.plain(cell.strip()) for name, cell in zip(header, cells, strict=False) if name and cell}
    values["transactionType"] = values.get("transactionType", "").lower()
    try:
        content: Content = _content.load(values)
    except ValidationError as error:
        return None, {_COLUMNS[name]: messages for name, messages in error.messages_dict.items()}
    return content, {}


def _refused(problem: str) -> InvalidInput:
    return InvalidInput(errors={"file": [problem]})
