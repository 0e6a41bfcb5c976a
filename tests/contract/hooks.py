"""What Schemathesis loads: requests are about what there is, and none of them signs its caller out."""

import json
import os
from itertools import cycle
from typing import Any

import requests
import schemathesis
from schemathesis.core import NotSet

URL, TOKEN = os.environ["PAYTM_URL"], os.environ["PAYTM_TOKEN"]
# By the names of the parameters and fields that mean them.
IDS: dict[str, str] = json.loads(os.environ["PAYTM_IDS"])
# These end the session that they are made in, or change its password.
ENDS_SESSIONS = (
    "/user",
    "/user/signout",
    "/auth/logout",
    "/auth/update-profile",
    "/auth/sessions/{session_id}",
)

# Every other request is about something that exists.
_turns = cycle([True, False])


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if next(_turns):
        case.path_parameters = _real(case.path_parameters)
        case.body = _real(case.body)


@schemathesis.hook
def filter_body(context: Any, body: Any) -> bool:
    # Where a body may be missing, to leave it out is no mistake, and would be counted as one that was made up.
    return not isinstance(body, NotSet)


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Who calls: the one that the test has made, or where that one would be signed out somebody new."""

    def get(self, case: Any, context: Any) -> str:
        """Return a token."""
        return _somebody() if case.path.removeprefix("/api/v1") in ENDS_SESSIONS else TOKEN

    def set(self, case: Any, token: str, context: Any) -> None:
        """Send it along."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


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
