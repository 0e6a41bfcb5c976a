"""Pictures over HTTP, several at once, in the threads that clean them."""

from collections.abc import Iterator

import requests

from paytm.media.pictures import MOST_BODY_BYTES
from tests.api.stored import count
from tests.concurrency.together import at_once
from tests.people import Answer, Person, sign_up
from tests.pictures import data_url, drawn, encoded
from tests.server import Server

LARGE = data_url(encoded(drawn(2000, 2000), "JPEG"))
BROKEN = LARGE[: len(LARGE) // 2 // 4 * 4]


def _show(person: Person, picture: str) -> Answer:
    return person.call("PUT", "/user/picture", json={"picture": picture}, headers=person.headers)


def test_of_many_pictures_at_once_one_is_left_and_transfers_go_on(server: Server) -> None:
    asha, ravi = sign_up(server.call), sign_up(server.call)
    before = server.log.read_text().count("Traceback")

    def act(number: int) -> int:
        return asha.send(ravi, 1).status if number % 2 else _show(asha, LARGE).status

    statuses = at_once(12, act)

    assert statuses == [200] * 12
    assert [count(name) for name in ("pictures", "media.files")] == [1, 1]
    shown = requests.get(server.url + asha.get("/user/me").body["picture"], timeout=10)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
    assert server.log.read_text().count("Traceback") == before


def test_what_is_refused_in_a_thread_is_a_plain_refusal(server: Server) -> None:
    asha = sign_up(server.call)
    before = server.log.read_text().count("Traceback")

    assert _show(asha, BROKEN).body["code"] == "invalid_picture"
    assert server.log.read_text().count("Traceback") == before


def test_a_body_in_chunks_is_cut_off_where_it_gets_too_large(server: Server) -> None:
    asha = sign_up(server.call)

    def body() -> Iterator[bytes]:
        yield b'{"picture":"'
        for _ in range(MOST_BODY_BYTES // 65_536 + 1):
            yield b"x" * 65_536
        yield b'"}'

    headers = asha.headers | {"Content-Type": "application/json"}
    answer = requests.put(f"{server.url}/api/v1/user/picture", data=body(), headers=headers, timeout=10)

    assert (answer.status_code, answer.json()["code"]) == (413, "request_entity_too_large")
