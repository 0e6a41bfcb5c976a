"""Users of the API, in the same words whether it runs in this process or behind a socket."""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

PASSWORD = "correct-horse"


class Answer(NamedTuple):
    """What came back: ``body`` is decoded JSON, and None where there is none."""

    status: int
    body: Any
    headers: Mapping[str, str]


# method, path below /api/v1 (or absolute with a leading "//"), JSON body, headers
Call = Callable[..., Answer]


@dataclass
class Person:
    """Somebody who signed up, with 100 rupees."""

    call: Call
    token: str
    id: str
    username: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> Answer:
        return self.call("GET", path, headers=self.headers)

    def send(self, to: "Person | str", amount: Any, *, key: str | None = None, **body: Any) -> Answer:
        headers = self.headers | ({"Idempotency-Key": key} if key is not None else {})
        payee = to.id if isinstance(to, Person) else to
        return self.call("POST", "/account/transfer", json={"to": payee, "amount": amount, **body}, headers=headers)

    def balance(self) -> float:
        answer = self.get("/account/balance")
        assert answer.status == 200, answer
        return answer.body["balance"]


def claims(token: str) -> dict[str, Any]:
    """Return what a token says, as a client reads it."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def sign_up(call: Call, first_name: str = "Asha", last_name: str = "Rao", **body: Any) -> Person:
    """Sign a new person up."""
    username = f"{secrets.token_hex(8)}@example.com"
    form = {"username": username, "password": PASSWORD, "firstName": first_name, "lastName": last_name, **body}
    answer = call("POST", "/user/signup", json=form)
    assert answer.status == 200, answer
    return Person(call, answer.body["token"], claims(answer.body["token"])["userId"], form["username"])


def walk(ask: Callable[..., Answer], name: str) -> list[list[dict[str, Any]]]:
    """Return all pages of a list that is asked for with a ``cursor``.

    :param name: what the answers call the list.
    """
    found, cursor = [], {}
    while True:
        answer = ask(**cursor)
        assert answer.status == 200, answer
        found.append(answer.body[name])
        if answer.body["nextCursor"] is None:
            return found
        cursor = {"cursor": answer.body["nextCursor"]}
