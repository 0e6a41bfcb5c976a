"""People who do anything with the API, in any order, and a model beside it that says what has to come of it."""

import secrets
from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from paytm.money import to_rupees
from tests import people
from tests.api.holding import operator
from tests.contract.books import USUAL, Account, Refused, Transaction, User
from tests.contract.wallet import Product, Wallet
from tests.people import Answer, Call, Person
from tests.shop import merchant, offer

MALFORMED = [-1, 1.001, "abc", "1e3", "", None, True, [], "１００", 10**18]
PAISE = st.integers(1, 50_00) | st.sampled_from(
    [33_33, 50_00, 70_00, 1, 99_99, 100_00, 100_01, 250_01, 1000_00, 1000_01, 0]
)
# Some requests come again under an earlier one's key.
KEYS = st.sampled_from(["", "", "", "a", "b"]).map(lambda key: key or secrets.token_hex(4))


def any_of(things: str) -> Any:
    """Choose among what the model has at the moment."""
    return st.runner().flatmap(lambda machine: st.sampled_from(getattr(machine.wallet, things)))


def there_are(things: str) -> Any:
    return precondition(lambda machine: bool(getattr(machine.wallet, things)))


RARELY = st.sampled_from([False, False, False, False, True])
# Mostly it is done by who may do it, and with what can be.
SOMEBODY = RARELY.flatmap(lambda is_so: any_of("users") if is_so else st.none())
ANOTHER = RARELY.flatmap(lambda is_so: any_of("accounts") if is_so else st.none())


class People(RuleBasedStateMachine):
    """What all rules have in common: a request, what the model says of it, and a look at the accounts after it."""

    call: Call

    def __init__(self) -> None:
        super().__init__()
        self.wallet = Wallet()
        self.people: dict[User, Person] = {}
        self.last: tuple[Any, ...] | None = None

    @initialize()
    def settle_down(self) -> None:
        _, ravi, mira = (self.join(name) for name in ("Asha", "Ravi", "Mira"))
        operator(self.people[mira])
        merchant(self.people[ravi])
        mira.is_operator = ravi.is_merchant = True
        for price, stock in ((15_00, 9), (600_00, 2)):
            id_ = offer(self.people[ravi], price=to_rupees(price), stock=stock)
            self.wallet.products.append(Product(ravi, price, stock, id_))
        self.begin()

    def begin(self) -> None:
        """Do something first that much can be done with."""

    def join(self, name: str) -> User:
        person, user = people.sign_up(self.call, name), self.wallet.sign_up(name)
        user.id = self.wallet.accounts[-1].id = person.id
        self.people[user] = person
        self.wallet.transactions[-1].id = person.get("/account/transactions").body["transactions"][0]["id"]
        return user

    def ask(self, user: User, method: str, path: str, body: Any = None, key: str | None = None) -> Answer:
        headers = self.people[user].headers | ({} if key is None else {"Idempotency-Key": key})
        return self.call(method, path, headers=headers, **({} if body is None else {"json": body}))

    def do(self, request: tuple[Any, ...], status: int, predict: Callable[[], Any], *where: str) -> Answer | None:
        """Make a request, and see to it that the API answers as the model does.

        :param request: who asks, and what :meth:`ask` takes.
        :param status: of success.
        :param where: the answer tells the id of what the model made.
        :returns: the answer, if it is a success.
        """
        self.last = (request, status, predict, *where)
        answer = self.ask(*request)
        made, refused = predicted(predict)
        if refused:
            assert (answer.status, answer.body["code"]) == (refused.status, refused.code), answer
            assert is_replayed(answer) == refused.replayed
        else:
            assert answer.status == status, answer
        if made and where:
            found = reduce(getitem, where, answer.body)
            # What had an id was made before, and comes again.
            assert is_replayed(answer) == bool(made.id)
            assert made.id in ("", found)
            made.id = found
        self.look(request[0])
        return None if refused else answer

    def look(self, user: User) -> None:
        """See to it that somebody's accounts are as in the model."""
        shown = self.ask(user, "GET", "/account").body["accounts"]
        names = "id", "name", "status", "balance", "available"
        found = [{name: account[name] for name in names} for account in shown]
        expected = [seen(account) for account in self.accounts_of(user) if account.status != "closed"]
        assert found == expected, (found, expected)

    def accounts_of(self, user: User) -> Iterator[Account]:
        return (account for account in self.wallet.accounts if account.owner is user)


def predicted(predict: Callable[[], Any]) -> tuple[Any, Refused | None]:
    """Return what the model makes, or why it refuses."""
    try:
        return predict(), None
    except Refused as refused:
        return None, refused


def is_replayed(answer: Answer) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def seen(account: Account) -> dict[str, Any]:
    """Return an account as the API shows it."""
    amounts = {"balance": to_rupees(account.balance), "available": to_rupees(account.balance - account.held)}
    return {"id": account.id, "name": account.name, "status": account.status, **amounts}


def rupees(paise: int) -> Any:
    """Return an amount as clients send it: a number, or what an input field holds."""
    return f"{paise // 100}.{paise % 100:02}" if paise % 2 else to_rupees(paise)


