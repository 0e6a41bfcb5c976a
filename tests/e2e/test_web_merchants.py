"""What merchants do in a browser."""

import pytest

from paytm.notify.deliveries import Failure
from paytm.notify.models import EMAIL, WEBHOOK
from paytm.notify.relay import Relay
from paytm.user import roles
from tests.e2e.browsers import Chromium, Visitor
from tests.people import sign_up
from tests.server import Server
from tests.telling import work


@pytest.fixture
def meena(browser: Chromium, wallet: Server) -> Visitor:
    """Meena, who is a merchant, at a browser of her own."""
    visitor = browser.admit(wallet.call, wallet.url, "Meena", "Das")
    assert roles.grant(visitor.email, roles.MERCHANT)
    return visitor


def test_many_are_paid_once_after_a_look_at_what_would_happen(meena: Visitor, wallet: Server) -> None:
    ravi, mira = (sign_up(wallet.call, name, "Iyer") for name in ("Ravi", "Mira"))
    meena.visit("/sales/payouts")
    meena.fill_in("Whom to pay", f"{ravi.id},60,wages\n{mira.id},fifty")
    meena.click("Look what would happen")
    meena.sees("Line 2: the second column is no amount")
    meena.fill_in("Whom to pay", f"{ravi.id},60\n{mira.id},50")
    meena.click("Look what would happen")
    meena.sees("Insufficient balance")
    faults = meena.judge("light") + meena.judge("dark")

    meena.fill_in("Whom to pay", f'Account,Amount,Note\n{ravi.id},10.50,"wages, June"\n{mira.id},20')
    meena.click("Look what would happen")
    meena.sees("Nothing has been paid yet", "wages, June", "Mira Iyer", "₹69.50")
    faults += meena.judge("light") + meena.judge("dark")
    meena.click("Back")
    meena.click("Look what would happen")
    meena.sees("Nothing has been paid yet")
    assert (ravi.balance(), mira.balance()) == (100, 100)
    meena.click("Pay ₹30.50", double=True)

    meena.sees("Paid: ₹30.50 to 2 accounts")
    assert (ravi.balance(), mira.balance()) == (110.5, 120)
    assert faults == []


class _Closed:
    """Whom nothing can be told."""

    def deliver(self, _: object) -> None:
        raise Failure("answered 410", final=True)


def test_a_webhook_is_registered_and_told_again_what_it_missed(meena: Visitor, wallet: Server) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    meena.visit("/sales/webhooks")
    meena.click("Register one")
    meena.fill(Address="https://93.184.216.34/hook")
    meena.click("Register it")
    meena.sees("it is not shown again")
    meena.click("I have kept it")
    meena.sees("https://93.184.216.34/hook")
    faults = meena.judge("light") + meena.judge("dark")
    assert meena.ask("POST", "/account/transfer", {"to": ravi.id, "amount": 1}) == 200
    work(Relay({EMAIL: _Closed(), WEBHOOK: _Closed()}, per_second=1e6))

    meena.click("Deliveries", role="link")
    meena.sees("transaction.completed", "Given up", "answered 410")
    faults += meena.judge("light") + meena.judge("dark")
    meena.click("Tell it again")
    meena.sees("It will be told again", "Waiting")

    meena.click("All webhooks", role="link")
    meena.click("Delete")
    meena.click("Delete it")
    meena.sees("Nothing is registered yet")
    assert faults == []


def test_a_part_of_an_order_is_given_back(meena: Visitor, wallet: Server) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    assert meena.ask("POST", "/product", {"name": "Brass lamp", "price": 40, "stock": 3}) == 201
    (product,) = ravi.get("/product").body["products"]
    order = {"items": [{"productId": product["id"], "quantity": 1}], "method": "wallet", "idempotencyKey": "o"}
    assert ravi.call("POST", "/order", json=order, headers=ravi.headers).status == 201

    meena.visit("/sales")
    meena.click("Brass lamp", role="link")
    meena.click("Give money back")
    meena.fill(Amount="15.50")
    meena.click("Give it back", double=True)

    meena.sees("₹15.50 back to the buyer")
    meena.click("Close")
    meena.sees("Given back")
    assert ravi.balance() == 75.5
