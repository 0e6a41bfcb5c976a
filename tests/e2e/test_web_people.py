"""Two people at two browsers, who see at once what the other one does."""

from pathlib import Path

from tests.e2e.browsers import Visitor
from tests.pictures import encoded


def test_money_shows_up_the_instant_it_arrives(asha: Visitor, ravi: Visitor) -> None:
    asha.find("Ravi Iyer")
    asha.fill(Amount="20")
    asha.press("Enter")
    asha.click("Pay ₹20.00")

    ravi.sees("₹120.00", "₹20.00 from Asha Rao", "+₹20.00")


def test_people_talk_and_ask_each_other_for_money(asha: Visitor, ravi: Visitor, tmp_path: Path) -> None:
    (tmp_path / "lunch.png").write_bytes(encoded())
    asha.visit("/chat")
    asha.find("Ravi Iyer", search="Whom do you want to write to?")
    asha.fill_in("Message to Ravi Iyer", "You owe me lunch!")
    asha.attach("Add a picture", tmp_path / "lunch.png")
    asha.click("Send the message")
    asha.sees("· Sent")

    ravi.click("Chat 1 unread", role="link")
    ravi.click("Asha Rao", role="link")
    ravi.sees("You owe me lunch!")
    asha.sees("· Read")
    ravi.fill_in("Message to Asha Rao", "How much?")
    asha.sees("is writing …")
    ravi.press("Enter")
    asha.sees("How much?")

    asha.click("Ask for money", role="link")
    asha.fill(Amount="15.50")
    asha.press("Enter")
    ravi.sees("Asha Rao asks you for")
    ravi.click("Pay")
    ravi.click("Pay ₹15.50")

    asha.sees("₹15.50 from Ravi Iyer")
    ravi.sees("You paid Asha Rao")
    assert asha.complaints() == []
    assert ravi.complaints() == []
