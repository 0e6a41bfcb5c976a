"""The proof that summaries are what their entries add up to."""

import pymongo

from paytm import db
from paytm.account import ownership
from paytm.analytics import summaries
from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced


def check() -> int:
    """Make every summary again, and compare.

    :returns: how many there are.
    :raises Unbalanced: names the first that is not what its entries add up to.
    """
    checked = 0
    # Neither a summary nor an entry ever changes, so that no snapshot is needed, however long it takes.
    with pymongo.timeout(audit.LONGEST_SECONDS):
        for kept in db.database()[summaries.NAME].find(sort=[("account", 1), ("number", 1)]):
            mine = ownership.ids(ownership.owner(kept["account"]))
            if kept != {**kept, **summaries.summary(kept["account"], kept["number"], mine)}:
                raise Unbalanced(f"summary {kept['number']} of account {kept['account']} differs from its entries")
            checked += 1
    return checked
