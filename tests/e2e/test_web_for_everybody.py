"""That nobody is kept out: what axe finds on the pages, in light and dark."""

from tests.e2e.browsers import Visitor
from tests.people import sign_up
from tests.server import Server
from tests.shop import merchant, offer

PAGES = ("/history", "/requests", "/shop", "/accounts", "/profile")


def test_the_pages_keep_nobody_out(asha: Visitor, wallet: Server) -> None:
    ravi = merchant(sign_up(wallet.call, "Ravi", "Iyer"))
    offer(ravi)
    asha.ask("POST", f"/message/send/{ravi.id}", {"text": "Hello!"})
    asha.ask("POST", "/account/transfer", {"to": ravi.id, "amount": 1})
    found = {}
    for page in (*PAGES, "/", f"/send?to={ravi.id}", f"/chat/{ravi.id}"):
        asha.visit(page)
        asha.settles()
        found[page] = asha.judge("light") + asha.judge("dark")

    assert {page: faults for page, faults in found.items() if faults} == {}
