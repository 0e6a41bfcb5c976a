"""The pure heart of the ledger: what a posting and a hold are, and how they are decided.

Nothing here knows a database. :class:`Books` holds what one MongoDB transaction read, decides postings
against it one after the other, and collects what that same transaction has to write.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from bson import ObjectId
from bson.int64 import Int64

from paytm import clock
from paytm.errors import IdempotencyKeyReused, SessionInDoubt
from paytm.ledger.limits import Excess, Limits, charge
from paytm.money import MAX_PAISE

# The bank's own accounts. They are never materialised: no document, no seq and no balance are written for them, so
# none can become a lock that everyone waits for; the balance of each is the sum of its entries, and may be negative.
SYSTEM_ACCOUNT = ObjectId("000000000000000000000000")  # It issues money.
CARD_ACCOUNT = ObjectId("0000000000000000000000cc")  # What is taken from it, the card processor owes us.
BANK_ACCOUNTS = frozenset({SYSTEM_ACCOUNT, CARD_ACCOUNT})

COMPLETED, DECLINED = "completed", "declined"

# Why a posting is declined: the ``reason`` kept with a declined transaction.
INSUFFICIENT_BALANCE = "insufficient_balance"
UNKNOWN_PAYEE = "unknown_payee"
INACTIVE_PAYER = "inactive_payer"
BALANCE_TOO_LARGE = "balance_too_large"
LIMIT_EXCEEDED = "limit_exceeded"


class Leg(NamedTuple):
    """One account's part of a posting: paise, negative when they leave the account."""

    account: ObjectId
    amount: int


