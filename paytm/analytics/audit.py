"""The proof that summaries are what their entries add up to."""

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
    with audit.at_leisure():
        for kept in db.database()[summaries.NAME].find(sort=[("account", 1), ("size", 1), ("number", 1)]):
            account, size, number = (kept[name] for name in ("account", "size", "number"))
            mine = ownership.ids(ownership.owner(account))
            if kept != {**kept, **summaries.summary(account, size, number, mine)}:
                raise Unbalanced(f"summary {number} of {size} entries of account {account} differs from them")
            checked += 1
    return checked
