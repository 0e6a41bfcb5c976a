"""How `make run` comes by a stand-in: a place that stays the same, a command, and the settings that lead there."""

import contextlib
import secrets
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

HOST = "127.0.0.1"
# Below those from which Linux takes ports for outgoing connections.
_PORTS = range(12_111, 12_211)
_WEBHOOK = "/api/v1/payment/webhook"


class Launch(NamedTuple):
    """A stand-in that can be started."""

    url: str
    command: Sequence[str]
    settings: dict[str, str]


def listen(data_dir: Path, *, but_not: int) -> socket.socket:
    """Listen where the stand-in of this data folder did before, because pages were handed out there, or near by.

    The socket is for the stand-in to inherit: what connects before it is ready waits.

    :param but_not: the port that is the API's.
    :raises OSError: there is no free port.
    """
    file = data_dir / "stripe.port"
    before = file.read_text() if file.exists() else ""
    for port in sorted(_PORTS, key=lambda port: str(port) != before):
        if port != but_not:
            with contextlib.suppress(OSError):
                listener = socket.create_server((HOST, port))
                file.write_text(str(port))
                return listener
    raise OSError("no free port for the stand-in")


def plan(listener: socket.socket, data_dir: Path, *, api_url: str) -> Launch:
    """Return how to start a stand-in on a socket, and what the API and the worker have to know of it.

    :param api_url: where the API is, which its webhooks go to.
    """
    port, secret = listener.getsockname()[1], f"whsec_{secrets.token_hex(16)}"
    url = f"http://{HOST}:{port}"
    command = [sys.executable, "-m", "paytm.dev.stripe", "--port", str(port), "--fd", str(listener.fileno())]
    command += ["--webhook-url", api_url + _WEBHOOK, "--webhook-secret", secret]
    command += ["--file", str(data_dir / "stripe.json")]
    settings = {"STRIPE_SECRET_KEY": "sk_test_stand_in", "STRIPE_WEBHOOK_SECRET": secret, "STRIPE_API_URL": url}
    return Launch(url, command, settings)
