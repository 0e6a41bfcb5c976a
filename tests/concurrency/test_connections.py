"""Connections that stay open: each worker has a fair share of them."""

import os
import socket
from contextlib import ExitStack
from pathlib import Path

from tests.server import Server

_ESTABLISHED = "01"


def test_two_workers_have_about_as_many_connections(server: Server) -> None:
    with ExitStack() as open_:
        for _ in range(16):
            connection = open_.enter_context(socket.create_connection(("127.0.0.1", server.port), 10))
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert connection.recv(4096).startswith(b"HTTP/1.1 200")
        shares = [len(_sockets(pid) & _connected(server.port)) for pid in server.worker_pids()]

    assert sum(shares) == 16
    # A worker that is busy for a moment loses one to the other.
    assert min(shares) >= 6, shares


def _sockets(pid: int) -> set[str]:
    """Return the inodes of the sockets that a process has."""
    links = [os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    return {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}


def _connected(port: int) -> set[str]:
    """Return the inodes of the connections that were made to a port."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {line[9] for line in lines if line[3] == _ESTABLISHED and line[1].endswith(f":{port:04X}")}
