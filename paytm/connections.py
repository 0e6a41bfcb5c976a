"""HTTP to other systems that ends in time, however slowly they connect, answer or drip."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from time import monotonic
from urllib.parse import SplitResult


def port_of(url: SplitResult) -> int:
    """Return the port that a URL leads to."""
    return url.port or (443 if url.scheme == "https" else 80)


def connect(url: SplitResult, *, seconds: float) -> socket.socket:
    """Connect to the host of a URL.

    :param seconds: for all of its addresses together, so that the last one gets its turn.
    :raises OSError: none of them answers, or it has none.
    """
    deadline = monotonic() + seconds
    try:
        found = socket.getaddrinfo(url.hostname, port_of(url), type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("not a host name") from error
    *others, last = [(str(entry[4][0]), port_of(url)) for entry in found]
    for number, address in enumerate(others):
        with contextlib.suppress(OSError):
            return socket.create_connection(address, _share(deadline, len(found) - number))
    return socket.create_connection(last, _share(deadline, 1))


def _share(deadline: float, among: int) -> float:
    # Never 0, with which a socket would not wait at all and say so in its own way.
    return max(deadline - monotonic(), 0.01) / among


@contextlib.contextmanager
def talking(
    plain: socket.socket, url: SplitResult, *, tls: ssl.SSLContext, seconds: float
) -> Iterator[http.client.HTTPConnection]:
    """Talk HTTP over a connected socket; the URL's host is for TLS and the header only.

    :param seconds: for the whole talk; what takes longer meets the end of the connection.
    """
    host, secure = url.hostname or "", url.scheme == "https"
    # Each read may wait; together they may not, and a shut socket ends them all.
    same = plain.dup()
    watch = threading.Timer(seconds, _shut, [same])
    watch.daemon = True
    watch.start()
    try:
        plain.settimeout(seconds)
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(host, port_of(url))
        connection.sock = tls.wrap_socket(plain, server_hostname=host) if secure else plain
        with contextlib.closing(connection):
            yield connection
    finally:
        watch.cancel()
        same.close()


def _shut(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
