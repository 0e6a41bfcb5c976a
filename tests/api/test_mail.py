"""E-mails on their way: a mail server that takes, refuses, or hides its TLS, and files for want of one."""

import ssl
from collections.abc import Callable, Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import trustme
from bson import ObjectId
from flask import Flask

from paytm import clock
from paytm.notify import email
from tests.api.stored import stored
from tests.people import PASSWORD, Person, sign_up
from tests.receivers import Mailbox
from tests.server import free_port
from tests.telling import hush, pay, relay_of, tell, work


@pytest.fixture
def quiet(app: Flask, asha: Person, ravi: Person) -> None:
    """Nothing is left to tell of the sign-ups."""
    hush()


def _welcome(person: Person) -> None:
    tell("user.registered", user=ObjectId(person.id))


def _state() -> tuple[str, str | None]:
    (delivery,) = stored("deliveries")["deliveries"]
    return delivery["state"], delivery.get("reason")


@pytest.fixture
def send(app: Flask, quiet: None, mailbox: Mailbox) -> Callable[..., None]:
    """Deliver everything to a mail server now."""

    def run(**settings: Any) -> None:
        relay = relay_of(app, **{"SMTP_URL": mailbox.url, **settings})
        work(relay)
        server = relay._channels["email"]._post  # type: ignore[attr-defined]
        if isinstance(server, email.Server):
            server.close()

    return run


def test_both_sides_of_a_transfer_get_mail(
    send: Callable[..., None], mailbox: Mailbox, asha: Person, ravi: Person
) -> None:
    pay(asha, ravi, 20.5, note="chai")

    send()

    found = {message["X-Delivered-To"]: message for message in mailbox.messages}
    assert found[asha.username]["Subject"] == "You sent ₹20.50 to Ravi Iyer"
    assert found[ravi.username]["Subject"] == "You received ₹20.50 from Asha Rao"
    assert "Note: chai" in found[ravi.username].get_body(["plain"]).get_content()  # type: ignore[union-attr]


def test_one_connection_takes_many_messages(send: Callable[..., None], mailbox: Mailbox, asha: Person) -> None:
    for _ in range(5):
        _welcome(asha)

    send()

    assert len({message["Message-ID"] for message in mailbox.messages}) == 5


@pytest.mark.parametrize("reply", ["451 Try later", "421 Too many messages", "452 Full"])
def test_a_temporary_refusal_is_tried_again_as_the_same_message(
    send: Callable[..., None], mailbox: Mailbox, asha: Person, monkeypatch: pytest.MonkeyPatch, reply: str
) -> None:
    mailbox.replies.append(reply)
    _welcome(asha)

    send()
    assert _state() == ("due", f"SMTPDataError {reply[:3]}")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=11))
    send()

    assert _state() == ("sent", None)
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize("reply", ["550 No such mailbox", "554 Spam", "552 Too large"])
def test_a_refusal_for_good_is_dead_at_once(
    send: Callable[..., None], mailbox: Mailbox, asha: Person, reply: str
) -> None:
    mailbox.replies.append(reply)
    _welcome(asha)

    send()

    assert _state() == ("dead", f"SMTPDataError {reply[:3]}")
    assert mailbox.messages == []


def test_a_server_that_is_gone_is_tried_again(send: Callable[..., None], asha: Person) -> None:
    _welcome(asha)

    send(SMTP_URL=f"smtp://127.0.0.1:{free_port()}")

    assert _state() == ("due", "ConnectionRefusedError")


def test_a_user_who_is_gone_is_told_nothing(send: Callable[..., None], mailbox: Mailbox) -> None:
    tell("user.registered", user=ObjectId())

    send()

    assert _state() == ("dead", "there is no such user")


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """An authority that TLS clients of this process believe in."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return authority


def _tls(authority: trustme.CA, host: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    return context


@pytest.fixture
def locked(authority: trustme.CA) -> Iterator[Mailbox]:
    """A mail server that wants TLS and a password first, as Gmail's does."""
    server = Mailbox(
        password="p@ss word", tls_context=_tls(authority, "localhost"), require_starttls=True, auth_required=True
    )
    yield server.start()
    server.stop()


