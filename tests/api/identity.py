"""People who come in by the identity routes, with tokens or with a browser."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import caller
from tests.people import PASSWORD, Answer, Call, Person

OWN, FOREIGN = "http://localhost", "https://evil.example"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def register(call: Call, **changes: Any) -> Answer:
    form = {"name": "Asha Rao", "email": f"{secrets.token_hex(8)}@example.com", "password": PASSWORD, **changes}
    return call("POST", "/auth/register", json={name: value for name, value in form.items() if value is not ...})


def log_in(call: Call, email: str, password: str = PASSWORD, **request: Any) -> Answer:
    return call("POST", "/auth/login", json={"email": email, "password": password}, **request)


def refresh(call: Call, token: str) -> Answer:
    return call("POST", "/auth/refresh", json={"refreshToken": token})


def person(call: Call, entered: Answer) -> Person:
    """Return who was let in, as somebody with an access token."""
    user = entered.body["user"]
    return Person(call, entered.body["accessToken"], user["id"], user["email"])


@dataclass
class Browser:
    """A client that keeps cookies and has no token; ``origin`` is whose page makes its requests."""

    client: FlaskClient
    origin: str | None = OWN

    def call(self, method: str, path: str, **request: Any) -> Answer:
        headers = {**({"Origin": self.origin} if self.origin else {}), **request.pop("headers", {})}
        return caller(self.client)(method, path, headers=headers, **request)

    def on(self, origin: str | None) -> "Browser":
        """Return the same browser on a page of another origin."""
        return Browser(self.client, origin)

    def cookie(self, name: str) -> str | None:
        path = "/api/v1/auth/refresh" if name == "refreshToken" else "/"
        cookie = self.client.get_cookie(name, path=path)
        return cookie.value if cookie else None


def browser(app: Flask) -> Browser:
    return Browser(app.test_client())
