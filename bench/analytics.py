"""What reports cost who has very many entries: without summaries, for the first time, made anew, and made before.

The entries are spread over the year before, among many people, and put into the database past the ledger; in the end
the audit proves that they add up all the same.
"""

import argparse
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

from bson import ObjectId
from bson.int64 import Int64

from bench.run import SETTINGS, _sign_up
from paytm import clock, db
from paytm.account import positions
from paytm.analytics import audit as analytics_audit
from paytm.analytics import period, summaries, wallet
from paytm.app import create_app
from paytm.dev.mongod import Mongod
from paytm.ledger import audit
from paytm.ledger.posting import SYSTEM_ACCOUNT
from tests.people import Person, claims
from tests.server import Server, free_port

KINDS = ("transfer",) * 8 + ("purchase", "refund")
YEAR = timedelta(days=365)
BATCH = 10_000
TIMES = 15
TOO_MANY = 2**62
# More than these take longer than a request may.
MANY = 200_000
# Enough to pay anybody anything, in paise.
PLENTY = 10**13


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--people", type=int, default=1000, help="among how many")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, Mongod(Path(folder)) as mongod:
        settings = {
            **SETTINGS,
            "MONGODB_URI": mongod.uri,
            "DATA_DIR": folder,
            "WEB_CONCURRENCY": "1",
            "ARGON2_MEMORY_KIB": "8",
            "ARGON2_TIME_COST": "1",
            # Everybody signs up, and in, a year ago.
            "TOKEN_LIFETIME": str(3 * 365 * 24 * 60 * 60),
        }
        os.environ.update(settings)
        app = create_app()
        app.extensions["upgrade"].run()
        begin = clock.now() - YEAR
        with app.app_context(), mock.patch.object(clock, "now", return_value=begin):
            tokens = [_sign_up(number) for number in range((given.people + 1) * len(given.entries))]
        # Each of them has people of one's own, because an account's entries never go back in time.
        circles = [tokens[number :: len(given.entries)] for number in range(len(given.entries))]
        for (token, *others), entries in zip(circles, given.entries, strict=True):
            fill(_id(token), [_id(other) for other in others], entries, begin)
        server = Server(free_port(), settings, Path(folder, "log")).start()
        try:
            for (token, other, *_), entries in zip(circles, given.entries, strict=True):
                measure(server, Person(server.call, token, str(_id(token)), ""), _id(other), entries)
            print(f"peak memory of the API process: {_peak_kib(server) // 1024} MB", flush=True)
        finally:
            server.stop()
        print("audit:", audit.check(), f"and {analytics_audit.check()} summaries")


def _id(token: str) -> ObjectId:
    return ObjectId(claims(token)["userId"])


def fill(user: ObjectId, others: list[ObjectId], count: int, begin: datetime) -> None:
    """Give somebody entries over a year, each with its transaction and the entry on the other side."""
    started, target = time.perf_counter(), db.database()
    accounts = {account["_id"]: account for account in target["accounts"].find({"_id": {"$in": [user, *others]}})}
    made = _movements(user, others, accounts, count, begin)
    while batch := list(islice(made, BATCH)):
        transactions, entries = zip(*batch, strict=True)
        target["transactions"].insert_many(transactions, ordered=False)
        target["entries"].insert_many([entry for pair in entries for entry in pair], ordered=False)
    for account in accounts.values():
        state = {"balance": Int64(account["balance"]), "seq": Int64(account["seq"]), "movedAt": account["movedAt"]}
        target["accounts"].update_one({"_id": account["_id"]}, {"$set": state})
    print(f"{count:,} entries put in, in {time.perf_counter() - started:.0f} s", flush=True)


def _movements(
    user: ObjectId, others: list[ObjectId], accounts: dict[ObjectId, Any], count: int, begin: datetime
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    yield _movement(SYSTEM_ACCOUNT, user, PLENTY, "funding", accounts, begin)
    times = sorted(random.random() for _ in range(count - 1))
    for moment in times:
        other, amount = random.choice(others), random.randrange(1, 500_00)
        gives = random.random() < 0.5 or accounts[other]["balance"] < amount
        payer, payee = (user, other) if gives else (other, user)
        yield _movement(payer, payee, amount, random.choice(KINDS), accounts, begin + moment * YEAR)


def _movement(
    payer: ObjectId, payee: ObjectId, amount: int, kind: str, accounts: dict[ObjectId, Any], at: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    facts = {"kind": kind, "createdAt": at.replace(microsecond=at.microsecond // 1000 * 1000)}
    transaction = {"_id": ObjectId(), "status": "completed", "ownerId": payer, "from": payer, "to": payee, **facts}
    entries = []
    for account_id, other, signed in ((payer, payee, -amount), (payee, payer, amount)):
        entry = {"account": account_id, "other": other, "amount": Int64(signed), "transaction": transaction["_id"]}
        if account_id != SYSTEM_ACCOUNT:
            account = accounts[account_id]
            account["movedAt"] = facts["createdAt"]
            account["balance"] += signed
            account["seq"] += 1
            entry |= {"seq": Int64(account["seq"]), "balance": Int64(account["balance"])}
        entries.append(entry | facts)
    return transaction | {"amount": Int64(amount)}, entries


def measure(server: Server, person: Person, other: ObjectId, entries: int) -> None:
    today = clock.now().astimezone(clock.INDIA).date()
    year = period.of(start=today - YEAR, end=today, day=None, zone=ZoneInfo("Asia/Kolkata"))
    query, name = f"/analytics?from={year.start}&to={year.end}", f"{entries:9,} entries"
    seqs = positions.of(ObjectId(person.id))
    if entries <= MANY:
        with mock.patch.object(summaries, "SIZES", (TOO_MANY,)):
            report(f"{name}, without summaries", [_timed(lambda: wallet.movements(seqs, year)) for _ in range(5)])
    if entries >= min(summaries.SIZES):
        report(f"{name}, summaries made by the worker", [_timed(summaries.sweep)])
    for _ in range(TIMES):
        # Whatever moves makes what was kept old.
        assert person.send(str(other), 1).status == 200
        _ask(person, query, "miss", entries)
    report(f"{name}, after each transfer", _took(server, TIMES))
    for _ in range(20 * TIMES):
        _ask(person, query, "hit", entries)
    report(f"{name}, kept", _took(server, 20 * TIMES))


def _ask(person: Person, query: str, cache: str, entries: int) -> None:
    answer = person.get(query)
    assert (answer.status, answer.headers["X-Cache"]) == (200, cache), answer
    assert answer.body["totalTransactions"] >= entries, "all of them lie in the year"


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000


def _took(server: Server, count: int) -> list[float]:
    """Return how many milliseconds the server took for the last reports, by its own log."""
    lines = [json.loads(line) for line in server.log.read_text().splitlines() if '"/api/v1/analytics"' in line]
    return [line["milliseconds"] for line in lines[-count:]]


def report(name: str, milliseconds: list[float]) -> None:
    median, slow = statistics.median(milliseconds), sorted(milliseconds)[int(len(milliseconds) * 0.95)]
    print(f"{name:44} median {median:8.1f} ms   p95 {slow:8.1f} ms", flush=True)


def _peak_kib(server: Server) -> int:
    status = (Path("/proc") / str(server.worker_pids()[0]) / "status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])


if __name__ == "__main__":
    sys.exit(main())
