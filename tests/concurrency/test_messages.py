"""Messages at the same moment: none is lost or sent twice, and what is unread is counted right."""

from collections.abc import Iterator

import pytest
from flask import Flask

from paytm.chat import audit
from tests.api.stored import count
from tests.concurrency.together import at_once
from tests.people import Call, Person, sign_up
from tests.pictures import data_url, encoded
from tests.server import Server
from tests.talking import ask, mark, say, thread, unread, write

_TIMES = 20


@pytest.fixture(autouse=True)
def _adds_up(app: Flask) -> Iterator[None]:
    yield
    audit.check()


@pytest.fixture
def call(server: Server) -> Call:
    return server.call


def test_a_message_with_one_client_id_is_sent_once(asha: Person, ravi: Person) -> None:
    answers = at_once(_TIMES, lambda _: write(asha, ravi, clientId="c"))

    assert [answer.status for answer in answers] == [201] * _TIMES
    assert len({answer.body["message"]["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert unread(ravi) == {asha.id: 1}


def test_a_picture_with_one_client_id_is_sent_and_stored_once(asha: Person, ravi: Person) -> None:
    answers = at_once(_TIMES // 2, lambda _: write(asha, ravi, image=data_url(encoded()), clientId="c"))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["message"]["image"] for answer in answers}) == 1
    assert [count(name) for name in ("messages", "pictures", "media.files")] == [1, 1, 1]


def test_one_client_id_for_two_people_sends_one_message(asha: Person, ravi: Person, server: Server) -> None:
    mira = sign_up(server.call, "Mira")

    answers = at_once(_TIMES, lambda number: write(asha, (ravi, mira)[number % 2], clientId="c"))

    assert sorted(answer.status for answer in answers) == [201] * (_TIMES // 2) + [422] * (_TIMES // 2)
    assert sorted([*unread(ravi).values(), *unread(mira).values()]) == [1]


def test_all_that_both_say_at_once_is_said(asha: Person, ravi: Person) -> None:
    answers = at_once(_TIMES, lambda number: write(*((asha, ravi) if number % 2 else (ravi, asha)), str(number)))

    assert [answer.status for answer in answers] == [201] * _TIMES
    assert (unread(asha), unread(ravi)) == ({ravi.id: _TIMES // 2}, {asha.id: _TIMES // 2})
    heard = thread(asha, ravi)
    assert [message["id"] for message in heard] == [message["id"] for message in thread(ravi, asha)]
    assert len({message["createdAt"] for message in heard}) == _TIMES


def test_each_message_is_marked_once_or_left(asha: Person, ravi: Person) -> None:
    for number in range(3):
        say(asha, ravi, str(number))

    def do(number: int) -> int:
        if number % 2:
            return mark(ravi, asha)
        say(asha, ravi, str(number))
        return 0

    marked = sum(at_once(_TIMES, do))

    assert marked + unread(ravi)[asha.id] == 3 + _TIMES // 2
    assert [message["read"] for message in thread(ravi, asha)].count(False) == unread(ravi)[asha.id]


def test_a_message_is_deleted_once_while_others_come(asha: Person, ravi: Person) -> None:
    sent = say(asha, ravi, "a secret")

    answers = at_once(_TIMES, lambda number: write(ravi, asha) if number % 2 else ask(asha, "DELETE", f"/{sent}"))

    assert [answer.status for answer in answers] == [204, 201] * (_TIMES // 2)
    assert "secret" not in str([thread(ravi, asha), ask(ravi, "GET", "/users").body])
    assert unread(asha) == {ravi.id: _TIMES // 2}


def test_a_block_stops_what_is_written_after_it(asha: Person, ravi: Person) -> None:
    def do(number: int) -> int:
        if number == 0:
            return ask(ravi, "PUT", f"/block/{asha.id}").status
        return write(asha, ravi).status

    answers = at_once(_TIMES, do)

    assert answers[0] == 204
    assert set(answers[1:]) <= {201, 403}
    assert write(asha, ravi).status == 403
    assert len(thread(ravi, asha)) == answers.count(201)
