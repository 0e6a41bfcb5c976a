"""Brute force: how many wrong passwords an account and a source may try."""

import hashlib
from datetime import timedelta
from math import ceil
from typing import Any

from flask import current_app
from pymongo import ReturnDocument

from paytm import clock, db
from paytm.errors import TooManyAttempts

# From everywhere together an account stands more than from one source, so that a stranger who
# exhausts his own attempts does not lock the owner out.
_ACCOUNT_FACTOR = 10


class Attempt:
    """One try to sign in, counted against its source, its account, and the pair of both.

    It counts from the start, so that many at once cannot slip through together; :meth:`forgive` takes a
    rightful one back. E-mail addresses and sources are kept as digests only.
    """

    def __init__(self, username: str, source: str) -> None:
        per_account = current_app.config["SIGN_IN_ATTEMPTS_PER_ACCOUNT"]
        self._limits = {
            f"source:{_digest(source)}": current_app.config["SIGN_IN_ATTEMPTS_PER_SOURCE"],
            f"pair:{_digest(username, source)}": per_account,
            f"account:{_digest(username)}": per_account * _ACCOUNT_FACTOR,
        }
        self._enabled = current_app.config["RATELIMIT_ENABLED"]

    def count(self) -> None:
        """Count the attempt.

        :raises TooManyAttempts: with the seconds until the window ends.
        """
        if self._enabled:
            for name, limit in self._limits.items():
                _count(name, limit)

    def forgive(self) -> None:
        """Take the attempt back: the password was right."""
        if self._enabled:
            db.database()["sign_in_failures"].update_many({"_id": {"$in": list(self._limits)}}, {"$inc": {"count": -1}})


def _count(name: str, limit: int) -> None:
    now = clock.now()
    window = timedelta(seconds=current_app.config["SIGN_IN_ATTEMPTS_WINDOW"])
    # The TTL index removes a window up to a minute late, so an expired one is also begun anew here.
    over = {"$lte": [{"$ifNull": ["$expiresAt", now]}, now]}
    record: Any = db.database()["sign_in_failures"].find_one_and_update(
        {"_id": name},
        [
            {
                "$set": {
                    "count": {"$cond": [over, 1, {"$add": ["$count", 1]}]},
                    "expiresAt": {"$cond": [over, now + window, "$expiresAt"]},
                }
            }
        ],
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    if record["count"] > limit:
        raise TooManyAttempts(retry_after=ceil((record["expiresAt"] - now).total_seconds()))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
