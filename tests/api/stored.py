"""What stands in the database, read past the application."""

from typing import Any

from paytm import db

MONEY = ("accounts", "transactions", "entries")
EVERYTHING = ("users", "sessions", *MONEY)


def stored(*names: str) -> dict[str, list[dict[str, Any]]]:
    """Return all documents of the named collections, or of every one that requests write."""
    return {name: list(db.database()[name].find().sort("_id", 1)) for name in names or EVERYTHING}


def count(name: str, **query: Any) -> int:
    return db.database()[name].count_documents(query)
