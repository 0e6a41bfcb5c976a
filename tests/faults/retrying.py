"""A client that keeps to the contract: while there is no definite answer, the same request again with the same key."""

from collections.abc import Callable
from threading import Event

import requests

from tests.people import Answer, Person

_LONGEST_WAIT = 0.2


def send(payer: Person, payee: Person, amount: float, *, key: str, attempts: int = 150) -> Answer:
    """Send until the answer is definite, and return it; whatever comes on the way has to be 503 with Retry-After."""
    return insist(lambda: payer.send(payee, amount, key=key), attempts=attempts)


def attempt(payer: Person, payee: Person, amount: float, *, key: str) -> Answer | None:
    """Send once; None where the connection was lost before the answer."""
    return _answer(lambda: payer.send(payee, amount, key=key))


def insist(ask: Callable[[], Answer], *, attempts: int = 150) -> Answer:
    """Ask until the answer is definite, and return it; see :func:`send`."""
    for _ in range(attempts):
        answer = _answer(ask)
        if answer is not None and is_definite(answer):
            return answer
        wait = _LONGEST_WAIT if answer is None else float(answer.headers["Retry-After"])
        Event().wait(min(wait, _LONGEST_WAIT))
    raise AssertionError(f"there is no definite answer after {attempts} attempts")


def is_definite(answer: Answer) -> bool:
    """Tell whether a repetition is pointless."""
    assert answer.status in (200, 201, 400, 403, 409, 422, 503), answer
    if answer.status == 503:
        assert answer.body["code"] == "unavailable"
        assert int(answer.headers["Retry-After"]) >= 1
    return answer.status != 503


def _answer(ask: Callable[[], Answer]) -> Answer | None:
    try:
        return ask()
    except requests.RequestException:
        return None
