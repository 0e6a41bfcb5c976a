"""How requests get to Stripe: over one connection each, and in bounded time."""

import http.client
import json
import ssl
from collections.abc import Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import stripe

from paytm import connections

# A host that is there answers in a fraction of it; the rest is for the answer.
_CONNECT_SHARE = 0.5


class Transport(stripe.HTTPClient):
    """Carries the library's requests; its own clients bound each read, and not the whole.

    :param seconds: what a request may take in all, but for looking the host's name up.
    """

    name = "http.client"

    def __init__(self, *, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._tls = ssl.create_default_context(cafile=stripe.ca_bundle_path)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        """Make a request.

        :raises stripe.APIConnectionError: there is no answer of Stripe's, or none in time; it says why in a word.
        """
        try:
            answer, status, told = self._request(method.upper(), url, dict(headers or {}), post_data)
        except (OSError, http.client.HTTPException) as error:
            raise _failed(type(error).__name__) from error
        if not _is_stripes(answer, status):
            raise _failed(f"status {status}")
        return answer, status, told

    def _request(
        self, method: str, url: str, headers: dict[str, str], body: str | None
    ) -> tuple[str, int, Mapping[str, str]]:
        deadline = monotonic() + self._seconds
        parts = urlsplit(url)
        target = parts._replace(scheme="", netloc="").geturl()
        with connections.connect(parts, seconds=self._seconds * _CONNECT_SHARE) as plain:
            left = max(deadline - monotonic(), 0.01)
            with connections.talking(plain, parts, tls=self._tls, seconds=left) as connection:
                connection.request(method, target, body, headers | {"Connection": "close"})
                with connection.getresponse() as response:
                    answer = response.read().decode(errors="replace")
                    return answer, response.status, {name.lower(): value for name, value in response.getheaders()}

    def close(self) -> None:
        """Do nothing: no connection outlives its request."""


def _failed(why: str) -> stripe.APIConnectionError:
    return stripe.APIConnectionError(why)  # type: ignore[no-untyped-call]


def _is_stripes(answer: str, status: int) -> bool:
    """Say whether an answer is one of Stripe's API, and neither cut off nor something's on the way there."""
    try:
        told = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    if not isinstance(told, dict):
        return False
    return "object" in told if 200 <= status < 300 else isinstance(told.get("error"), dict)
