"""The proof that the ledger adds up, from its records alone.

It reads one snapshot in a stream, in the order of indexes, so that it needs little memory and may run beside
traffic. What it proves:

- the sum of all balances, those of the bank's own accounts included, is 0;
- each balance is the fold of its account's entries, whose ``seq`` runs 1, 2, 3 … without a gap;
- the entries of each transaction sum to 0 and move what the journal says, and a declined one has none;
- each idempotency key of an owner stands for one transaction;
- what an account has held is the sum of its authorised holds, and no more than its balance;
- a captured hold and the transaction that paid it name each other, and move the same money between the same accounts;
- no wallet is below 0.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pymongo
from bson import ObjectId
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern

from paytm import db
from paytm.ledger.holds import AUTHORISED, CAPTURED
from paytm.ledger.posting import BANK_ACCOUNTS, CARD_ACCOUNT, COMPLETED

Document = Mapping[str, Any]

_LONGEST_SECONDS = 24 * 60 * 60

# MongoDB's bookkeeping per group is small, but a ledger has many: let it use its disk.
_ON_DISK = {"allowDiskUse": True}


class Unbalanced(Exception):
    """The first record that does not fit, named so that it can be looked up."""


@dataclass
class Report:
    """What was read and found in order.

    :param circulating: the wallets' money in paise, of which ``by_card`` came from card payments.
    :param holds: how many are authorised, and so have ``held`` paise.
    """

    accounts: int = 0
    entries: int = 0
    transactions: int = 0
    circulating: int = 0
    by_card: int = 0
    holds: int = 0
    held: int = 0


def check() -> Report:
    """Read the whole ledger and return what was checked.

    :raises Unbalanced: at the first record that is wrong.
    """
    report = Report()
    with snapshot() as session:
        _check_accounts(session, report)
        _check_transactions(session, report)
        _check_keys(session)
        _check_total(session, report)
        _check_held(session, report)
        _check_captured(session)
    return report


@contextmanager
def at_leisure() -> Iterator[None]:
    """Let operations of the block take longer than those of a request may."""
    # Within those limits, so that somebody who waits is told at once that there is no database.
    db.database().command("ping")
    # None would mean the client's limit all the same.
    with pymongo.timeout(_LONGEST_SECONDS):
        yield


@contextmanager
def snapshot() -> Iterator[ClientSession]:
    """Give a session that reads everything as it was at one moment, however long that takes."""
    # A cursor that outlives the server's snapshot history (5 minutes by default) fails loudly with
    # SnapshotTooOld; minSnapshotHistoryWindowInSeconds makes it longer.
    with at_leisure(), db.database().client.start_session(snapshot=True) as session:
        yield session


def collection(name: str) -> Any:
    """Return a collection to be read in a session that brings its own read concern, snapshot."""
    return db.database()[name].with_options(read_concern=ReadConcern())


def first(name: str, pipeline: Sequence[Mapping[str, Any]], *, session: ClientSession) -> Iterator[Document]:
    """Yield the first record that a pipeline leaves of a collection, or none: what is wrong, for a proof."""
    yield from collection(name).aggregate([*pipeline, {"$limit": 1}], session=session, **_ON_DISK)


def count(name: str, *, session: ClientSession) -> int:
    """Return how many records a collection has."""
    found: int = collection(name).count_documents({}, session=session)
    return found


def _check_accounts(session: ClientSession, report: Report) -> None:
    accounts = collection("accounts").find({}, sort=[("_id", 1)], session=session)
    entries = collection("entries").find(
        {"seq": {"$exists": True}}, sort=[("account", 1), ("seq", 1)], hint="account_seq", session=session
    )
    for account, lines in _side_by_side(accounts, "_id", entries, "account"):
        if account is None:
            raise Unbalanced(f"entry {next(iter(lines))['_id']} belongs to no account")
        balance, seq = _fold(lines)
        if (account["balance"], account["seq"]) != (balance, seq):
            raise Unbalanced(
                f"account {account['_id']} holds {account['balance']} at seq {account['seq']},"
                f" and its entries lead to {balance} at seq {seq}"
            )
        report.accounts += 1
        report.entries += seq
        report.circulating += balance


def _fold(lines: Iterable[Document]) -> tuple[int, int]:
    balance = seq = 0
    for line in lines:
        balance, seq = balance + line["amount"], seq + 1
        if (line["balance"], line["seq"]) != (balance, seq):
            raise Unbalanced(f"entry {line['_id']} is not at balance {balance} and seq {seq}: {dict(line)}")
        if balance < 0:
            raise Unbalanced(f"entry {line['_id']} leaves account {line['account']} below 0")
    return balance, seq


def _check_transactions(session: ClientSession, report: Report) -> None:
    transactions = collection("transactions").find({}, sort=[("_id", 1)], session=session)
    moved = {"$sum": {"$max": ["$amount", 0]}}
    groups = collection("entries").aggregate(
        [{"$group": {"_id": "$transaction", "sum": {"$sum": "$amount"}, "moved": moved}}, {"$sort": {"_id": 1}}],
        session=session,
        **_ON_DISK,
    )
    for transaction, found in _side_by_side(transactions, "_id", groups, "_id"):
        group = next(iter(found), None)
        if transaction is None:
            raise Unbalanced(f"entries name transaction {group and group['_id']}, which does not exist")
        expected = transaction["amount"] if transaction["status"] == COMPLETED else None
        if (group and group["moved"]) != expected:
            raise Unbalanced(
                f"transaction {transaction['_id']} is {transaction['status']} and its entries move {group}"
            )
        if group and group["sum"] != 0:
            raise Unbalanced(f"the entries of transaction {transaction['_id']} sum to {group['sum']}")
        report.transactions += 1


def _check_keys(session: ClientSession) -> None:
    repeated = collection("transactions").aggregate(
        [
            {"$match": {"key": {"$exists": True}}},
            {"$group": {"_id": {"owner": "$ownerId", "key": "$key"}, "count": {"$sum": 1}}},
            {"$match": {"count": {"$gt": 1}}},
            {"$limit": 1},
        ],
        session=session,
        **_ON_DISK,
    )
    for group in repeated:
        raise Unbalanced(
            f"idempotency key {group['_id']['key']!r} of owner {group['_id']['owner']}"
            f" stands for {group['count']} transactions"
        )


def _check_total(session: ClientSession, report: Report) -> None:
    given: Counter[ObjectId] = Counter()
    for line in collection("entries").find({"seq": {"$exists": False}}, session=session):
        if line["account"] not in BANK_ACCOUNTS:
            raise Unbalanced(f"entry {line['_id']} of account {line['account']} has no seq, and no balance follows it")
        given[line["account"]] -= line["amount"]
        report.entries += 1
    report.by_card = given[CARD_ACCOUNT]
    if given.total() != report.circulating:
        raise Unbalanced(f"accounts hold {report.circulating} paise, and the bank's own gave {given.total()}")


def _check_held(session: ClientSession, report: Report) -> None:
    accounts = collection("accounts").find({"held": {"$nin": [None, 0]}}, sort=[("_id", 1)], session=session)
    groups = collection("holds").aggregate(
        [
            {"$match": {"status": AUTHORISED}},
            {"$group": {"_id": "$account", "sum": {"$sum": "$amount"}, "count": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ],
        session=session,
        **_ON_DISK,
    )
    for account, found in _side_by_side(accounts, "_id", groups, "_id"):
        group = next(iter(found), {"sum": 0, "count": 0})
        if account is None:
            raise Unbalanced(f"account {group['_id']} has nothing held, and its holds sum to {group['sum']}")
        if account["held"] != group["sum"]:
            raise Unbalanced(
                f"account {account['_id']} has {account['held']} held, and its holds sum to {group['sum']}"
            )
        if account["held"] > account["balance"]:
            raise Unbalanced(f"account {account['_id']} has {account['held']} held of {account['balance']}")
        report.holds += group["count"]
        report.held += group["sum"]


def _check_captured(session: ClientSession) -> None:
    wanted = {"hold": {"$exists": True}, "status": COMPLETED}
    payments = collection("transactions").find(wanted, sort=[("_id", 1)], session=session)
    captured = collection("holds").find(
        {"status": CAPTURED}, sort=[("transaction", 1)], allow_disk_use=True, session=session
    )
    for payment, found in _side_by_side(payments, "_id", captured, "transaction"):
        holds = list(found)
        if payment is None:
            raise Unbalanced(f"hold {holds[0]['_id']} was captured, and no transaction paid it")
        expected = [(payment["hold"], payment["from"], payment["to"], payment["amount"])]
        if [(hold["_id"], hold["account"], hold["payee"], hold["captured"]) for hold in holds] != expected:
            raise Unbalanced(f"transaction {payment['_id']} is not what was captured of hold {payment['hold']}")
        if payment["amount"] > holds[0]["amount"]:
            raise Unbalanced(f"hold {payment['hold']} was captured with more than it held")


def _side_by_side(
    left: Iterable[Document], left_key: str, right: Iterable[Document], right_key: str
) -> Iterator[tuple[Document | None, Iterator[Document]]]:
    """Walk two streams in the order of their keys: each left record with its right ones; None for those without."""
    groups = groupby(right, key=itemgetter(right_key))
    group = next(groups, None)
    for record in left:
        while group is not None and group[0] < record[left_key]:
            yield None, group[1]
            group = next(groups, None)
        if group is not None and group[0] == record[left_key]:
            yield record, group[1]
            group = next(groups, None)
        else:
            yield record, iter(())
    while group is not None:
        yield None, group[1]
        group = next(groups, None)
