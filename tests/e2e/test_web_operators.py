"""What operators do in a browser."""

import pytest
from bson import ObjectId

from paytm.notify.deliveries import Failure
from paytm.notify.models import EMAIL
from paytm.notify.relay import Relay
from paytm.user import roles
from tests.e2e.browsers import Chromium, Visitor
from tests.people import sign_up
from tests.server import Server
from tests.telling import hush, tell, work


@pytest.fixture
def meera(browser: Chromium, wallet: Server) -> Visitor:
    """Meera, who is an operator, at a browser of her own."""
    visitor = browser.admit(wallet.call, wallet.url, "Meera", "Nair")
    assert roles.grant(visitor.email, roles.OPERATOR)
    return visitor


def test_an_account_is_frozen_and_its_owner_is_told_why_nothing_moves(
    meera: Visitor, asha: Visitor, wallet: Server
) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    meera.visit("/operator")
    meera.settles()
    faults = {"users": meera.judge("light") + meera.judge("dark")}
    meera.fill_in("Name, or whole e-mail address", asha.email)
    meera.click("Asha Rao", role="link")
    meera.fill_in("Why freeze it?", "Chargeback")
    meera.click("Freeze it")
    meera.sees("The account is frozen", "Unfreeze it")
    faults["user"] = meera.judge("light") + meera.judge("dark")

    asha.visit(f"/send?to={ravi.id}")
    asha.fill(Amount="5")
    asha.press("Enter")
    asha.click("Pay ₹5.00")
    asha.sees("One of the accounts cannot pay or be paid", "Your account is not active. No money has moved.")

    meera.fill_in("Why unfreeze it?", "Settled")
    meera.click("Unfreeze it")
    meera.sees("The account is active again")
    asha.click("Pay ₹5.00")
    asha.sees("Sent: ₹5.00 to Ravi Iyer")
    assert faults == {"users": [], "user": []}


class _Closed:
    """A mail server that takes nothing."""

    def deliver(self, _: object) -> None:
        raise Failure("550 no such mailbox", final=True)


def test_what_was_given_up_is_tried_again(meera: Visitor, wallet: Server) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    hush()
    tell("user.registered", user=ObjectId(ravi.id))
    work(Relay({EMAIL: _Closed()}, per_second=1e6))
    meera.visit("/operator/outbox")
    meera.sees("user.registered by e-mail", "550 no such mailbox")
    faults = meera.judge("light") + meera.judge("dark")

    meera.click("Try again")

    meera.sees("It will be tried again", "There is nothing here")
    meera.visit("/operator/outbox?state=due")
    meera.sees("user.registered by e-mail")
    assert faults == []
