"""The API and a model of it agree, whatever people do: on each answer, on every balance, and on all that is kept.

``make fuzz`` lets them do much more than the suite does.
"""

import os
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from paytm import clock
from paytm.cashbook import audit as cashbook
from paytm.ledger import audit
from paytm.money import to_rupees
from paytm.order import audit as orders
from paytm.product import stock
from tests.conftest import caller, empty_database
from tests.contract.books import ACCOUNTS_MAX, TRANSFER_MAX, USUAL, Account, User
from tests.contract.business import Business
from tests.people import Person, walk

# How many lives of so many deeds there are; without it few, and each time the same ones.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
SUITE = {"max_examples": 10, "stateful_step_count": 28, "derandomize": True, "phases": [Phase.generate]}
FUZZ = {"max_examples": EXAMPLES, "stateful_step_count": 60, "print_blob": True}

SETTINGS = {
    "ACCOUNTS_MAX": ACCOUNTS_MAX,
    "TRANSFER_MAX": to_rupees(TRANSFER_MAX),
    "LIMIT_DAY_AMOUNT": to_rupees(USUAL["dayAmount"]),
    "LIMIT_DAY_COUNT": USUAL["dayCount"],
    "LIMIT_MONTH_AMOUNT": to_rupees(USUAL["monthAmount"]),
    "LIMIT_MONTH_COUNT": USUAL["monthCount"],
}


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be yesterday's noon in India, so that no day ends meanwhile, which the model knows nothing of."""
    now = clock.now
    noon = datetime.combine(now().astimezone(clock.INDIA), time(12), clock.INDIA)
    # No token is believed that was made in the future.
    back = now() - (noon - timedelta(days=1))
    monkeypatch.setattr(clock, "now", lambda: now() - back)


class Life(Business):
    """Ends with a look at all that is kept."""

    def teardown(self) -> None:
        try:
            for user, person in self.people.items():
                self._compare(user, person)
            for check in (audit.check, stock.check, orders.check, cashbook.check):
                check()
        finally:
            empty_database()

    def _compare(self, user: User, person: Person) -> None:
        for account in self.accounts_of(user):
            assert person.get(f"/account/{account.id}").body["account"]["status"] == account.status
            _compare_account(account, person)
        declined = _all(person, "/transaction?status=declined", "transactions")
        assert [(line["kind"], line["amount"]) for line in declined] == [
            (kind, to_rupees(amount)) for kind, amount in reversed(self.wallet.declined.get(user, []))
        ]
        for made in self.wallet.transactions:
            if made.id and made.to.owner is user:
                shown = person.get(f"/transaction/{made.id}").body["transaction"]
                assert (shown["amount"], shown["refunded"]) == (to_rupees(made.amount), to_rupees(made.refunded))
        asked = _all(person, "/transaction/request?role=payee", "requests")
        assert {request["id"]: request["status"] for request in asked} == {
            request.id: request.status for request in self.wallet.requests if request.payee is user
        }
        bought = _all(person, "/order", "orders")
        assert {order["id"]: (order["status"], _paid(order)) for order in bought} == {
            order.id: (order.status, (to_rupees(order.captured - order.refunded), to_rupees(order.refunded)))
            for order in self.wallet.orders
            if order.buyer is user
        }
        noted = _all(person, "/cashbook", "records")
        assert {record["_id"]: record.get("settledBy", {}).get("status") for record in noted} == {
            record.id: record.standing
            for record in self.wallet.records
            if record.owner is user and not record.is_deleted
        }


def _compare_account(account: Account, person: Person) -> None:
    kept = person.get(f"/account/{account.id}/limits").body
    assert (kept["day"]["amount"], kept["month"]["count"]) == (to_rupees(account.spent), account.payments)
    balance, lines = 0, []
    for kind, amount in account.lines:
        balance += amount
        lines.append((kind, amount, to_rupees(balance)))
    assert balance == account.balance
    statement = _all(person, f"/account/{account.id}/statement", "lines")
    assert [(line["kind"], line["credit"] or -line["debit"], line["balance"]) for line in statement] == [
        (kind, to_rupees(amount), balance) for kind, amount, balance in lines
    ]
    found = _all(person, f"/transaction?account={account.id}", "transactions")
    assert [(made["kind"], made["amount"]) for made in found] == [
        (kind, to_rupees(abs(amount))) for kind, amount, _ in reversed(lines)
    ]


def _all(person: Person, path: str, name: str) -> list[dict[str, Any]]:
    glue = "&" if "?" in path else "?"

    def ask(cursor: object = "") -> Any:
        return person.get(f"{path}{glue}limit=100" + (f"&cursor={cursor}" if cursor else ""))

    return [found for page in walk(ask, name) for found in page]


def _paid(order: dict[str, Any]) -> tuple[float, float]:
    (share,) = order["shares"]
    return share["paid"], share["refunded"]


@pytest.fixture
def life(app: Flask, make_app: Callable[..., Flask], noon: None) -> type[Life]:
    app = make_app(**{name: str(value) for name, value in SETTINGS.items()})
    return type("Life", (Life,), {"call": staticmethod(caller(app.test_client()))})


def test_the_api_does_what_the_model_says(life: type[Life]) -> None:
    chosen = FUZZ if EXAMPLES else SUITE
    patient = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    run_state_machine_as_test(life, settings=settings(**chosen, **patient))
