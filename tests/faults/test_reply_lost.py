"""Replies that never arrive: a proxy passes a request on, and drops the reply or the request itself."""

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import requests

from tests.faults import retrying
from tests.faults.traffic import assert_kept
from tests.people import PASSWORD, Answer, Person, sign_up
from tests.server import Server


@contextmanager
def losing(person: Person, server: Server, *, what: str = "reply") -> Iterator[Person]:
    """Give the same person behind a proxy that loses the reply, or the request, of what is asked once."""

    def call(method: str, path: str, **request: Any) -> Answer:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/api/v1{path}"
        answer = requests.request(method, url, timeout=10, **request)
        raise AssertionError(f"nothing was lost: {answer.status_code}")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        listener.settimeout(10)
        passed = pool.submit(_pass_on, listener, server.port, what)
        yield replace(person, call=call)
        passed.result()


def _pass_on(listener: socket.socket, port: int, lost: str) -> None:
    client, _ = listener.accept()
    with client, socket.create_connection(("127.0.0.1", port), timeout=10) as upstream:
        client.settimeout(10)
        request = _read_request(client)
        if lost == "reply":
            upstream.sendall(request)
            assert upstream.recv(65536).startswith(b"HTTP/1.1 ")


def _read_request(client: socket.socket) -> bytes:
    request, length = b"", None
    while length is None or len(request.partition(b"\r\n\r\n")[2]) < length:
        request += client.recv(65536)
        if b"\r\n\r\n" in request:
            found = re.search(rb"content-length: (\d+)", request, re.IGNORECASE)
            length = int(found[1]) if found else 0
    return request


@pytest.fixture
def server(shared_server: Server) -> Server:
    return shared_server


@pytest.fixture
def asha(server: Server) -> Person:
    return sign_up(server.call)


@pytest.fixture
def ravi(server: Server) -> Person:
    return sign_up(server.call)


def test_a_transfer_whose_reply_is_lost_is_replayed(server: Server, asha: Person, ravi: Person) -> None:
    with losing(asha, server) as lost:
        assert retrying.attempt(lost, ravi, 10, key="rent") is None

    answer = asha.send(ravi, 10, key="rent")
    assert (answer.status, answer.headers["Idempotent-Replayed"]) == (200, "true")
    assert_kept({"rent": answer})
    assert (asha.balance(), ravi.balance()) == (90, 110)


def test_a_refusal_whose_reply_is_lost_is_replayed(server: Server, asha: Person, ravi: Person) -> None:
    with losing(asha, server) as lost:
        assert retrying.attempt(lost, ravi, 150, key="rent") is None
    assert ravi.send(asha, 100).status == 200

    answer = asha.send(ravi, 150, key="rent")
    assert (answer.status, answer.headers["Idempotent-Replayed"]) == (400, "true")
    assert asha.balance() == 200


def test_a_transfer_whose_request_is_lost_is_made_by_the_repetition(server: Server, asha: Person, ravi: Person) -> None:
    with losing(asha, server, what="request") as lost:
        assert retrying.attempt(lost, ravi, 10, key="rent") is None

    answer = asha.send(ravi, 10, key="rent")
    assert answer.status == 200
    assert "Idempotent-Replayed" not in answer.headers
    assert asha.balance() == 90


def test_a_reply_lost_again_and_again_still_means_one_posting(server: Server, asha: Person, ravi: Person) -> None:
    for _ in range(5):
        with losing(asha, server) as lost:
            assert retrying.attempt(lost, ravi, 10, key="rent") is None

    assert_kept({"rent": asha.send(ravi, 10, key="rent")})
    assert asha.balance() == 90


def test_a_password_change_whose_reply_is_lost_has_happened(server: Server, asha: Person, ravi: Person) -> None:
    with losing(asha, server) as lost, pytest.raises(requests.ConnectionError):
        lost.call("PUT", "/user", json={"password": "battery-staple"}, headers=asha.headers)

    assert asha.send(ravi, 10).status == 403
    form = {"username": asha.username, "password": PASSWORD}
    assert server.call("POST", "/user/signin", json=form).status == 411
    assert server.call("POST", "/user/signin", json=form | {"password": "battery-staple"}).status == 200
