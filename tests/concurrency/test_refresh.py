"""Refresh tokens that come many times at once, over HTTP to two workers."""

from tests.api.identity import bearer, log_in, person, refresh, register
from tests.api.stored import count, stored
from tests.concurrency.together import at_once
from tests.people import PASSWORD, claims, sign_up
from tests.server import Server


def test_one_token_many_times_at_once_makes_one_chain(server: Server) -> None:
    token = register(server.call).body["refreshToken"]

    answers = at_once(24, lambda _: refresh(server.call, token))

    assert {answer.status for answer in answers} == {200}
    (newest,) = {answer.body["refreshToken"] for answer in answers}
    (session,) = stored("sessions")["sessions"]
    assert session["generation"] == claims(newest)["gen"] == 1
    access = {answer.body["accessToken"] for answer in answers}
    assert {server.call("GET", "/auth/check", headers=bearer(token)).status for token in access} == {200}
    assert refresh(server.call, newest).status == 200


def test_a_token_that_was_used_up_ends_its_session_once(server: Server) -> None:
    entered = register(server.call)
    mira, token = person(server.call, entered), entered.body["refreshToken"]
    newest = refresh(server.call, refresh(server.call, token).body["refreshToken"]).body["refreshToken"]
    elsewhere = log_in(server.call, mira.username)

    answers = at_once(12, lambda number: refresh(server.call, newest if number == 0 else token))

    assert {answer.status for answer in answers[1:]} == {401}
    assert refresh(server.call, newest).status == 401
    assert count("audit_events", what="session.refresh_token_reused") == 1
    (account,) = stored("accounts")["accounts"]
    assert account["revocations"] == 1
    assert refresh(server.call, elsewhere.body["refreshToken"]).status == 200


def test_a_refresh_that_races_logging_out_everywhere_leaves_no_working_token(server: Server) -> None:
    asha = sign_up(server.call)
    entered = register(server.call)
    mira, token = person(server.call, entered), entered.body["refreshToken"]

    def do(number: int) -> list[str]:
        if number == 0:
            gone = server.call("POST", "/auth/logout", json={"all": True}, headers=mira.headers)
            assert gone.status == 200
            return []
        answer = refresh(server.call, token)
        assert answer.status in (200, 401)
        return [answer.body["accessToken"]] if answer.status == 200 else []

    tokens = [token for found in at_once(8, do) for token in found]

    assert refresh(server.call, token).status == 401
    send = {"to": asha.id, "amount": 1}
    sent = [server.call("POST", "/account/transfer", json=send, headers=bearer(token)) for token in tokens]
    assert {answer.status for answer in sent} <= {403}
    assert asha.balance() == 100


def test_two_changes_of_the_password_at_once_leave_one_that_works(server: Server) -> None:
    mira = person(server.call, register(server.call))
    sessions = [person(server.call, log_in(server.call, mira.username)) for _ in range(2)]

    def change(number: int) -> int:
        body = {"password": f"battery-{number}", "currentPassword": PASSWORD}
        headers = sessions[number].headers
        return server.call("PUT", "/auth/update-profile", json=body, headers=headers).status

    changed = at_once(2, change)
    entered = [log_in(server.call, mira.username, f"battery-{number}").status for number in range(2)]

    assert changed.count(200) == 1
    assert entered.count(200) == 1
    assert changed.index(200) == entered.index(200)
