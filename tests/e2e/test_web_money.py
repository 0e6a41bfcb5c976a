"""Sending money in a browser."""

from collections.abc import Callable

from flask import Flask

from paytm import db
from tests.e2e.browsers import Visitor
from tests.people import sign_up
from tests.server import Server


def _transfers() -> int:
    return db.database()["transactions"].count_documents({"kind": "transfer"})


def test_the_first_minute_of_a_new_user(open_wallet: Callable[..., Visitor], wallet: Server) -> None:
    sign_up(wallet.call, "Ravi", "Iyer")
    asha = open_wallet(viewport={"width": 390, "height": 844})
    asha.is_at("/sign-in")
    asha.click("Open a wallet", role="link")
    asha.sign_up("Asha", "Rao")
    asha.sees("₹100.00", "Opening balance")

    asha.find("Ravi Iyer")
    asha.fill(Amount="20.50")
    asha.fill_in("Note (optional)", "chai")
    asha.click("Continue")
    asha.click("Pay ₹20.50")
    asha.sees("Sent: ₹20.50 to Ravi Iyer")

    asha.click("Done", role="link")
    asha.sees("₹79.50", "Ravi Iyer", "−₹20.50")
    assert asha.complaints() == []


def test_a_double_click_pays_once(asha: Visitor, wallet: Server, app: Flask) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    asha.visit(f"/send?to={ravi.id}")
    asha.fill(Amount="30")
    asha.press("Enter")

    asha.click("Pay ₹30.00", double=True)

    asha.sees("Sent: ₹30.00 to Ravi Iyer")
    assert (ravi.balance(), _transfers()) == (130, 1)


def test_a_payment_whose_answer_is_lost_goes_on_after_a_reload_and_pays_once(
    asha: Visitor, wallet: Server, app: Flask
) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    asha.visit(f"/send?to={ravi.id}")
    asha.fill(Amount="30")
    asha.press("Enter")
    asha.lose_answers("**/account/transfer")
    asha.click("Pay ₹30.00")
    asha.sees("We do not know yet: ₹30.00 to Ravi Iyer")
    assert _transfers() == 1

    asha.get_answers("**/account/transfer")
    asha.reload()

    asha.sees("Sent: ₹30.00 to Ravi Iyer")
    assert (ravi.balance(), _transfers()) == (130, 1)


def test_what_is_not_there_cannot_be_paid(asha: Visitor, wallet: Server, app: Flask) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    asha.visit(f"/send?to={ravi.id}")
    asha.sees("You have ₹100.00")
    asha.fill(Amount="100")
    asha.press("Enter")
    asha.sees("Is this right?")
    assert asha.ask("POST", "/account/transfer", {"to": ravi.id, "amount": 1}) == 200
    asha.click("Pay ₹100.00")

    asha.sees("There is not enough money in the account", "No money has moved.")
    assert ravi.balance() == 101
