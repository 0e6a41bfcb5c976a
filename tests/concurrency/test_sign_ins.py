"""Sign-ins beside transfers, with passwords as costly as they are in production."""

from collections.abc import Callable

from tests.concurrency.together import at_once
from tests.people import Person, sign_up
from tests.server import Server


def test_50_wrong_passwords_at_once_fail_no_transfer(start_server: Callable[..., Server]) -> None:
    server = start_server(ARGON2_MEMORY_KIB="19456", ARGON2_TIME_COST="2")
    asha, ravi = sign_up(server.call), sign_up(server.call)

    def act(number: int) -> int:
        return asha.send(ravi, 1).status if number % 2 else guess(asha)

    statuses = at_once(100, act)

    assert statuses[::2] == [411] * 50
    assert statuses[1::2] == [200] * 50
    assert (asha.balance(), ravi.balance()) == (50, 150)


def test_attempts_at_once_cannot_slip_past_the_throttle(start_server: Callable[..., Server]) -> None:
    server = start_server(RATELIMIT_ENABLED="true", SIGN_IN_ATTEMPTS_PER_ACCOUNT="5")
    asha = sign_up(server.call)

    statuses = at_once(30, lambda _: guess(asha))

    assert sorted(statuses) == [411] * 5 + [429] * 25


def guess(person: Person) -> int:
    form = {"username": person.username, "password": "not-the-password"}
    return person.call("POST", "/user/signin", json=form).status
