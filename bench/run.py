"""What the API does in a second, how long each request takes, and what it costs; and the same by the driver alone.

Everything runs on a MongoDB of its own. Figures of one run compare with each other, not with another machine's, ratios
better so. docs/performance.md has a run, and what it means.
"""

import argparse
import os
import random
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bson import ObjectId

from bench.growth import grow
from bench.load import with_cpu, wrk
from bench.processes import resident_mb
from bench.raw import Raw, measure
from paytm.app import create_app
from paytm.dev.mongod import Mongod
from paytm.ledger import audit, store
from paytm.ledger.posting import Posting, movement
from paytm.user import registration, sessions
from tests.people import claims
from tests.server import Server, free_port

ROOT = Path(__file__).parent.parent
PEOPLE = 200
CACHE_GB = 2.0
# wrk keeps all of them in memory.
MOST_PAYEES = 100_000
# More would take long to audit.
MOST_AUDITED = 10_000
HEAD = """\
| | per second | p50 ms | p99 ms | CPU ms | driver: per second | p50 ms | p99 ms | CPU ms | ratio |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"""
SETTINGS = {
    "JWT_SECRET": secrets.token_hex(32),
    "RATELIMIT_ENABLED": "false",
    "OPENING_BALANCE_MIN": "10000",
    "OPENING_BALANCE_MAX": "10000",
    # One account pays for all of a line's seconds.
    "LIMIT_DAY_COUNT": "1000000000",
    "LIMIT_MONTH_COUNT": "1000000000",
}


# The kinds of requests, their names in the table, and at how many connections each is measured.
REQUESTS = (
    ("transfer", "Transfer", (1, 16, 64)),
    ("balance", "Balance", (16,)),
    ("search", "Search for people", (16,)),
    ("sign_in", "Sign-in", (16,)),
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=4, help="how long each line is measured")
    arguments.add_argument("--sizes", type=int, nargs="*", default=[10**3, 10**4, 10**5, 10**6], help="of the ledger")
    given = arguments.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk makes the load: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, Mongod(Path(folder), cache_gb=CACHE_GB) as mongod:
        settings = SETTINGS | {"MONGODB_URI": mongod.uri, "DATA_DIR": folder}
        os.environ.update(settings)
        app = create_app()
        app.extensions["upgrade"].run()
        with app.app_context():
            tokens = [_sign_up(number) for number in range(PEOPLE)]
        people = [ObjectId(claims(token)["userId"]) for token in tokens]
        Path(folder, "users").write_text("".join(f"{t} {p}\n" for t, p in zip(tokens, people, strict=True)))
        Raw(mongod.uri).fill()
        server = Server(free_port(), settings, Path(folder, "log")).start()
        try:
            bench = Bench(mongod, server, folder, given.seconds)
            bench.requests()
            print("\nAudit:", audit.check(), "\n")
            bench.ledger(people)
            bench.growth(given.sizes)
        finally:
            server.stop()


class Bench:
    """Measures one server and prints tables, in Markdown."""

    def __init__(self, mongod: Mongod, server: Server, folder: str, seconds: int) -> None:
        self._mongod, self._server, self._seconds = mongod, server, seconds
        self._variables = {"USERS": f"{folder}/users"}
        self._payees = Path(folder, "payees")

    def requests(self) -> None:
        """Each kind of request, beside the least that the driver does for the same."""
        print(HEAD)
        for what, name, connections in REQUESTS:
            for number in connections:
                self._line(f"{name}, {number} connection{'s' if number > 1 else ''}", what, number)
            if what == "transfer":
                self._line("Transfer, 64 connections, all to one payee", what, 64, hot=True)
        sizes = sorted(resident_mb(pid) for pid in self._server.worker_pids())
        print("\nMemory of an API process:", ", ".join(f"{size:.0f} MB" for size in sizes))

    def ledger(self, people: list[ObjectId]) -> None:
        """The ledger in this process, without HTTP."""
        for size in (1, 16, 64):
            rate = _rate(lambda size=size: _commit(people, size), self._seconds) * size
            print(f"Ledger alone, {size} in a transaction: {rate:,.0f} transfers/s")

    def growth(self, sizes: list[int]) -> None:
        """Transfers to anybody, when there are so many accounts and entries."""
        print(f"\n{HEAD}")
        ids: list[ObjectId] = []
        for size in sizes:
            more = [ObjectId() for _ in range(size - len(ids))]
            grow(more)
            ids += more
            self._payees.write_text("".join(f"{id_}\n" for id_ in random.sample(ids, min(size, MOST_PAYEES))))
            self._line(
                f"Transfer, 64 connections, {size:,} accounts and entries", "transfer", 64, PAYEES=str(self._payees)
            )
            if size <= MOST_AUDITED:
                audit.check()

    def _line(self, name: str, what: str, connections: int, *, hot: bool = False, **variables: str) -> None:
        variables |= self._variables | {"WHAT": what, "HOT": str(int(hot))}
        database = self._mongod.process.pid
        # What has to be loaded is loaded, and what idled is awake.
        wrk(self._server.url, connections, 1, **variables)
        ours = with_cpu(
            [database, *self._server.worker_pids()],
            self._seconds,
            lambda: wrk(self._server.url, connections, self._seconds, **variables),
        )
        raw = with_cpu(
            [database],
            self._seconds,
            lambda: measure(self._mongod.uri, what, connections, self._seconds, hot=hot),
        )
        figures = f"{ours.rate:,.0f} | {ours.p50:.1f} | {ours.p99:.1f} | {ours.cpu:.2f}"
        yardstick = f"{raw.rate:,.0f} | {raw.p50:.1f} | {raw.p99:.1f} | {raw.cpu:.2f}"
        failures = f" ({ours.failures} failures)" if ours.failures else ""
        print(f"| {name}{failures} | {figures} | {yardstick} | {ours.rate / raw.rate:.2f} |", flush=True)


def _sign_up(number: int) -> str:
    session = registration.sign_up(
        username=f"bench{number}@example.com", password="correct-horse", first_name="Bench", last_name=f"Mark{number}"
    )
    return sessions.token(session)


def _rate(work: Callable[[], None], seconds: int) -> float:
    """Return how often a second ``work`` is done."""
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        work()
        done += 1
    return done / (time.perf_counter() - begin)


def _commit(people: list[ObjectId], size: int) -> None:
    store.commit([_posting(*random.sample(people, 2)) for _ in range(size)], timeout=5)


def _posting(payer: ObjectId, payee: ObjectId) -> Posting:
    return Posting(
        kind="transfer",
        owner=payer,
        source=payer,
        destination=payee,
        amount=100,
        legs=movement(payer, payee, 100),
    )


if __name__ == "__main__":
    main()
