"""Keeping a cash book in a browser."""

from pathlib import Path

from tests.e2e.browsers import Visitor
from tests.people import sign_up
from tests.server import Server

TABLE = "Date,Name,Type,Amount,Note\n2026-11-01,Mira Das,debit,12.50,tea\n2026-11-02,Mira Das,gift,1,\n"


def test_a_record_is_deleted_brought_back_and_settled(asha: Visitor, wallet: Server) -> None:
    ravi = sign_up(wallet.call, "Ravi", "Iyer")
    asha.visit("/cash-book")
    asha.click("Note something down")
    asha.fill(Who="Ravi Iyer", Amount="30")
    asha.click("Note it down")
    asha.click("Change the record of Ravi Iyer")
    asha.click("Delete")
    asha.sees("Nothing is noted down yet")
    asha.click("Undo")
    asha.sees("₹30.00")

    asha.click("Settle with Ravi Iyer")
    asha.sees("Who is it?")
    asha.click("Ask for ₹30.00", double=True)

    asha.sees("Asked for ₹30.00", "Waiting")
    (request,) = ravi.get("/transaction/request").body["requests"]
    assert (request["amount"], request["status"]) == (30, "pending")


def test_the_sound_lines_of_a_table_are_added(asha: Visitor, tmp_path: Path) -> None:
    (tmp_path / "book.csv").write_text(TABLE)
    asha.visit("/cash-book")
    asha.click("Import")
    asha.attach("CSV file", tmp_path / "book.csv")
    asha.sees("1 of 2 lines cannot be added", "Line 3:")

    asha.click("Add 1 record")

    asha.sees("1 record added", "Mira Das", "₹12.50", "you gave · tea")
