"""The Checkout page, where whoever pays chooses how it ends."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from paytm.dev.stripe import wiring
from paytm.dev.stripe.objects import Object

blp = Blueprint("page", __name__, url_prefix="/c/pay")


@blp.get("/<id_>")
def show(id_: str) -> Any:
    """Show what is to be paid."""
    here = wiring.here()
    with here.store.open():
        here.account.expire_due()
        return _page(here.store.get("sessions", id_))


@blp.post("/<id_>")
def choose(id_: str) -> Any:
    """Do what a button says, unless it is too late for that."""
    here = wiring.here()
    choice = request.form.get("choice")
    with here.store.open():
        here.account.expire_due()
        session = here.store.get("sessions", id_)
        if choice == "leave" and session["cancel_url"]:
            return redirect(session["cancel_url"], 303)
        if session["status"] == "open" and choice in ("pay", "promise", "fail"):
            act = {"pay": here.account.pay, "promise": here.account.promise, "fail": here.account.decline}[choice]
            act(session)
        elif session["status"] == "complete" and session["payment_status"] == "unpaid" and choice == "settle":
            here.account.settle(session)
        if session["status"] == "complete" and choice in ("pay", "promise"):
            return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", id_), 303)
        return _page(session, declined=choice == "fail" and session["status"] == "open")


def _page(session: Object, *, declined: bool = False) -> str:
    return render_template("pay.html", session=session, declined=declined)
