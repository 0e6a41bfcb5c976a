"""The yardstick: the least that a program with the driver alone does for the same, in a database of its own.

A transfer is one transaction with majority: read two accounts, update both, insert the journal's record and two
entries. There is no HTTP, no token, no validation, no key, no limit and no outbox; the driver repeats after a conflict.
"""

import multiprocessing
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from statistics import quantiles
from typing import Any

import pymongo
from bson import ObjectId
from bson.int64 import Int64
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from bench.load import Measured

_ACCOUNTS = 1000
_PLENTY = 10**12
# As many as serve the API.
_PROCESSES = 2
_MAJORITY: dict[str, Any] = {"read_concern": ReadConcern("snapshot"), "write_concern": WriteConcern("majority")}


class Raw:
    """Everything by random accounts; with ``hot`` everybody pays the first one."""

    def __init__(self, uri: str, *, hot: bool = False) -> None:
        self._hot = hot
        self.database: Database[dict[str, Any]] = MongoClient(uri, w="majority", readConcernLevel="majority")["raw"]

    def fill(self) -> None:
        names = ({"_id": number, "name": f"mark{number}"} for number in range(_ACCOUNTS))
        self.database["accounts"].insert_many(name | {"balance": Int64(_PLENTY), "seq": Int64(0)} for name in names)
        self.database["accounts"].create_index("name")

    def transfer(self) -> None:
        payer, payee = random.sample(range(_ACCOUNTS), 2)
        if self._hot:
            payer, payee = payer or payee, 0
        at, id_ = datetime.now(UTC), ObjectId()

        def body(session: ClientSession) -> None:
            target, amount = self.database, 100
            wanted = {"_id": {"$in": [payer, payee]}}
            found = {account["_id"]: account for account in target["accounts"].find(wanted, session=session)}
            entries = []
            for account, signed in ((payer, -amount), (payee, amount)):
                state = {"balance": Int64(found[account]["balance"] + signed), "seq": Int64(found[account]["seq"] + 1)}
                target["accounts"].update_one({"_id": account}, {"$set": state}, session=session)
                entries.append(
                    {"account": account, "amount": Int64(signed), "transaction": id_, "createdAt": at, **state}
                )
            record = {"_id": id_, "from": payer, "to": payee, "amount": Int64(amount), "createdAt": at}
            target["transactions"].insert_one(record, session=session)
            target["entries"].insert_many(entries, session=session)

        with self.database.client.start_session() as session:
            session.with_transaction(body, **_MAJORITY)

    def balance(self) -> None:
        self.database["accounts"].find_one({"_id": random.randrange(_ACCOUNTS)})

    def search(self) -> None:
        text = f"mark{random.randrange(200)}"
        list(self.database["accounts"].find({"name": {"$gte": text, "$lt": text + "~"}}).limit(50))

    def sign_in(self) -> None:
        found = self.database["accounts"].find_one({"name": f"mark{random.randrange(200)}"})
        self.database["sessions"].insert_one({"user": found and found["_id"], "createdAt": datetime.now(UTC)})


def measure(uri: str, what: str, connections: int, seconds: float, *, hot: bool = False) -> Measured:
    """Do something from so many threads at once, half of them in a process each."""
    processes = min(_PROCESSES, connections)
    share = (uri, what, connections // processes, seconds, hot)
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = [pool.submit(_part, *share) for _ in range(processes)]
        parts = [one.result() for one in running]
    times = list(chain.from_iterable(times for times, _ in parts))
    cuts = quantiles(times, n=100)
    cpu = sum(used for _, used in parts) * 1000 / len(times)
    return Measured(rate=len(times) / seconds, p50=cuts[49] * 1000, p99=cuts[98] * 1000, cpu=cpu)


def _part(uri: str, what: str, threads: int, seconds: float, hot: bool) -> tuple[list[float], float]:
    """Return how long each took, in seconds, and the processor time of this process."""
    work = getattr(Raw(uri, hot=hot), what)
    work()
    begun = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        end = time.perf_counter() + seconds
        done = [pool.submit(_repeat, work, end) for _ in range(threads)]
        return list(chain.from_iterable(one.result() for one in done)), time.process_time() - begun


def _repeat(work: Callable[[], None], end: float) -> list[float]:
    times = []
    while (begun := time.perf_counter()) < end:
        # What the API gives up after this time has failed here, too.
        with suppress(PyMongoError), pymongo.timeout(5):
            work()
            times.append(time.perf_counter() - begun)
    return times
