"""E-mails: made from templates, and handed to a mail server or, without one, written to files."""

import contextlib
import ipaddress
import smtplib
import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from paytm.money import format_rupees
from paytm.notify.deliveries import Delivery, Failure
from paytm.user import contacts

Post = Callable[[EmailMessage, str], None]

_TIMEOUT_SECONDS = 10.0
_KEPT_FILES = 10_000
# Looking through the folder for each message would cost more than the few files that are kept too long.
_FILES_BETWEEN_SWEEPS = 100
_INDIA = timezone(timedelta(hours=5, minutes=30), "IST")

_SUBJECTS = {
    "welcome": "Welcome to Paytm wallet",
    "signed_in": "A new sign-in to your account",
    "password_changed": "Your password was changed",
    "requested": "{{ name }} asks you for {{ amount | rupees }}",
    "money_sent": "You sent {{ amount | rupees }} to {{ name }}",
    "money_received": "You received {{ amount | rupees }} from {{ name }}",
    "refunded": "{{ name }} refunded {{ amount | rupees }}",
}


def _in_india(at: datetime) -> str:
    return f"{at.astimezone(_INDIA):%-d %B %Y, %H:%M} IST"


# Wide enough for a Message-ID, which not every server reads when it is folded; and in ASCII, which all of them take.
_POLICY = policy.default.clone(max_line_length=200, cte_type="7bit")

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    # By the file's ending, so that what people call themselves is text in HTML and nothing else.
    autoescape=select_autoescape(["html"], default=False, default_for_string=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {"rupees": format_rupees, "time": _in_india}


def write(delivery: Delivery, contact: contacts.Contact, *, sender: str) -> EmailMessage:
    """Make the message of a delivery: the same one each time, with the same Message-ID.

    :param sender: as MAIL_FROM has it, ``Name <address>``.
    :raises Failure: it can never be sent, for example because the address is none.
    """
    facts = {**delivery["content"], "first_name": contact.first_name}
    template = facts["template"]
    subject = _templates.from_string(_SUBJECTS[template]).render(facts)
    sender_name, sender_address = parseaddr(sender)
    message = EmailMessage(_POLICY)
    try:
        message["From"] = Address(_one_line(sender_name), addr_spec=sender_address)
        message["To"] = Address(_one_line(contact.first_name), addr_spec=contact.email)
        message["Subject"] = _one_line(subject)
    except (ValueError, IndexError) as error:
        raise Failure("not an e-mail address", final=True) from error
    message["Message-ID"] = f"<{delivery['_id']}@{sender_address.partition('@')[2]}>"
    message["Date"] = format_datetime(delivery["createdAt"].astimezone(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_templates.get_template(f"{template}.txt").render(facts))
    message.add_alternative(_templates.get_template(f"{template}.html").render(facts), subtype="html")
    return message


def _one_line(text: str) -> str:
    # A line break would end the header, and begin one of somebody else's making.
    return " ".join(text.split())


class Mail:
    """The channel to users' mailboxes.

    :param post: takes a message and the id of its delivery, to a server or a folder.
    :param sender: as MAIL_FROM has it.
    """

    def __init__(self, post: Post, *, sender: str) -> None:
        self._post = post
        self._sender = sender

    def deliver(self, delivery: Delivery) -> None:
        """Send the e-mail of a delivery.

        :raises Failure: nobody accepted it.
        """
        contact = contacts.find(delivery["recipient"])
        if contact is None:
            raise Failure("there is no such user", final=True)
        self._post(write(delivery, contact, sender=self._sender), delivery["_id"])


def channel(config: Mapping[str, Any]) -> Mail:
    """Return the channel that the settings ask for: a mail server, or files for want of one."""
    url = config["SMTP_URL"]
    return Mail(Server(url) if url else Folder(config["DATA_DIR"] / "mail"), sender=config["MAIL_FROM"])


class Folder:
    """Keeps messages as files that mail programs open: the newest ones, each named after its delivery."""

    def __init__(self, path: Path, *, kept: int = _KEPT_FILES) -> None:
        self._path = path
        self._kept = kept
        self._written = 0

    def __call__(self, message: EmailMessage, delivery_id: str) -> None:
        """Write a message, whole or not at all."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        whole = self._path / f"{delivery_id}.eml"
        part = whole.with_suffix(".part")
        try:
            part.write_bytes(bytes(message))
            part.replace(whole)
        except OSError as error:
            raise Failure(type(error).__name__) from error
        if self._written % _FILES_BETWEEN_SWEEPS == 0:
            self._sweep()
        self._written += 1

    def _sweep(self) -> None:
        # Names begin with the event's id, which begins with its time.
        for path in sorted(self._path.glob("*.eml"))[: -self._kept]:
            path.unlink(missing_ok=True)


class Server:
    """Hands messages to a mail server, over one connection for as long as that stands.

    :param url: ``smtp://user:password@host:587``, which turns to TLS by STARTTLS, or ``smtps://…:465``.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._wrapped = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._wrapped else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._tls = ssl.create_default_context()
        self._open: smtplib.SMTP | None = None

    def __call__(self, message: EmailMessage, delivery_id: str) -> None:
        """Hand a message over.

        :raises Failure: final when the server refused this message for good (5xx); otherwise another try may succeed.
        """
        try:
            server = self._connection()
        except (OSError, smtplib.SMTPException) as error:
            # Even a 5xx is about us here, as a wrong password is, and not about the message.
            raise Failure(_reason(error)) from error
        try:
            server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Failure(_reason(error), final=_is_final(error)) from error

    def _connection(self) -> smtplib.SMTP:
        if self._open is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                if self._open.noop()[0] == 250:
                    return self._open
            self.close()
        self._open = self._connect()
        return self._open

    def _connect(self) -> smtplib.SMTP:
        if self._wrapped:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=self._tls)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        try:
            server.ehlo_or_helo_if_needed()
            # Somebody in between can hide the server's STARTTLS, and must not be handed the password then.
            secret = bool(self._user) and not _is_loopback(self._host)
            if not self._wrapped and (secret or server.has_extn("starttls")):
                server.starttls(context=self._tls)
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server

    def close(self) -> None:
        """Hang up; the next message connects anew."""
        if self._open is not None:
            self._open.close()
            self._open = None


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error: Exception) -> bool:
    # An address that only a server with SMTPUTF8 takes is refused by smtplib itself.
    return isinstance(error, smtplib.SMTPNotSupportedError) or any(code >= 500 for code in _codes(error))


def _reason(error: Exception) -> str:
    # Without the server's words, which repeat the address.
    return " ".join([type(error).__name__, *map(str, _codes(error))])
