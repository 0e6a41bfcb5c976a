"""What a wallet does with money, in plain Python: who may move what, and what is left. Paise throughout.

It says in the fewest words what the API has to answer, and nothing of it is the product's. ``id`` is what the API calls
it.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

TRANSFER_MAX = 1000_00
# In the order in which they stand against a payment. One day is as good as one month here: time stands still.
USUAL = {"dayAmount": 250_00, "dayCount": 8, "monthAmount": 400_00, "monthCount": 12}
ACCOUNTS_MAX = 3
OPENING_BALANCE = 100_00


class Refused(Exception):
    """An answer that is no success; ``replayed`` where an earlier request got it under the same key."""

    def __init__(self, status: int, code: str, *, replayed: bool = False) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.replayed = status, code, replayed


def not_found() -> Refused:
    return Refused(404, "not_found")


def conflict() -> Refused:
    return Refused(409, "conflict")


class Thing:
    """What a failing test names in a few words."""

    def __repr__(self) -> str:
        return f"{type(self).__name__} {getattr(self, 'id', '')}"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))


@dataclass(eq=False, repr=False)
class User(Thing):
    name: str
    id: str = ""
    is_operator: bool = False
    is_merchant: bool = False

    def __repr__(self) -> str:
        return self.name


@dataclass(eq=False, repr=False)
class Account(Thing):
    """``lines`` are signed amounts with their kinds, oldest first; ``limits`` its own ones, by the API's names."""

    owner: User
    name: str
    id: str = ""
    status: str = "active"
    balance: int = 0
    held: int = 0
    spent: int = 0
    payments: int = 0
    limits: dict[str, int] = field(default_factory=dict)
    lines: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_primary(self) -> bool:
        return self.id == self.owner.id

    def __repr__(self) -> str:
        return f"{self.owner.name}'s {self.name}"


@dataclass(eq=False, repr=False)
class Transaction(Thing):
    """``source`` is None where the bank issued the money; ``refunded`` is what was given back of it."""

    kind: str
    source: Account | None
    to: Account
    amount: int
    id: str = ""
    refunded: int = 0

    def __repr__(self) -> str:
        return f"{self.kind} of {self.amount} to {self.to}"


