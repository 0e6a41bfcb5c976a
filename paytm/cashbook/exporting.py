"""The whole book as a table that spreadsheets open and an import takes back."""

from collections.abc import Iterator
from typing import Any

from bson import ObjectId
from flask import Response

from paytm import db, encryption
from paytm.cashbook import sealing, sheet
from paytm.cashbook.reading import ORDERS
from paytm.clock import INDIA, now
from paytm.encryption import Keyring
from paytm.spreadsheet import BYTE_ORDER_MARK, lines

_BATCH = 500


def file(owner: ObjectId) -> Response:
    """Return somebody's book as a file that browsers save: sent while it is read, the oldest day first.

    A record that does not decrypt has no name there, and an import refuses its line.
    """
    batches = _batches(owner, encryption.keyring())
    # Read at once, so that what fails here can still be answered; a later failure breaks the answer off.
    first = next(batches)

    def pieces() -> Iterator[str]:
        yield BYTE_ORDER_MARK + lines([sheet.HEADER, *map(sheet.row, first)])
        for batch in batches:
            yield lines(map(sheet.row, batch))

    name = f"cashbook-{now().astimezone(INDIA).date()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(pieces(), mimetype="text/csv", headers=headers)


def _batches(owner: ObjectId, keyring: Keyring) -> Iterator[list[dict[str, Any]]]:
    """Yield all records, a batch at a time; no cursor of the database waits for a slow reader in between."""
    order = ORDERS["date"]
    behind: dict[str, Any] = {}
    while True:
        wanted = {"$and": [{"owner": owner, "deletedAt": None}, behind]}
        found = list(db.database()["cashbook"].find(wanted).sort(order.keys).limit(_BATCH))
        yield [sealing.opened_or_marked(record, owner, keyring) for record in found]
        if len(found) < _BATCH:
            return
        behind = order.behind(order.cursor(found[-1]))
