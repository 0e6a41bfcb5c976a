"""Clients that never finish their request: they hold a connection, and nobody else up."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import requests

from tests.people import Person, sign_up
from tests.server import Server

_HALF_A_HEADER = "POST /api/v1/account/transfer HTTP/1.1\r\nHost: localhost\r\nContent-Ty"
_HALF_A_BODY = (
    "POST /api/v1/account/transfer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    'Authorization: Bearer {token}\r\nContent-Length: 400\r\n\r\n{{"to": "0123'
)


@contextmanager
def half_open(server: Server, count: int, request: str) -> Iterator[None]:
    """Keep connections open on which half a request was sent."""
    with ExitStack() as open_:
        for _ in range(count):
            connection = open_.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=5))
            connection.sendall(request.encode())
        yield


def test_200_half_open_connections_hold_nobody_up(start_server: Callable[..., Server]) -> None:
    server = start_server(WEB_CONCURRENCY="1")
    asha, ravi = sign_up(server.call), sign_up(server.call)
    body = _HALF_A_BODY.format(token=asha.token)

    with half_open(server, 100, _HALF_A_HEADER), half_open(server, 100, body):
        assert balance(server, asha) == 100
        assert asha.send(ravi, 10).status == 200
        assert balance(server, ravi) == 110


def test_a_half_request_moves_nothing(start_server: Callable[..., Server]) -> None:
    server = start_server(WEB_CONCURRENCY="1")
    asha, ravi = sign_up(server.call), sign_up(server.call)
    whole = '{"to": "' + ravi.id + '", "amount": 10}'

    # A whole object, in a body that is said to be longer.
    with half_open(server, 3, _HALF_A_BODY.format(token=asha.token).partition('{"to"')[0] + whole):
        assert balance(server, asha) == 100
    assert balance(server, asha) == 100


def balance(server: Server, person: Person) -> float:
    """Read a balance over a connection of its own, with little patience."""
    answer = requests.get(f"{server.url}/api/v1/account/balance", headers=person.headers, timeout=5)
    assert answer.status_code == 200
    paid: float = answer.json()["balance"]
    return paid
