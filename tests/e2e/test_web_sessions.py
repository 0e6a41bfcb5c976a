"""Who is signed in, and whether the API is there."""

from pathlib import Path

import pytest

from tests.e2e.browsers import Chromium, Visitor
from tests.e2e.conftest import Site
from tests.e2e.elsewhere import hosted


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
    site.server.hang_up()
    site.server.stop()

    asha.click("Orders", role="link")
    asha.sees("The wallet cannot be reached")
    site.server.start()

    asha.misses("The wallet cannot be reached")
    asha.sees("You have ordered nothing yet")
