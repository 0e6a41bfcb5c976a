"""What operators see of the outbox, and what they set going again."""

from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.notify.deliveries import Failure
from paytm.notify.models import EMAIL
from paytm.notify.relay import Relay
from tests.api.holding import operator
from tests.people import Answer, Call, Person, sign_up, walk
from tests.telling import hush, tell, work


class _Closed:
    """A mail server that takes nothing, until it is opened."""

    is_open = False

    def deliver(self, _: object) -> None:
        if not self.is_open:
            raise Failure("550 no", final=True)


@pytest.fixture
def mail() -> _Closed:
    return _Closed()


@pytest.fixture
def meera(call: Call) -> Person:
    """An operator."""
    return operator(sign_up(call, "Meera", "Nair"))


@pytest.fixture
def relay(app: Flask, asha: Person, meera: Person, mail: _Closed) -> Relay:
    hush()
    return Relay({EMAIL: mail}, per_second=1e6)


def look(person: Person, state: str | None = None, **query: Any) -> Answer:
    query |= {"state": state} if state else {}
    return person.call("GET", "/outbox", query_string=query, headers=person.headers)


def retry(person: Person, id_: str) -> Answer:
    return person.call("POST", f"/outbox/{id_}/retry", headers=person.headers)


def _trail() -> list[dict[str, Any]]:
    return list(db.database()["audit_events"].find({"what": "outbox.retried"}))


def test_an_operator_sees_what_is_dead_and_why(relay: Relay, asha: Person, meera: Person) -> None:
    event = tell("user.registered", user=ObjectId(asha.id))
    work(relay)

    (row,) = look(meera).body["outbox"]

    assert (row["id"], row["event"], row["kind"]) == (f"{event}.email.{asha.id}", str(event), "user.registered")
    assert (row["channel"], row["recipient"], row["state"]) == ("email", asha.id, "dead")
    assert (row["attempts"], row["reason"]) == (1, "550 no")
    assert "content" not in row


def test_what_is_dead_is_tried_again_and_gets_through(relay: Relay, mail: _Closed, asha: Person, meera: Person) -> None:
    tell("user.registered", user=ObjectId(asha.id))
    work(relay)
    (row,) = look(meera).body["outbox"]
    mail.is_open = True

    assert retry(meera, row["id"]).status == 202
    assert [one["state"] for one in look(meera, "due").body["outbox"]] == ["due"]
    work(relay)

    assert [one["id"] for one in look(meera, "sent").body["outbox"]] == [row["id"]]
    (event,) = _trail()
    assert (event["who"], event["subject"]) == (ObjectId(meera.id), {"delivery": row["id"]})


def test_an_event_that_was_set_aside_is_seen_and_read_again(relay: Relay, meera: Person) -> None:
    event = tell("weather.changed")
    work(relay)
    (row,) = look(meera, "unclear").body["outbox"]
    assert (row["id"], row["kind"]) == (str(event), "weather.changed")
    assert (row["state"], row["reason"]) == ("unclear", "KeyError")

    assert retry(meera, row["id"]).status == 202

    assert look(meera, "unclear").body["outbox"] == []
    assert [event["subject"] for event in _trail()] == [{"event": event}]


def test_what_got_through_is_not_sent_twice(relay: Relay, mail: _Closed, asha: Person, meera: Person) -> None:
    mail.is_open = True
    tell("user.registered", user=ObjectId(asha.id))
    work(relay)
    (row,) = look(meera, "sent").body["outbox"]

    answer = retry(meera, row["id"])

    assert (answer.status, answer.body["message"]) == (409, "Only what is dead can be tried again")
    assert retry(meera, "nothing").status == retry(meera, "f" * 24).status == 404
    assert _trail() == []


@pytest.mark.parametrize(("kind", "state"), [("user.registered", "dead"), ("weather.changed", "unclear")])
def test_it_comes_in_pages_newest_first(relay: Relay, asha: Person, meera: Person, kind: str, state: str) -> None:
    events = [str(tell(kind, user=ObjectId(asha.id))) for _ in range(3)]
    work(relay)

    pages = walk(lambda **cursor: look(meera, state, limit=2, **cursor), "outbox")

    assert [[row["event"] for row in page] for page in pages] == [[events[2], events[1]], [events[0]]]


def test_what_is_no_state_or_cursor_is_refused(relay: Relay, meera: Person) -> None:
    assert look(meera, "lost").status == 400
    assert look(meera, "unclear", cursor="1.email.2").status == 400
