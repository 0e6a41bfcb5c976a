"""Passbooks as files."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from paytm.account import paper, spreadsheet
from paytm.account.passbook import Passbook
from paytm.user import directory


def file(passbook: Passbook, account: Mapping[str, Any], form: str) -> Response:
    """Return a passbook as a file that browsers save.

    :param form: ``csv`` or ``pdf``.
    :raises InvalidInput: a PDF would be too long.
    """
    content: Any
    if form == "pdf":
        holder = directory.names([account["userId"]]).get(account["userId"], "")
        content, kind = paper.render(passbook, account, holder), "application/pdf"
    else:
        content, kind = spreadsheet.stream(passbook), "text/csv"
    # Of ids and dates alone, because a name would have to be escaped.
    name = f"statement-{passbook.account}-{passbook.start}-{passbook.end}.{form}"
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
