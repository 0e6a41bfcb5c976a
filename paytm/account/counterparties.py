"""Who is behind the other account of a transaction."""

from collections.abc import Collection, Mapping
from typing import Any

from bson import ObjectId

from paytm import db
from paytm.user import directory

# What people call the bank's account that card payments come from and go back to.
CARD = "Card"


def names(others: Mapping[ObjectId, Collection[ObjectId]]) -> dict[ObjectId, dict[ObjectId, str]]:
    """Return what accounts' owners call other accounts: people by their names, and one's own by the account's.

    :param others: by the account whose owner speaks.
    :returns: names by the other account, by that account; ids that are nobody's are left out.
    """
    wanted = {account for account_id, spoken_of in others.items() for account in (account_id, *spoken_of)}
    found = db.database()["accounts"].find({"_id": {"$in": list(wanted)}}, {"userId": 1, "name": 1})
    accounts = {account["_id"]: account for account in found}
    people = directory.names({account["userId"] for account in accounts.values()})
    return {account_id: _names(account_id, spoken_of, accounts, people) for account_id, spoken_of in others.items()}


def people(accounts: Collection[ObjectId]) -> dict[ObjectId, str]:
    """Return the names of those whose accounts these are; ids that are nobody's are left out."""
    # A primary account has its user's id, and most are.
    found = directory.names(accounts)
    further = set(accounts) - found.keys()
    if further:
        rows = db.database()["accounts"].find({"_id": {"$in": list(further)}}, {"userId": 1})
        owners = {account["_id"]: account["userId"] for account in rows}
        names = directory.names(owners.values())
        found |= {account: names[owner] for account, owner in owners.items() if owner in names}
    return found


def called(counterparty: Mapping[str, Any], names: Mapping[ObjectId, str]) -> dict[str, Any]:
    """Return a counterparty ``{id, name}`` by its name, or as it is where it has none."""
    return {**counterparty, "name": names.get(counterparty["id"], counterparty["name"])}


def _names(
    account_id: ObjectId,
    others: Collection[ObjectId],
    accounts: Mapping[ObjectId, Mapping[str, Any]],
    people: Mapping[ObjectId, str],
) -> dict[ObjectId, str]:
    owner = accounts[account_id]["userId"] if account_id in accounts else None
    names = {}
    for other in {account_id, *others} & accounts.keys():
        account = accounts[other]
        if account["userId"] == owner:
            names[other] = account["name"]
        elif account["userId"] in people:
            names[other] = people[account["userId"]]
    return names
