"""Webhooks: a signed POST to a merchant's endpoint, which may be slow, hostile or gone."""

import contextlib
import hashlib
import hmac
import http.client
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from paytm import clock, connections
from paytm.notify import addresses, endpoints
from paytm.notify.deliveries import Delivery, Failure

_CONNECT_SECONDS = 5.0
# For everything after the connection, however slowly the answer drips.
_ANSWER_SECONDS = 10.0


def sign(body: str, *, secret: str, at: int) -> str:
    """Return the ``Paytm-Signature`` of a body.

    :param at: Unix time in seconds, which is signed too, so that an old request cannot be passed off as new.
    """
    digest = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


class Webhooks:
    """The channel to merchants' endpoints.

    :param allow_private: whether they may be on private addresses.
    """

    def __init__(self, *, allow_private: bool, answer_seconds: float = _ANSWER_SECONDS) -> None:
        self._allow_private = allow_private
        self._answer_seconds = answer_seconds
        self._tls = ssl.create_default_context()

    def deliver(self, delivery: Delivery) -> None:
        """Post a delivery to its endpoint.

        :raises Failure: it was not answered with a 2xx; a redirect is not followed and counts as a refusal.
        """
        endpoint = endpoints.get(delivery["recipient"])
        if endpoint is None:
            raise Failure("the endpoint was deleted", final=True)
        body = delivery["content"]["body"]
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "paytm-wallet",
            "Paytm-Event": str(delivery["event"]),
            "Paytm-Delivery": delivery["_id"],
            "Paytm-Signature": sign(body, secret=endpoint["secret"], at=int(clock.now().timestamp())),
        }
        try:
            status = self._post(urlsplit(endpoint["url"]), body.encode(), headers)
        except addresses.Refused as error:
            raise Failure("the address is not public") from error
        except (OSError, http.client.HTTPException) as error:
            raise Failure(type(error).__name__) from error
        if not 200 <= status < 300:
            raise Failure(f"status {status}")

    def _post(self, url: SplitResult, body: bytes, headers: dict[str, str]) -> int:
        with self._connected(url) as connection:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request("POST", path, body, headers)
            # Only the status counts; whatever else comes is not read.
            with connection.getresponse() as response:
                return response.status

    @contextlib.contextmanager
    def _connected(self, url: SplitResult) -> Iterator[http.client.HTTPConnection]:
        """Connect to the very address that was found to be public; the host's name is for TLS and the header only."""
        host, port = url.hostname or "", connections.port_of(url)
        with (
            addresses.connect(host, port, allow_private=self._allow_private, timeout=_CONNECT_SECONDS) as plain,
            connections.talking(plain, url, tls=self._tls, seconds=self._answer_seconds) as connection,
        ):
            yield connection
