"""Who is signed in, and whether the API is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.browsers import Chromium, Visitor
from tests.e2e.conftest import Site
from tests.e2e.elsewhere import hosted
from tests.people import PASSWORD, sign_up
from tests.server import Server
from tests.shop import merchant, offer


def test_an_expired_token_is_renewed_and_nobody_notices(asha: Visitor) -> None:
    asha.keep_cookies("refreshToken")

    asha.visit("/accounts")

    asha.sees("₹100.00")
    assert asha.cookie_names() == ["accessToken", "refreshToken"]


def test_who_has_to_sign_in_again_comes_back_to_where_she_was(asha: Visitor) -> None:
    asha.keep_cookies()

    asha.visit("/send?amount=12")
    asha.is_at("/sign-in?next=%2Fsend%3Famount%3D12")
    asha.sign_in(asha.email)

    asha.is_at("/send?amount=12")
    asha.sees("Send money")


def test_tabs_share_a_session_and_its_end(asha: Visitor, browser: Chromium) -> None:
    other = browser.tab(asha)
    other.visit("/")
    other.sees("Hello, Asha")

    asha.visit("/profile")
    asha.click("Sign out")

    asha.is_at("/sign-in")
    other.sees("Good to see you again.")


def test_whoever_signs_in_next_in_a_tab_finds_nothing_of_the_session_before(asha: Visitor, wallet: Server) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    offer(merchant(ravi), "Brass lamp", price=40, stock=3)
    asha.visit(f"/send?to={ravi.id}")
    asha.fill(Amount="30")
    asha.press("Enter")
    asha.click("Pay ₹30.00")
    asha.sees("Sent: ₹30.00 to Ravi Iyer")
    asha.click("Shop", role="link")
    asha.click("Brass lamp", role="link")
    asha.click("Put into the basket")
    asha.click("Basket (1)", role="link")
    asha.sees("Order, and pay ₹40.00")

    _end_all_sessions(wallet, asha.email)
    asha.is_at("/sign-in?next=%2Fbasket")
    asha.sign_in(ravi.username)

    asha.sees("Hello, Ravi", "₹130.00")
    asha.click("Send", role="link")
    asha.sees("Whom do you want to pay?")
    asha.click("Shop", role="link")
    asha.click("Basket (0)", role="link")
    asha.sees("The basket is empty")


def test_a_payment_without_an_answer_waits_for_its_owner_whoever_signs_in_meanwhile(
    asha: Visitor, wallet: Server
) -> None:
    ravi, mira = (sign_up(wallet.call, name, "Iyer") for name in ("Ravi", "Mira"))
    asha.visit(f"/send?to={ravi.id}")
    asha.fill(Amount="30")
    asha.press("Enter")
    asha.lose_answers("**/account/transfer")
    asha.click("Pay ₹30.00")
    asha.sees("We do not know yet: ₹30.00 to Ravi Iyer")
    _end_all_sessions(wallet, asha.email)
    asha.is_at(f"/sign-in?next=%2Fsend%3Fto%3D{ravi.id}")
    asha.get_answers("**/account/transfer")

    asha.sign_in(mira.username)
    asha.sees("Hello, Mira")
    asha.misses("We do not know yet")
    asha.click("Profile", role="link")
    asha.click("Sign out")
    asha.is_at("/sign-in")
    asha.sign_in(asha.email)
    asha.click("Send", role="link")

    asha.sees("Sent: ₹30.00 to Ravi Iyer")
    assert (ravi.balance(), mira.balance()) == (130, 100)


def _end_all_sessions(wallet: Server, email: str) -> None:
    """End somebody's sessions from elsewhere, one by one and the own one last."""
    token = wallet.call("POST", "/auth/login", json={"email": email, "password": PASSWORD}).body["accessToken"]
    headers = {"Authorization": f"Bearer {token}"}
    sessions = wallet.call("GET", "/auth/sessions", headers=headers).body["sessions"]
    for session in sorted(sessions, key=lambda session: session["current"]):
        assert wallet.call("DELETE", f"/auth/sessions/{session['id']}", headers=headers).status == 200


@pytest.mark.parametrize("auth", ["bearer", "cookie"])
def test_a_page_of_another_origin_works_with(auth: str, browser: Chromium, built: Path, site: Site) -> None:
    with hosted(built, port=site.port, api=site.server.url.replace("127.0.0.1", "localhost"), auth=auth) as page:
        asha = browser.open(page)
        asha.sign_up("Asha", "Rao")
        asha.reload()
        asha.sees("₹100.00")
        assert asha.cookie_names() == {"cookie": ["accessToken", "refreshToken"], "bearer": []}[auth]
        browser.leave()


def test_an_api_that_is_down_is_told_of_and_the_page_goes_on_when_it_is_back(browser: Chromium, site: Site) -> None:
    asha = browser.admit(site.server.call, site.server.url, "Asha", "Rao")
    with _down(site.server):
        asha.click("Orders", role="link")
        asha.sees("The wallet cannot be reached")

    asha.misses("The wallet cannot be reached")
    asha.sees("You have ordered nothing yet")


@contextmanager
def _down(server: Server) -> Iterator[None]:
    """Stop a server while the block runs."""
    server.hang_up()
    server.stop()
    try:
        yield
    finally:
        server.start()
