"""Who is behind the other account of a transaction."""

from collections.abc import Iterable

from bson import ObjectId

from paytm import db
from paytm.user import directory

# What people call the bank's account that card payments come from and go back to.
CARD = "Card"


def names(account_id: ObjectId, others: Iterable[ObjectId]) -> dict[ObjectId, str]:
    """Return what an account's owner calls other accounts: people by their names, and one's own by the account's.

    Ids that are nobody's are left out.
    """
    wanted = {account_id, *others}
    found = db.database()["accounts"].find({"_id": {"$in": list(wanted)}}, {"userId": 1, "name": 1})
    accounts = {account["_id"]: account for account in found}
    owner = accounts[account_id]["userId"] if account_id in accounts else None
    people = directory.names({account["userId"] for account in accounts.values()})
    names = {}
    for other, account in accounts.items():
        if account["userId"] == owner:
            names[other] = account["name"]
        elif account["userId"] in people:
            names[other] = people[account["userId"]]
    return names
