"""Ending a session."""

from tests.api.stored import count
from tests.people import PASSWORD, Answer, Call, Person, sign_up


def _sign_out(person: Person) -> Answer:
    return person.call("POST", "/user/signout", headers=person.headers)


def test_signing_out_ends_the_session(asha: Person) -> None:
    answer = _sign_out(asha)

    assert answer.status == 200
    assert isinstance(answer.body["message"], str)
    assert count("sessions") == 0


def test_the_token_stops_at_once_where_it_was_signed_out(asha: Person, ravi: Person) -> None:
    assert asha.get("/account/balance").status == 200
    _sign_out(asha)

    assert asha.get("/account/balance").status == 403
    assert asha.send(ravi, 1).status == 403
    assert _sign_out(asha).status == 403


def test_others_stay_signed_in(call: Call, asha: Person) -> None:
    ravi = sign_up(call)
    _sign_out(asha)

    assert ravi.get("/account/balance").status == 200


def test_one_can_sign_in_again(asha: Person) -> None:
    _sign_out(asha)

    body = {"username": asha.username, "password": PASSWORD}
    assert asha.call("POST", "/user/signin", json=body).status == 200


def test_signing_out_needs_no_body_and_minds_none(asha: Person) -> None:
    answer = asha.call("POST", "/user/signout", data=b"\xff[", content_type="text/plain", headers=asha.headers)

    assert answer.status == 200
