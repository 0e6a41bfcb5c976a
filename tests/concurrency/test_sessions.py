"""Sign-out and password change beside transfers and sign-ins, over HTTP to two workers."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from time import monotonic
from typing import NamedTuple

import pytest
from pymongo.client_session import ClientSession

from paytm import clock
from paytm.user import sessions
from tests.people import PASSWORD, Answer, Call, Person, sign_up
from tests.server import Server

_CLIENTS = 8
_NEW_PASSWORD = "battery-staple"


class Made(NamedTuple):
    """A request: when it was begun, and what came of it."""

    at: float
    answer: Answer


@contextmanager
def repeating(request: Callable[[], Answer]) -> Iterator[list[Made]]:
    """Make a request again and again in eight threads while the block runs, and a few times more after it."""
    made: list[Made] = []
    over, warm = Event(), Event()

    def repeat() -> None:
        left = 5
        while left:
            left -= over.is_set()
            begun = monotonic()
            made.append(Made(begun, request()))
            if len(made) > 2 * _CLIENTS:
                warm.set()

    with ThreadPoolExecutor(_CLIENTS) as pool:
        clients: list[Future[None]] = [pool.submit(repeat) for _ in range(_CLIENTS)]
        assert warm.wait(20)
        yield made
        over.set()
    for client in clients:
        client.result()


def sign_in(server: Server, person: Person, password: str = PASSWORD) -> Answer:
    return server.call("POST", "/user/signin", json={"username": person.username, "password": password})


def change_password(person: Person) -> Answer:
    """Change a person's password, again where that could not get through between all the sign-ins."""
    for _ in range(5):
        answer = person.call("PUT", "/user", json={"password": _NEW_PASSWORD}, headers=person.headers)
        if answer.status != 503:
            break
    return answer


def statuses(made: list[Made], *, since: float) -> set[int]:
    return {answer.status for at, answer in made if at >= since}


def test_no_transfer_that_begins_after_sign_out_has_answered_succeeds(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with repeating(lambda: asha.send(ravi, 0.01)) as made:
        assert server.call("POST", "/user/signout", headers=asha.headers).status == 200
        signed_out = monotonic()

    assert statuses(made, since=0) == {200, 403}
    assert statuses(made, since=signed_out) == {403}
    paid = sum(answer.status == 200 for _, answer in made)
    assert ravi.balance() == 100 + paid / 100


def test_signing_out_of_one_session_leaves_the_others(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)
    elsewhere = replace(asha, token=sign_in(server, asha).body["token"])

    with repeating(lambda: elsewhere.send(ravi, 0.01)) as made:
        assert server.call("POST", "/user/signout", headers=asha.headers).status == 200

    assert statuses(made, since=0) == {200}


def test_no_transfer_by_an_old_token_succeeds_after_a_password_change_has_answered(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with repeating(lambda: asha.send(ravi, 0.01)) as made:
        changed = change_password(asha)
        since = monotonic()

    assert changed.status == 200
    assert statuses(made, since=since) == {403}
    assert replace(asha, token=changed.body["token"]).send(ravi, 1).status == 200


def test_a_sign_in_that_races_a_password_change_leaves_no_working_token(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with repeating(lambda: sign_in(server, asha)) as made:
        changed = change_password(asha)
        since = monotonic()

    assert changed.status == 200
    assert statuses(made, since=0) == {200, 411}
    assert statuses(made, since=since) == {411}
    tokens = [answer.body["token"] for _, answer in made if answer.status == 200]
    assert {replace(asha, token=token).send(ravi, 1).status for token in tokens} == {403}
    assert sign_in(server, asha, _NEW_PASSWORD).status == 200


def test_sign_ins_of_one_millisecond_leave_no_token_past_a_password_change(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha, ravi = sign_up(call), sign_up(call)
    moment = clock.now()
    monkeypatch.setattr(clock, "now", lambda: moment)
    form = {"username": asha.username, "password": PASSWORD}
    assert call("POST", "/user/signin", json=form).status == 200
    insert = sessions.insert

    with ThreadPoolExecutor(1) as pool:

        def insert_late(record: dict[str, object], *, session: ClientSession) -> None:
            # The password is confirmed and the session not yet there: somebody changes the password now.
            monkeypatch.setattr(sessions, "insert", insert)
            changes.append(pool.submit(change_password, asha))
            wait(changes, timeout=0.5)
            insert(record, session=session)

        changes: list[Future[Answer]] = []
        monkeypatch.setattr(sessions, "insert", insert_late)
        answer = call("POST", "/user/signin", json=form)
        assert changes[0].result().status == 200

    assert answer.status in (200, 411)
    if answer.status == 200:
        assert replace(asha, token=answer.body["token"]).send(ravi, 1).status == 403


def test_of_two_password_changes_at_once_one_token_survives(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)

    with ThreadPoolExecutor(2) as pool:
        answers = [change.result() for change in [pool.submit(change_password, asha) for _ in range(2)]]

    # The loser is refused, or it was let in just before and its token died with the winner's change.
    tokens = [answer.body["token"] for answer in answers if answer.status == 200]
    worked = [replace(asha, token=token).send(ravi, 1).status for token in tokens]
    assert sorted(worked) in ([200], [200, 403])
