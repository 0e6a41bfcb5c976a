"""HTTP to other systems that ends in time, however slowly they connect, answer or drip."""

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult


def port_of(url: SplitResult) -> int:
    """Return the port that a URL leads to."""
    return url.port or (443 if url.scheme == "https" else 80)


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