@dataclass
class Books:
    """``journal`` has what came of an owner's key: what the request was, and its transaction or its refusal.

    ``declined`` are the refusals that were written down, by owner: kind and amount.
    """

    users: list[User] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    journal: dict[tuple[User, str], tuple[Hashable, Transaction | Refused]] = field(default_factory=dict)
    declined: dict[User, list[tuple[str, int]]] = field(default_factory=dict)

    def sign_up(self, name: str) -> User:
        user = User(name)
        primary = Account(user, "Wallet")
        self.users.append(user)
        self.accounts.append(primary)
        self.move("funding", None, primary, OPENING_BALANCE)
        return user

    def primary(self, user: User) -> Account:
        return next(account for account in self.accounts if account.owner is user and account.is_primary)

    @property
    def sent(self) -> list[Transaction]:
        """What can be given back, and something that cannot."""
        return [*self.transactions[:1], *(made for made in self.transactions if made.kind == "transfer" and made.id)]

    @property
    def further(self) -> list[Account]:
        """What can be closed."""
        return [account for account in self.accounts if not account.is_primary]

    # Accounts.

    def open(self, user: User, name: str) -> Account:
        if sum(account.owner is user and account.status != "closed" for account in self.accounts) >= ACCOUNTS_MAX:
            raise conflict()
        self.accounts.append(Account(user, name))
        return self.accounts[-1]

    def close(self, user: User, account: Account) -> None:
        self.own(user, account)
        if account.is_primary or account.balance or account.status != "active":
            raise conflict()
        account.status = "closed"

    def rename(self, user: User, account: Account, name: str) -> None:
        self.own(user, account)
        account.name = name

    def turn(self, user: User, account: Account, before: str, after: str) -> None:
        """Freeze an account, or unfreeze it."""
        self.operate(user)
        if account.status != before:
            raise conflict()
        account.status = after

    def limit(self, user: User, account: Account, name: str, value: int | None) -> None:
        self.operate(user)
        account.limits.pop(name, None)
        if value is not None:
            account.limits[name] = value

    def own(self, user: User, account: Account) -> None:
        if account.owner is not user:
            raise not_found()

    def operate(self, user: User) -> None:
        if not user.is_operator:
            raise Refused(403, "forbidden")

    # Money.

    def check(self, source: Account | None, to: Account, amount: int) -> None:
        """Refuse what cannot be a payment, whatever the accounts hold."""
        own = source.limits.get("transactionAmount", 0) if source else 0
        if not 0 < amount <= max(TRANSFER_MAX, own):
            raise Refused(400, "invalid_amount")
        if source is to:
            raise Refused(400, "self_transfer")

    def objection(self, source: Account | None, to: Account, amount: int, *, is_limited: bool) -> Refused | None:
        if source and source.status != "active":
            return Refused(400, "account_inactive")
        if source and source.balance - source.held < amount:
            return Refused(400, "insufficient_balance")
        if to.status != "active":
            return Refused(400, "invalid_account")
        if source and is_limited and self.exceeds(source, amount):
            return Refused(400, "limit_exceeded")
        return None

    def exceeds(self, source: Account, amount: int) -> bool:
        most = {"transactionAmount": TRANSFER_MAX, **USUAL, **source.limits}
        counted = {"Amount": source.spent + amount, "Count": source.payments + 1}
        return amount > most["transactionAmount"] or any(
            counted[name[-6:] if name.endswith("Amount") else name[-5:]] > most[name] for name in USUAL
        )

    def move(
        self, kind: str, source: Account | None, to: Account, amount: int, *, is_limited: bool = False
    ) -> Transaction:
        """Move money that nothing stands against."""
        if source:
            source.balance -= amount
            source.lines.append((kind, -amount))
        if source and is_limited:
            self.charge(source, amount)
        to.balance += amount
        to.lines.append((kind, amount))
        self.transactions.append(Transaction(kind, source, to, amount))
        return self.transactions[-1]

    def charge(self, source: Account, amount: int) -> None:
        source.spent += amount
        source.payments += 1

    def pay(self, kind: str, source: Account | None, to: Account, amount: int, *, is_limited: bool) -> Transaction:
        """Move money, or raise what stands against it; without a key nobody remembers either."""
        objection = self.objection(source, to, amount, is_limited=is_limited)
        if objection:
            raise objection
        return self.move(kind, source, to, amount, is_limited=is_limited)

    def post(
        self,
        owner: User,
        key: str | None,
        mark: Hashable,
        payment: tuple[str, Account | None, Account, int],
        *,
        is_limited: bool = True,
        check: Callable[[], Any] = lambda: None,
    ) -> Transaction:
        """Pay once for each key of an owner; a repetition has the first answer, and is moved nothing.

        :param mark: what the request asks for: another one under the same key is refused.
        :param check: what else has to be so when money moves; its refusal takes all of it back.
        """
        earlier = self.earlier(owner, key, mark)
        if earlier:
            return earlier
        objection = self.objection(*payment[1:], is_limited=is_limited)
        if objection:
            if key is not None:
                self.journal[owner, key] = mark, objection
                self.declined.setdefault(owner, []).append((payment[0], payment[3]))
            raise objection
        check()
        made = self.move(*payment, is_limited=is_limited)
        if key is not None:
            self.journal[owner, key] = mark, made
        return made

    def earlier(self, owner: User, key: str | None, mark: Hashable) -> Transaction | None:
        """Return or raise what came of a key before, None being nothing."""
        if key is None or (owner, key) not in self.journal:
            return None
        known, outcome = self.journal[owner, key]
        if known != mark:
            raise Refused(422, "idempotency_key_reused")
        if isinstance(outcome, Refused):
            raise Refused(outcome.status, outcome.code, replayed=True)
        return outcome