class Record(NamedTuple):
    """A document of a feature's own that comes into being with a posting, and not without it."""

    collection: str
    document: Mapping[str, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Posting:
    """A balanced movement of money that is asked for.

    ``id`` and ``at`` are chosen now, before any transaction begins, so that a retried one writes the same records.

    :param source: the account that pays, ``destination`` the one that is paid, None where there are several.
    :param amount: paise, above 0.
    :param legs: every account's part; they sum to 0.
    :param owner: the user on whose behalf it is made; idempotency keys are unique within an owner.
    :param fingerprint: tells a repeated request from another one under the same ``key``.
    :param revocations: how often sessions of the owner had been revoked when the one that asks was seen to stand;
        None where no session asks.
    :param limits: what the source may pay out; None where nobody limits it.
    :param announced: whether those who have a part in it are told when it completes.
    :param records: inserted when the posting completes.
    :param details: more for the journal to keep.
    :param request_id: kept with a refusal, so that its replay is the same answer.
    """

    kind: str
    owner: ObjectId
    source: ObjectId
    destination: ObjectId | None
    amount: int
    legs: tuple[Leg, ...]
    id: ObjectId = field(default_factory=ObjectId)
    at: datetime = field(default_factory=lambda: clock.now())
    key: str | None = None
    fingerprint: bytes | None = None
    note: str | None = None
    revocations: int | None = None
    limits: Limits | None = None
    announced: bool = False
    records: tuple[Record, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    request_id: str | None = None

    def __post_init__(self) -> None:
        accounts, amounts = zip(*self.legs, strict=True)
        if sum(amounts) != 0 or self.amount <= 0:
            raise ValueError("the legs of a posting sum to 0 and move money")
        # Each leg is judged on its own, so an account with two of them could overdraw itself.
        if len(set(accounts)) != len(accounts):
            raise ValueError("an account has one leg in a posting")


def movement(source: ObjectId, destination: ObjectId, amount: int) -> tuple[Leg, Leg]:
    """Return the two legs that move ``amount`` paise from one account to another."""
    return Leg(source, -amount), Leg(destination, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Money that is asked to be set aside for a payee, so that nothing else can be paid from it.

    ``id`` and ``at`` are chosen now, as those of a posting are.

    :param owner: the user on whose behalf it is made.
    :param account: whose money it is, ``payee`` the account that may be paid from it.
    :param amount: paise, above 0.
    :param limits: what the account may pay out; the hold counts towards them, and its capture does not again.
    :param details: more to keep, for example the order that it is for.
    """

    owner: ObjectId
    account: ObjectId
    payee: ObjectId
    amount: int
    expires_at: datetime
    limits: Limits | None
    id: ObjectId = field(default_factory=ObjectId)
    at: datetime = field(default_factory=lambda: clock.now())
    details: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.account == self.payee or self.account in BANK_ACCOUNTS:
            raise ValueError("a hold sets money of a customer aside for somebody else")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a posting: its record in the journal, and whether an earlier request made it."""

    transaction: Mapping[str, Any]
    replayed: bool = False

    @property
    def completed(self) -> bool:
        return bool(self.transaction["status"] == COMPLETED)

    @property
    def is_new(self) -> bool:
        """Whether money moved now, and not already under the same key."""
        return self.completed and not self.replayed


def replay(earlier: Mapping[str, Any], fingerprint: bytes | None) -> Outcome:
    """Return the outcome that the journal keeps under a key, for a request that comes again.

    :raises IdempotencyKeyReused: it was for another request.
    """
    if earlier["fingerprint"] != fingerprint:
        raise IdempotencyKeyReused
    return Outcome(earlier, replayed=True)


@dataclass(slots=True)
class Balance:
    """An account as the books see it.

    :param balance: paise, of which ``held`` are set aside.
    :param revocations: of its user's sessions.
    :param usage: what it paid out, as limits count it.
    :param limits: its own ones, in place of the usual.
    :param moved_at: when its last entry was made.
    """

    kind: str
    status: str
    balance: int
    seq: int
    revocations: int = 0
    usage: Mapping[str, Any] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    moved_at: datetime | None = None
    held: int = 0


@dataclass(slots=True)
class Books:
    """The accounts and keys that one transaction read, and what it has to write.

    :param accounts: by account id; one that is missing does not exist.
    :param journal: by ``(owner, key)``: the transactions that the given keys stand for already.
    """

    accounts: dict[ObjectId, Balance]
    journal: dict[tuple[ObjectId, str], Mapping[str, Any]] = field(default_factory=dict)
    touched: set[ObjectId] = field(default_factory=set)
    transactions: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    announced: list[Posting] = field(default_factory=list)
    records: defaultdict[str, list[Mapping[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def post(self, posting: Posting) -> Outcome:
        """Decide one posting against the books, and enter it.

        :returns: completed, declined (written down only when it has a key), or the replay of an earlier one.
        :raises SessionInDoubt: a session of its owner was revoked, maybe the one that asks.
        :raises IdempotencyKeyReused: its key stands for another request.
        """
        self._confirm(posting.owner, posting.revocations)
        if posting.key is not None:
            earlier = self.journal.get((posting.owner, posting.key))
            if earlier is not None:
                return replay(earlier, posting.fingerprint)
        objection = self._objection(posting.legs) or self._charge(
            posting.source, posting.amount, posting.limits, posting.at
        )
        transaction = _record(posting, objection)
        if objection is None:
            self._enter(posting)
        if objection is None or posting.key is not None:
            self.transactions.append(transaction)
        if posting.key is not None:
            self.journal[posting.owner, posting.key] = transaction
        return Outcome(transaction)

    def hold(self, hold: Hold, revocations: int | None) -> dict[str, Any] | None:
        """Decide whether money is set aside, as its payment at once would be decided, and count it as held.

        :param revocations: as a posting's.
        :returns: why it is not, as the journal keeps it of a posting; None where it is.
        :raises SessionInDoubt: as for :meth:`post`.
        """
        self._confirm(hold.owner, revocations)
        # Nothing is written to the payee: whether it can be paid is decided again when the hold is captured.
        objection = self._objection(movement(hold.account, hold.payee, hold.amount)) or self._charge(
            hold.account, hold.amount, hold.limits, hold.at
        )
        if objection is None:
            self.accounts[hold.account].held += hold.amount
        return objection

    def _confirm(self, owner: ObjectId, revocations: int | None) -> None:
        # A user's primary account has the user's id.
        if revocations is not None:
            primary = self.accounts.get(owner)
            if primary is None or primary.revocations != revocations:
                raise SessionInDoubt

    def _objection(self, legs: Iterable[Leg]) -> dict[str, Any] | None:
        """Return why money cannot be moved, as the journal keeps it; None where it can."""
        for account_id, amount in legs:
            if account_id in BANK_ACCOUNTS:
                continue
            account = self.accounts.get(account_id)
            if amount > 0:
                if account is None or account.status != "active":
                    return {"reason": UNKNOWN_PAYEE, "account": account_id}
                if account.balance + amount > MAX_PAISE:
                    return {"reason": BALANCE_TOO_LARGE, "account": account_id}
            elif account is None or account.status != "active":
                return {"reason": INACTIVE_PAYER}
            elif account.balance - account.held + amount < 0:
                return {"reason": INSUFFICIENT_BALANCE}
        return None

    def _charge(self, account_id: ObjectId, amount: int, limits: Limits | None, at: datetime) -> dict[str, Any] | None:
        """Count a payment towards the limits of an account; last of all, because it changes the books."""
        if limits is None:
            return None
        payer = self.accounts[account_id]
        charged = charge(payer.usage, limits.overridden(payer.limits), amount, at)
        if isinstance(charged, Excess):
            limit = {"name": charged.name, "value": Int64(charged.limit), "resetsAt": charged.resets_at}
            return {"reason": LIMIT_EXCEEDED, "limit": limit}
        payer.usage = charged
        return None

    def _enter(self, posting: Posting) -> None:
        for account_id, amount in posting.legs:
            entry = {
                "account": account_id,
                "amount": Int64(amount),
                "transaction": posting.id,
                "kind": posting.kind,
                "other": posting.destination if account_id == posting.source else posting.source,
                "createdAt": posting.at,
            }
            if account_id not in BANK_ACCOUNTS:
                account = self.accounts[account_id]
                account.balance += amount
                account.seq += 1
                # Requests overtake each other and clocks differ, but an account's entries never go back in time.
                account.moved_at = max(posting.at, account.moved_at or posting.at)
                entry["seq"] = Int64(account.seq)
                entry["balance"] = Int64(account.balance)
                entry["createdAt"] = account.moved_at
                self.touched.add(account_id)
            self.entries.append(entry)
        if posting.announced:
            self.announced.append(posting)
        for collection, document in posting.records:
            self.records[collection].append(document)


def _record(posting: Posting, objection: Mapping[str, Any] | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "_id": posting.id,
        "kind": posting.kind,
        "status": DECLINED if objection else COMPLETED,
        "from": posting.source,
        "amount": Int64(posting.amount),
        "ownerId": posting.owner,
        "createdAt": posting.at,
        **posting.details,
    }
    if posting.destination is not None:
        record["to"] = posting.destination
    if posting.key is not None:
        record |= {"key": posting.key, "fingerprint": posting.fingerprint}
    if posting.note is not None:
        record["note"] = posting.note
    if objection:
        record |= {"requestId": posting.request_id, **objection}
    return record
