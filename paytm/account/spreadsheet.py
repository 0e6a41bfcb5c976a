"""A passbook as CSV, for a spreadsheet: sent while it is read, however long it is."""

from collections.abc import Iterator
from typing import Any

from paytm.account.passbook import Passbook
from paytm.clock import INDIA
from paytm.spreadsheet import BYTE_ORDER_MARK, lines, number, text

_HEADER = ("Date (IST)", "Kind", "Counterparty", "Note", "Debit", "Credit", "Balance", "Transaction")


def stream(passbook: Passbook) -> Iterator[str]:
    """Return a passbook as pieces of CSV.

    The first piece is read at once, so that what fails there can still be answered. A later failure breaks the
    answer off: it has no last line then, which says ``Closing balance``, and the client sees no proper end.
    """
    batches = passbook.batches()
    first = next(batches)
    rows = [_HEADER, (_day(passbook.start), "Opening balance", "", "", "", "", number(passbook.opening), "")]

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK + lines([*rows, *map(_row, first)])
        for batch in batches:
            yield lines(map(_row, batch))
        yield lines([(_day(passbook.end), "Closing balance", "", "", "", "", number(passbook.closing), "")])

    return pieces()


def _row(line: dict[str, Any]) -> tuple[str, ...]:
    return (
        f"{line['createdAt'].astimezone(INDIA):%Y-%m-%d %H:%M:%S}",
        text(line["kind"]),
        text(line["counterparty"]["name"]),
        text(line["note"]),
        number(line["debit"]),
        number(line["credit"]),
        number(line["balance"]),
        str(line["id"]),
    )


def _day(day: Any) -> str:
    return str(day.isoformat())