class Accounts(People):
    """Accounts, what moves between them, and what operators do. A rule is a route, with all that may be sent to it."""

    @rule(name=st.sampled_from(["Dev", "Lata"]))
    @precondition(lambda self: len(self.wallet.users) < 5)
    def sign_up(self, name: str) -> None:
        self.look(self.join(name))

    @rule()
    @precondition(lambda self: self.last)
    def repeat(self) -> None:
        self.do(*self.last)

    @rule(user=any_of("users"), to=any_of("users"), paise=PAISE, key=KEYS | st.none())
    def transfer(self, user: User, to: User, paise: int, key: str | None) -> None:
        source, payee = self.wallet.primary(user), self.wallet.primary(to)
        request = user, "POST", "/account/transfer", {"to": to.id, "amount": rupees(paise)}, key
        self.do(request, 200, lambda: self.wallet.transfer(user, source, payee, paise, key), "transactionId")

    @rule(stranger=SOMEBODY, source=any_of("accounts"), to=any_of("accounts"), paise=PAISE, key=KEYS)
    def pay(self, stranger: User | None, source: Account, to: Account, paise: int, key: str) -> None:
        user = stranger or source.owner
        body = {"fromAccount": source.id, "toAccount": to.id, "amount": rupees(paise)}
        request = user, "POST", "/transaction", body, key
        self.do(request, 201, lambda: self.wallet.transfer(user, source, to, paise, key), "transaction", "id")

    @rule(
        source=any_of("accounts"),
        path=st.sampled_from(["/account/transfer", "/transaction"]),
        amount=st.sampled_from(MALFORMED),
        key=KEYS,
    )
    def pay_what_is_no_amount(self, source: Account, path: str, amount: Any, key: str) -> None:
        def refuse() -> None:
            raise Refused(400, "invalid_amount")

        payee = self.operator.id
        body = {"to": payee, "fromAccount": source.id, "toAccount": payee, "amount": amount}
        self.do((source.owner, "POST", path, body, key), 200, refuse)

    @rule(user=any_of("users"), name=st.sampled_from(["Savings", "Rent"]))
    def open(self, user: User, name: str) -> None:
        request = user, "POST", "/account", {"name": name}
        self.do(request, 201, lambda: self.wallet.open(user, name), "account", "id")

    @there_are("further")
    @rule(stranger=SOMEBODY, further=any_of("further"), other=ANOTHER)
    def close(self, stranger: User | None, further: Account, other: Account | None) -> None:
        account = other or further
        user = stranger or account.owner
        request = user, "POST", f"/account/{account.id}/close"
        self.do(request, 200, lambda: self.wallet.close(user, account))

    @rule(stranger=SOMEBODY, account=any_of("accounts"), name=st.sampled_from(["Holidays", "₹"]))
    def rename(self, stranger: User | None, account: Account, name: str) -> None:
        user = stranger or account.owner
        request = user, "PATCH", f"/account/{account.id}", {"name": name}
        self.do(request, 200, lambda: self.wallet.rename(user, account, name))

    @rule(stranger=SOMEBODY, account=any_of("accounts"), is_again=RARELY)
    def freeze_or_unfreeze(self, stranger: User | None, account: Account, is_again: bool) -> None:
        user = stranger or self.operator
        before, after = ("active", "frozen") if (account.status == "active") != is_again else ("frozen", "active")
        path = f"/account/{account.id}/{'freeze' if after == 'frozen' else 'unfreeze'}"
        request = user, "POST", path, {"reason": "Asked"}
        self.do(request, 200, lambda: self.wallet.turn(user, account, before, after))

    @rule(stranger=SOMEBODY, account=any_of("accounts"), paise=PAISE, key=KEYS)
    def issue(self, stranger: User | None, account: Account, paise: int, key: str) -> None:
        user = stranger or self.operator
        body = {"toAccount": account.id, "amount": rupees(paise)}
        request = user, "POST", "/transaction/system/initial-funds", body, key
        self.do(request, 201, lambda: self.wallet.issue(user, account, paise, key), "transaction", "id")

    @rule(
        stranger=SOMEBODY,
        account=any_of("accounts"),
        name=st.sampled_from(["transactionAmount", *USUAL]),
        value=st.none() | st.sampled_from([0, 3, 300]),
    )
    def limit(self, stranger: User | None, account: Account, name: str, value: int | None) -> None:
        user, inside = stranger or self.operator, value
        if value is not None and name.endswith("Amount"):
            inside = value * 100
        request = user, "PUT", f"/account/{account.id}/limits", {name: value}
        self.do(request, 200, lambda: self.wallet.limit(user, account, name, inside))

    @rule(stranger=SOMEBODY, original=any_of("sent"), paise=st.none() | PAISE, key=KEYS)
    def refund(self, stranger: User | None, original: Transaction, paise: int | None, key: str) -> None:
        user = stranger or original.to.owner
        body = {} if paise is None else {"amount": rupees(paise)}
        request = user, "POST", f"/transaction/{original.id}/refund", body, key
        self.do(request, 201, lambda: self.wallet.refund(user, original, paise, key), "transaction", "id")

    @property
    def operator(self) -> User:
        return next(user for user in self.wallet.users if user.is_operator)
