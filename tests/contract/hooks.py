"""What Schemathesis loads: requests are about what there is, and none of them signs its caller out."""

import json
import os
from itertools import cycle
from typing import Any

import requests
import schemathesis

URL = os.environ["PAYTM_URL"]
# By the names of the parameters and fields that mean them.
IDS: dict[str, str] = json.loads(os.environ["PAYTM_IDS"])
# These end the session that they are made in, or change its password.
ENDS_SESSIONS = ("/user", "/user/signout", "/auth/logout", "/auth/update-profile")

# Every other request is about something that exists.
_turns = cycle([True, False])


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if next(_turns):
        case.path_parameters = _real(case.path_parameters)
        case.body = _real(case.body)
    if case.path.removeprefix("/api/v1") in ENDS_SESSIONS:
        for headers in (case.headers, kwargs.get("headers")):
            if headers and "Authorization" in headers:
                headers["Authorization"] = f"Bearer {_somebody()}"


def _real(value: Any) -> Any:
    """Return parameters, or a body, with ids that exist in place of others; what is no text is meant to be none."""
    if isinstance(value, list):
        return [_real(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: IDS[name] if name in IDS and isinstance(inner, str) else _real(inner) for name, inner in value.items()
    }


def _somebody() -> str:
    form = {"username": f"{os.urandom(8).hex()}@example.com", "password": "correct-horse"}
    names = {"firstName": "Any", "lastName": "Body"}
    token: str = requests.post(f"{URL}/api/v1/user/signup", json=form | names, timeout=30).json()["token"]
    return token
