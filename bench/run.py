"""Transfers per second: the driver alone, the ledger without HTTP, and the whole API under wrk.

Everything runs on a MongoDB of its own. Figures of one run compare with each other, not with another machine's.
"""

import argparse
import os
import random
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bson import ObjectId

from paytm.app import create_app
from paytm.dev.mongod import Mongod
from paytm.ledger import audit, store
from paytm.ledger.posting import Posting, movement
from paytm.user import registration, sessions
from tests.people import claims
from tests.server import Server, free_port

ROOT = Path(__file__).parent.parent
PEOPLE = 200
SETTINGS = {
    "JWT_SECRET": secrets.token_hex(32),
    "RATELIMIT_ENABLED": "false",
    "OPENING_BALANCE_MIN": "10000",
    "OPENING_BALANCE_MAX": "10000",
    # One account pays for all of a line's seconds.
    "LIMIT_DAY_COUNT": "1000000000",
    "LIMIT_MONTH_COUNT": "1000000000",
}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=5, help="how long each line is measured")
    seconds = arguments.parse_args().seconds
    if shutil.which("wrk") is None:
        sys.exit("wrk makes the load: apt-get install wrk")
    with tempfile.TemporaryDirectory() as folder, Mongod(Path(folder)) as mongod:
        settings = SETTINGS | {"MONGODB_URI": mongod.uri, "DATA_DIR": folder}
        os.environ.update(settings)
        app = create_app()
        app.extensions["upgrade"].run()
        with app.app_context():
            tokens = [_sign_up(number) for number in range(PEOPLE)]
        people = [ObjectId(claims(token)["userId"]) for token in tokens]
        Path(folder, "users").write_text("".join(f"{t} {p}\n" for t, p in zip(tokens, people, strict=True)))
        for size in (1, 16, 64):
            rate = _rate(lambda size=size: _commit(people, size), seconds) * size
            print(f"ledger, {size:2} in a transaction  {rate:8.0f} transfers/s")
        server = Server(free_port(), settings, Path(folder, "log")).start()
        try:
            for connections, hot in ((1, False), (16, False), (64, False), (64, True)):
                _http(server, folder, connections, hot, seconds)
        finally:
            server.stop()
        print("audit:", audit.check())


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


def _http(server: Server, folder: str, connections: int, hot: bool, seconds: int) -> None:
    environment = {**os.environ, "USERS": f"{folder}/users", "HOT": str(int(hot))}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(ROOT / "bench/transfer.lua"), server.url]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout
    rate, p50, p99, failures = out.split("BENCH ")[1].split()
    name = f"HTTP, {connections:2} connections{', one payee' if hot else ''}"
    print(f"{name:28} {float(rate):8.0f} transfers/s   p50 {p50} ms   p99 {p99} ms   {failures} failures", flush=True)


if __name__ == "__main__":
    main()
