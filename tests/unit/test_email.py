"""What an e-mail says, and what nobody can make it say."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from paytm.notify import email
from paytm.notify.deliveries import Failure
from paytm.user.contacts import Contact

AT = datetime(2026, 11, 21, 7, 30, tzinfo=UTC)
USER, EVENT = ObjectId(), ObjectId()
MONEY = {"name": "Ravi Iyer", "amount": 123_456_789, "note": "chai", "transaction": "6b01"}
CONTENTS: dict[str, dict[str, Any]] = {
    "welcome": {},
    "signed_in": {"address": "203.0.113.7", "device": "Firefox"},
    "password_changed": {},
    "requested": {"name": "Ravi Iyer", "amount": 123_456_789, "note": None, "until": AT},
    "money_sent": MONEY,
    "money_received": MONEY,
    "refunded": MONEY,
}


def _write(template: str = "money_sent", *, to: Contact | None = None, **content: Any) -> EmailMessage:
    delivery = {
        "_id": f"{EVENT}.email.{USER}",
        "createdAt": AT,
        "content": {"template": template, "at": AT, **CONTENTS[template], **content},
    }
    contact = to or Contact("asha@example.com", "Asha")
    return email.write(delivery, contact, sender="Paytm wallet <wallet@bank.example>")


def _text(message: EmailMessage, kind: str) -> str:
    part = message.get_body([kind])
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize("template", sorted(CONTENTS))
def test_every_message_is_text_and_html_for_its_recipient(template: str) -> None:
    message = _write(template)

    assert (message["To"], message["From"]) == ("Asha <asha@example.com>", "Paytm wallet <wallet@bank.example>")
    for kind in ("plain", "html"):
        text = _text(message, kind)
        assert "Hello Asha" in text
        assert "None" not in text
        assert "{" not in text
        assert ("₹12,34,567.89" in text) is ("amount" in CONTENTS[template])


def test_every_template_is_tried() -> None:
    assert set(email._SUBJECTS) == set(CONTENTS)
    folder = Path(email.__file__).parent / "templates"
    assert {path.stem for path in folder.iterdir()} == {*CONTENTS, "base"}


def test_a_message_is_the_same_each_time() -> None:
    first, second = _write(), _write()

    assert first["Message-ID"] == second["Message-ID"] == f"<{EVENT}.email.{USER}@bank.example>"
    assert f"Message-ID: {first['Message-ID']}\n".encode() in bytes(first)
    assert first["Date"] == second["Date"] == "Sat, 21 Nov 2026 07:30:00 +0000"


def test_times_are_those_of_india() -> None:
    assert "21 November 2026, 13:00 IST" in _text(_write(), "plain")


def test_a_sign_in_tells_from_where() -> None:
    text = _text(_write("signed_in"), "plain")

    assert "from 203.0.113.7" in text
    assert "with Firefox" in text
    assert "from" not in _text(_write("signed_in", address=None, device=None), "plain")


INJECTIONS = ["Ravi\r\nBcc: all@example.com", "Ravi\nBcc: all@example.com", "Ravi\rBcc: all@example.com\r\n\r\nHi"]


@pytest.mark.parametrize("name", INJECTIONS)
@pytest.mark.parametrize("template", ["requested", "money_sent", "money_received", "refunded"])
def test_a_line_break_in_a_name_or_note_makes_no_header(template: str, name: str) -> None:
    message = _write(template, name=name, note=name, to=Contact("asha@example.com", name))

    read = message_from_bytes(bytes(message), policy=policy.default)
    assert set(read.keys()) == set(_write(template).keys())
    assert read["Bcc"] is None
    assert "Bcc: all@example.com" in read["Subject"]


@pytest.mark.parametrize("address", ["", "asha", "asha@x\r\nBcc: b@example.com", "a@b, c@d", "Asha <a@b>"])
def test_what_is_no_address_is_refused_for_good(address: str) -> None:
    with pytest.raises(Failure) as refused:
        _write(to=Contact(address, "Asha"))

    assert refused.value.final
    assert "asha" not in refused.value.reason


def test_what_people_call_themselves_is_text_in_html() -> None:
    message = _write(name="<script>alert(1)</script>", note='"><img src=x>', to=Contact("a@b.example", "<b>A"))

    html = _text(message, "html")
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;script&gt;" in html
    assert "<script>alert(1)</script>" in _text(message, "plain")


def test_a_name_is_not_a_template() -> None:
    message = _write(name="{{ 7 * 7 }}", note="{% raw %}")

    assert "{{ 7 * 7 }}" in message["Subject"]
    assert "{{ 7 * 7 }}" in _text(message, "plain")


def test_the_newest_files_are_kept(tmp_path: Path) -> None:
    folder = email.Folder(tmp_path / "mail", kept=5)
    for number in range(201):
        folder(_write(), f"{number:024x}.email.x")

    names = sorted(path.name for path in (tmp_path / "mail").iterdir())
    assert names == [f"{number:024x}.email.x.eml" for number in range(196, 201)]


def test_a_file_is_the_message_for_its_owner_alone(tmp_path: Path) -> None:
    email.Folder(tmp_path / "mail")(_write(), "6b01.email.x")

    path = tmp_path / "mail" / "6b01.email.x.eml"
    assert message_from_bytes(path.read_bytes(), policy=policy.default)["Subject"] == _write()["Subject"]
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_to_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir()
    (tmp_path / "mail" / "6b01.part").mkdir()

    with pytest.raises(Failure):
        email.Folder(tmp_path / "mail")(_write(), "6b01")
