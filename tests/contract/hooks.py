"""What Schemathesis loads: requests are about what there is, and none of them signs its caller out."""

import json
import os
import re
from collections.abc import Mapping
from itertools import cycle
from typing import Any

import requests
import schemathesis
from schemathesis.core import NotSet

URL, TOKEN = os.environ["PAYTM_URL"], os.environ["PAYTM_TOKEN"]
# By the names of the parameters and fields that mean them.
IDS: dict[str, str] = json.loads(os.environ["PAYTM_IDS"])
# Fields that may be something else than a text.
TYPES: dict[str, tuple[type, ...]] = {"amount": (str, int, float)}
# These end the session that they are made in, or change its password.
ENDS_SESSIONS = (
    "/user",
    "/user/signout",
    "/auth/logout",
    "/auth/update-profile",
    "/auth/sessions/{session_id}",
)

# Every other request is about something that exists, with a new key, a rupee, and whatever version there is.
_turns = cycle([True, False])


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    if next(_turns):
        sound = {**IDS, "idempotencyKey": os.urandom(8).hex(), "amount": "1"}
        # What is no id is meant to be refused.
        if all(re.fullmatch("[0-9a-f]{24}", str(value)) for value in (case.path_parameters or {}).values()):
            case.path_parameters = _real(case.path_parameters, sound)
        case.body = _real(case.body, sound)
        headers = {"Idempotency-Key": sound["idempotencyKey"], "If-Match": "*"}
        case.headers = {name: headers.get(name, value) if value else value for name, value in case.headers.items()}


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


def _real(value: Any, sound: Mapping[str, str]) -> Any:
    """Return parameters, or a body, with what is sound in place of what may be: other types are meant to be refused."""
    if isinstance(value, list):
        return [_real(one, sound) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: sound[name] if type(inner) in TYPES.get(name, (str,)) and name in sound else _real(inner, sound)
        for name, inner in value.items()
    }


def _somebody() -> str:
    form = {"username": f"{os.urandom(8).hex()}@example.com", "password": "correct-horse"}
    names = {"firstName": "Any", "lastName": "Body"}
    token: str = requests.post(f"{URL}/api/v1/user/signup", json=form | names, timeout=30).json()["token"]
    return token
