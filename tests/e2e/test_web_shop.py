"""Buying in a browser, and paying for it."""

from tests.e2e.browsers import Visitor
from tests.people import sign_up
from tests.server import Server
from tests.shop import merchant, offer


def test_an_order_is_paid_from_the_wallet(asha: Visitor, wallet: Server) -> None:
    offer(merchant(sign_up(wallet.call, "Ravi", "Iyer")), "Brass lamp", price=40, stock=3)
    asha.visit("/shop")
    asha.click("Brass lamp", role="link")
    asha.click("One more")
    asha.click("Put into the basket")
    asha.click("Basket (2)", role="link")
    asha.click("Order, and pay ₹80.00", double=True)

    asha.sees("2 × Brass lamp", "Paid", "₹80.00")
    asha.visit("/")
    asha.sees("₹20.00")


def test_money_is_added_by_card_and_shows_when_stripe_says_so(asha: Visitor) -> None:
    asha.visit("/top-up")
    asha.fill(Amount="1,250.50")
    asha.press("Enter")

    asha.click("Pay ₹1,250.50")

    asha.sees("₹1,250.50 has arrived")
    asha.click("To your wallet", role="link")
    asha.sees("₹1,350.50")