def test_starttls_and_a_password(send: Callable[..., None], locked: Mailbox, asha: Person) -> None:
    _welcome(asha)

    send(SMTP_URL=f"smtp://asha%40example.com:p%40ss%20word@localhost:{locked.port}")

    assert (len(locked.messages), locked.logins) == (1, ["asha@example.com"])


def test_a_wrong_password_is_our_fault_and_not_the_messages(
    send: Callable[..., None], locked: Mailbox, asha: Person
) -> None:
    _welcome(asha)

    send(SMTP_URL=f"smtp://asha:wrong@localhost:{locked.port}")

    assert _state() == ("due", "SMTPAuthenticationError 535")


def test_a_server_that_is_somebody_else_gets_no_password(
    send: Callable[..., None], authority: trustme.CA, asha: Person
) -> None:
    impostor = Mailbox(password="secret", tls_context=_tls(authority, "elsewhere.example")).start()
    _welcome(asha)

    send(SMTP_URL=f"smtp://asha:secret@localhost:{impostor.port}")
    impostor.stop()

    assert _state() == ("due", "SSLCertVerificationError")
    assert impostor.logins == []


def test_a_password_is_not_sent_in_the_clear(
    send: Callable[..., None], asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "_is_loopback", lambda host: False)
    stripped = Mailbox(password="secret", auth_require_tls=False).start()
    _welcome(asha)

    send(SMTP_URL=f"smtp://asha:secret@127.0.0.1:{stripped.port}")
    stripped.stop()

    assert _state() == ("due", "SMTPNotSupportedError")
    assert (stripped.logins, stripped.messages) == ([], [])


def test_without_a_mail_server_each_message_is_a_file(
    app: Flask, quiet: None, asha: Person, ravi: Person, tmp_path: Path
) -> None:
    event = pay(asha, ravi, 5)

    work(relay_of(app, DATA_DIR=tmp_path))

    names = {path.name for path in (tmp_path / "mail").iterdir()}
    assert names == {f"{event}.email.{person.id}.eml" for person in (asha, ravi)}
    file = tmp_path / "mail" / f"{event}.email.{asha.id}.eml"
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert message["To"].addresses[0].addr_spec == asha.username


def test_preferences_decide_who_gets_mail(
    send: Callable[..., None], mailbox: Mailbox, asha: Person, ravi: Person
) -> None:
    off = {"moneySent": False}
    assert asha.call("PUT", "/notification/preferences", json=off, headers=asha.headers).status == 200
    pay(asha, ravi, 5)
    tell("user.password_changed", user=ObjectId(asha.id))

    send()

    assert [message["Subject"] for message in mailbox.messages if message["X-Delivered-To"] == asha.username] == [
        "Your password was changed"
    ]
    assert len(mailbox.messages) == 2


def test_what_people_do_is_told(send: Callable[..., None], mailbox: Mailbox, asha: Person, ravi: Person) -> None:
    meena = sign_up(asha.call, "Meena")
    signed_in = {"username": asha.username, "password": PASSWORD}
    assert asha.call("POST", "/user/signin", json=signed_in).status == 200
    assert asha.send(ravi, 5).status == 200
    ask = {"from": asha.id, "amount": 7}
    assert ravi.call("POST", "/transaction/request", json=ask, headers=ravi.headers).status == 201
    changed = {"password": "another-horse"}
    assert asha.call("PUT", "/user", json=changed, headers=asha.headers).status == 200

    send()

    assert [str(message["Subject"]) for message in mailbox.messages if message["X-Delivered-To"] == asha.username] == [
        "A new sign-in to your account",
        "You sent ₹5.00 to Ravi Iyer",
        "Ravi Iyer asks you for ₹7.00",
        "Your password was changed",
    ]
    welcome = [message["Subject"] for message in mailbox.messages if message["X-Delivered-To"] == meena.username]
    assert welcome == ["Welcome to Paytm wallet"]
    assert stored("outbox")["outbox"] == []
