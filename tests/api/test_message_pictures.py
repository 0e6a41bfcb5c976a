"""Pictures in messages: for the two alone, gone with the message, and nothing left of one that was refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata

from paytm.chat import audit, messages
from paytm.errors import Unavailable
from paytm.media import album
from tests.api.stored import count, stored
from tests.people import Answer, Call, Person, sign_up
from tests.pictures import BAD, BLUE, SVG, data_url, decoded, drawn, encoded
from tests.talking import ask, say, thread, write

KINDS = ("pictures", "media.files", "media.chunks")
CHAT = ("messages", "conversations", "outbox")
PICTURE, OTHER = data_url(encoded()), data_url(encoded(drawn(colour=BLUE)))


@pytest.fixture(autouse=True)
def _adds_up(app: Flask) -> Iterator[None]:
    yield
    audit.check()
    shown = [message["image"] for message in stored("messages")["messages"] if "image" in message]
    assert count("pictures", _id={"$in": shown}, dueAt={"$exists": False}) == len(shown)


def _show(sender: Person, recipient: Person | str, image: Any = PICTURE, **body: Any) -> Answer:
    """Send a picture alone."""
    to = recipient.id if isinstance(recipient, Person) else recipient
    body = {"image": image, **body}
    return sender.call("POST", f"/message/send/{to}", json=body, headers=sender.headers)


def _post_form(sender: Person, recipient: Person, **fields: Any) -> Answer:
    body, kind = encode_multipart_formdata(fields)
    path = f"/message/send/{recipient.id}"
    return sender.call("POST", path, data=body, content_type=kind, headers=sender.headers)


def _sent(answer: Answer) -> dict[str, Any]:
    assert answer.status == 201, answer
    message: dict[str, Any] = answer.body["message"]
    return message


def _get(client: FlaskClient, url: str, headers: dict[str, str] | None = None) -> Any:
    return client.get(url, headers=headers)


def _left() -> list[int]:
    return [count(name) for name in KINDS]


def test_a_picture_is_seen_by_the_two_alone(asha: Person, ravi: Person, call: Call, client: FlaskClient) -> None:
    url = _sent(write(asha, ravi, "look!", image=PICTURE))["image"]

    assert [(line["kind"], line["text"], line["image"]) for line in thread(ravi, asha)] == [("text", "look!", url)]
    for reader in (asha, ravi):
        assert decoded(_get(client, url, reader.headers).get_data()).size == (40, 20)
    for headers in (sign_up(call).headers, None):
        assert _get(client, url, headers).status_code == 404


def test_a_picture_needs_no_text(asha: Person, ravi: Person) -> None:
    message = _sent(_show(asha, ravi))

    assert (message["text"], message["image"].startswith("/api/v1/media/")) == ("", True)
    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    last = conversation["lastMessage"]
    assert (last["text"], last["image"], conversation["unread"]) == ("", True, 1)


def test_a_message_without_a_picture_says_so(asha: Person, ravi: Person) -> None:
    assert _sent(write(asha, ravi, image=None))["image"] is None
    asha.send(ravi, 5)

    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    assert "image" not in conversation["lastMessage"]
    assert ["image" in line for line in thread(ravi, asha)] == [True, False]


def test_a_picture_may_be_a_file_in_a_form(asha: Person, ravi: Person) -> None:
    message = _sent(_post_form(asha, ravi, text="look!", image=("a.png", encoded()), clientId="c"))

    assert (message["text"], message["clientId"]) == ("look!", "c")
    assert _sent(_post_form(asha, ravi, text="no picture"))["image"] is None
    assert _left() == [1, 1, 1]


def test_a_long_text_of_commas_stands_beside_a_large_picture(asha: Person, ravi: Person) -> None:
    noise = encoded(drawn(200, 200).effect_spread(90))
    padded = data_url(noise + bytes(100_000))

    assert _sent(write(asha, ravi, "," * 2000, image=padded))["image"]


def test_a_repetition_stores_nothing_more(asha: Person, ravi: Person) -> None:
    first, again = _show(asha, ravi, clientId="c"), _show(asha, ravi, clientId="c")

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert _left() == [1, 1, 1]


def test_a_client_id_is_for_one_picture(asha: Person, ravi: Person) -> None:
    _show(asha, ravi, clientId="c")

    for body in ({"image": OTHER}, {"image": PICTURE, "text": "look!"}, {"image": None, "text": "look!"}):
        answer = _show(asha, ravi, **body, clientId="c")
        assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    say(asha, ravi, clientId="d")
    assert write(asha, ravi, image=PICTURE, clientId="d").status == 422
    assert _left() == [1, 1, 1]


def test_a_repetition_that_comes_while_the_first_is_stored_leaves_one(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = album.keep

    def overtaken(*args: Any, **options: Any) -> Any:
        monkeypatch.setattr(album, "keep", keep)
        _sent(_show(asha, ravi, clientId="c"))
        return keep(*args, **options)

    monkeypatch.setattr(album, "keep", overtaken)

    assert _show(asha, ravi, clientId="c").headers["Idempotent-Replayed"] == "true"
    assert (count("messages"), _left()) == (1, [1, 1, 1])


def test_who_is_blocked_while_a_picture_is_stored_leaves_none(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = album.keep

    def overtaken(*args: Any, **options: Any) -> Any:
        assert ask(ravi, "PUT", f"/block/{asha.id}").status == 204
        return keep(*args, **options)

    monkeypatch.setattr(album, "keep", overtaken)

    assert _show(asha, ravi).status == 403
    assert (count("messages"), _left()) == (0, [0, 0, 0])


def test_a_picture_is_not_even_looked_at_where_nobody_may_write(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(album, "keep")
    ask(ravi, "PUT", f"/block/{asha.id}")

    assert [_show(asha, to).status for to in (ravi, "f" * 24, asha)] == [403, 404, 400]
    assert (count("messages"), _left()) == (0, [0, 0, 0])


def test_a_picture_goes_with_its_message(asha: Person, ravi: Person, client: FlaskClient) -> None:
    message = _sent(_show(asha, ravi, clientId="c"))

    assert [ask(asha, "DELETE", f"/{message['id']}").status for _ in range(2)] == [204, 204]

    assert [_get(client, message["image"], reader.headers).status_code for reader in (asha, ravi)] == [404, 404]
    assert _left() == [0, 0, 0]
    assert [(line["image"], line["deleted"]) for line in thread(ravi, asha)] == [(None, True)]
    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    assert "image" not in conversation["lastMessage"]
    assert _sent(_show(asha, ravi, clientId="c"))["id"] == message["id"]
    assert _left() == [0, 0, 0]


def test_an_outcome_that_is_unknown_leaves_the_picture_to_the_sweep(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(messages, "_send_once", fail)

    assert _show(asha, ravi).status == 503
    assert count("pictures", dueAt={"$exists": True}) == 1


@pytest.mark.parametrize(("data", "status", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_picture_is_refused_and_nothing_is_stored(
    asha: Person, ravi: Person, data: bytes, status: int, code: str
) -> None:
    before = stored(*CHAT)

    answer = _post_form(asha, ravi, text="look!", image=("a.png", data))

    assert (answer.status, answer.body["code"]) == (status, code)
    assert (stored(*CHAT), _left()) == (before, [0, 0, 0])


def test_what_is_no_picture_in_json_is_refused(asha: Person, ravi: Person) -> None:
    for image in ("", "x\0", data_url(SVG, "image/svg+xml"), "data:image/png;base64,%", 5, True, ["data:"], {"a": 1}):
        answer = write(asha, ravi, image=image)
        assert (answer.status, answer.body["code"] in ("invalid_picture", "invalid_input")) == (400, True), image
    assert (count("messages"), _left()) == (0, [0, 0, 0])
