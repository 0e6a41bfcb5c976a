"""Pictures of people and products: put, shown, replaced and taken away, and nothing left behind."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask
from flask.testing import FlaskClient
from pymongo.errors import PyMongoError
from urllib3 import encode_multipart_formdata

from paytm import clock, db
from paytm.errors import InvalidPicture, Unavailable
from paytm.media import album, orphans
from paytm.media.pictures import MOST_BODY_BYTES, MOST_BYTES
from paytm.user import roles
from tests.api.stored import count, stored
from tests.people import Answer, Call, Person
from tests.pictures import BAD, BLUE, SVG, Cloud, data_url, decoded, drawn, encoded, polyglot
from tests.shop import merchant, offer

KINDS = ("pictures", "media.files", "media.chunks")
UNKNOWN = "/media/" + "f" * 24


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    server = Cloud().start()
    yield server
    server.stop()


def _show(person: Person, data: bytes) -> Answer:
    """Put a picture of somebody, as a file."""
    body, kind = encode_multipart_formdata({"picture": ("me.png", data)})
    return person.call("PUT", "/user/picture", data=body, content_type=kind, headers=person.headers)


def _path(answer: Answer) -> str:
    assert answer.status == 200, answer
    return str(answer.body["picture"]).removeprefix("/api/v1")


def _get(client: FlaskClient, path: str, **headers: str) -> Any:
    return client.get(f"/api/v1{path}", headers=headers)


def _left() -> int:
    return sum(count(name) for name in KINDS)


def _private(app: Flask, owner: Person, *readers: Person) -> str:
    """Keep a picture of a message."""
    with app.app_context():
        ids = [ObjectId(reader.id) for reader in readers]
        kept = album.keep(encoded(), purpose=album.MESSAGE, owner=ObjectId(owner.id), readers=ids)
    return f"/media/{kept}"


def test_a_picture_of_a_person_is_shown_wherever_the_person_is(asha: Person, client: FlaskClient) -> None:
    path = _path(_show(asha, encoded()))

    url = f"/api/v1{path}"
    assert asha.get("/user/me").body["picture"] == url
    checked = asha.get("/auth/check").body["user"]
    assert (checked["picture"], checked["profilePic"]) == (url, url)
    assert [person["picture"] for person in asha.call("GET", "/user/bulk?filter=asha").body["user"]] == [url]
    assert decoded(_get(client, path).get_data()).size == (40, 20)


def test_a_picture_may_be_a_data_url(asha: Person) -> None:
    answer = asha.call("PUT", "/user/picture", json={"picture": data_url(encoded())}, headers=asha.headers)

    assert _path(answer).startswith("/media/")


def test_a_profile_changes_its_picture_with_its_name(asha: Person) -> None:
    body = {"profilePic": data_url(encoded()), "name": "Mira Das"}
    user = asha.call("PUT", "/auth/update-profile", json=body, headers=asha.headers).body["user"]

    assert user["name"] == "Mira Das"
    assert user["picture"] == asha.get("/user/me").body["picture"] != None  # noqa: E711


@pytest.mark.parametrize("untouched", ["", None])
def test_a_form_s_untouched_picture_changes_nothing(asha: Person, untouched: str | None) -> None:
    path = _path(_show(asha, encoded()))

    answer = asha.call("PUT", "/auth/update-profile", json={"profilePic": untouched}, headers=asha.headers)

    assert answer.body["user"]["picture"] == f"/api/v1{path}"


def test_a_large_picture_comes_out_as_large_as_its_purpose_asks(asha: Person, client: FlaskClient) -> None:
    path = _path(_show(asha, encoded(drawn(2000, 1000), "JPEG")))

    assert decoded(_get(client, path).get_data()).size == (512, 256)


def test_a_picture_is_answered_so_that_it_is_kept_and_runs_nothing(asha: Person, client: FlaskClient) -> None:
    answer = _get(client, _path(_show(asha, polyglot())))

    assert b"script" not in answer.get_data()
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert {name: answer.headers[name] for name, _ in answer.headers if name.startswith(("C", "X-C"))} == {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(answer.get_data())),
        "Content-Disposition": "inline",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "public, max-age=31536000, immutable",
        "X-Content-Type-Options": "nosniff",
    }


def test_a_picture_that_the_client_has_is_not_sent_again(asha: Person, client: FlaskClient) -> None:
    path = _path(_show(asha, encoded()))
    etag = _get(client, path).headers["ETag"]

    answer = _get(client, path, If_None_Match=etag)

    assert (answer.status_code, answer.get_data(), answer.headers["ETag"]) == (304, b"", etag)
    assert "immutable" in answer.headers["Cache-Control"]
    assert _get(client, path, If_None_Match='"another"').status_code == 200


def test_a_new_picture_takes_the_place_of_the_old_one(asha: Person, client: FlaskClient) -> None:
    old = _path(_show(asha, encoded()))
    new = _path(_show(asha, encoded(drawn(colour=BLUE))))

    assert _get(client, old).status_code == 404
    assert _get(client, new).status_code == 200
    assert [count(name) for name in KINDS] == [1, 1, 1]


def test_a_picture_is_taken_away(asha: Person, client: FlaskClient) -> None:
    path = _path(_show(asha, encoded()))

    for _ in range(2):
        assert asha.call("DELETE", "/user/picture", headers=asha.headers).status == 204
    assert asha.get("/user/me").body["picture"] is None
    assert _get(client, path).status_code == 404
    assert _left() == 0


def test_a_product_is_shown_by_its_picture(asha: Person, ravi: Person, call: Call) -> None:
    product = offer(merchant(asha))
    body = {"image": data_url(encoded())}

    image = call("PUT", f"/product/{product}/image", json=body, headers=asha.headers).body["product"]["image"]

    (listed,) = call("GET", "/product").body["products"]
    assert listed["image"] == image == call("GET", f"/product/{product}").body["product"]["image"]
    assert call("PUT", f"/product/{product}/image", json=body, headers=merchant(ravi).headers).status == 403
    assert call("PUT", f"/product/{'f' * 24}/image", json=body, headers=asha.headers).status == 404
    assert [count(name) for name in KINDS] == [1, 1, 1]


def test_a_new_picture_of_a_product_replaces_the_old_one(asha: Person, call: Call) -> None:
    path = f"/product/{offer(merchant(asha))}/image"
    for _ in range(2):
        form = {"image": (io.BytesIO(encoded()), "lamp.png")}
        assert call("PUT", path, data=form, headers=asha.headers).status == 200

    assert [count(name) for name in KINDS] == [1, 1, 1]


def test_a_product_is_shown_by_a_picture_no_longer(asha: Person, ravi: Person, call: Call, client: FlaskClient) -> None:
    path = f"/product/{offer(merchant(asha))}/image"
    image = call("PUT", path, json={"image": data_url(encoded())}, headers=asha.headers).body["product"]["image"]

    assert call("DELETE", path, headers=merchant(ravi).headers).status == 403
    assert _get(client, image.removeprefix("/api/v1")).status_code == 200
    assert [call("DELETE", path, headers=asha.headers).status for _ in range(2)] == [204, 204]

    assert call("GET", path.removesuffix("/image")).body["product"]["image"] is None
    assert (_get(client, image.removeprefix("/api/v1")).status_code, _left()) == (404, 0)
    assert call("PUT", path, json={"image": data_url(encoded())}, headers=asha.headers).status == 200


def test_an_admin_takes_the_picture_of_a_product_away(asha: Person, ravi: Person, call: Call) -> None:
    path = f"/product/{offer(merchant(asha))}/image"
    call("PUT", path, json={"image": data_url(encoded())}, headers=asha.headers)
    roles.grant(ravi.username, roles.ADMIN)

    assert call("DELETE", path, headers=ravi.headers).status == 204
    assert call("DELETE", f"/product/{'f' * 24}/image", headers=ravi.headers).status == 404
    assert _left() == 0


def test_a_merchant_s_picture_stands_beside_the_product(asha: Person) -> None:
    path = _path(_show(merchant(asha), encoded()))

    product = asha.get(f"/product/{offer(asha)}").body["product"]

    assert product["merchant"] == {"id": asha.id, "name": "Asha Rao", "picture": f"/api/v1{path}"}


@pytest.mark.parametrize(("data", "status", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_picture_is_refused_and_nothing_is_stored(asha: Person, data: bytes, status: int, code: str) -> None:
    before = stored("users")

    answer = _show(asha, data)

    assert (answer.status, answer.body["code"]) == (status, code)
    assert (stored("users"), _left()) == (before, 0)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *(("", "invalid_picture"), ("data:image/png;base64,%%%", "invalid_picture"), ("x\0", "invalid_picture")),
        *((None, "invalid_input"), (5, "invalid_input"), (True, "invalid_input"), (["data:"], "invalid_input")),
        *(({"url": "x"}, "invalid_input"), (1e400, "invalid_input"), (..., "invalid_input")),
    ],
)
def test_what_is_no_picture_in_json_is_refused(asha: Person, value: Any, code: str) -> None:
    body = {} if value is ... else {"picture": value}

    answer = asha.call("PUT", "/user/picture", json=body, headers=asha.headers)

    assert (answer.status, answer.body["code"], _left()) == (400, code, 0)


def test_a_bad_picture_leaves_the_rest_of_a_profile_as_it_was(asha: Person) -> None:
    body = {"name": "Mira Das", "profilePic": data_url(SVG, "image/svg+xml")}

    answer = asha.call("PUT", "/auth/update-profile", json=body, headers=asha.headers)

    assert (answer.status, answer.body["code"]) == (400, "invalid_picture")
    assert asha.get("/user/me").body["firstName"] == "Asha"


def test_a_form_without_the_picture_is_refused(asha: Person) -> None:
    answer = asha.call("PUT", "/user/picture", data={"other": (io.BytesIO(b"x"), "x")}, headers=asha.headers)

    assert (answer.status, answer.body["code"]) == (400, "invalid_input")


def _in_chunks(client: FlaskClient, path: str, person: Person, body: bytes, kind: str) -> Any:
    """Send a body whose length nobody tells beforehand."""
    environ = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    return client.put(f"/api/v1{path}", environ_overrides=environ, content_type=kind, headers=person.headers)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_a_picture_may_be_large_and_no_larger(asha: Person, client: FlaskClient, chunked: bool) -> None:
    body = b'{"picture":"' + data_url(bytes(MOST_BYTES)).encode() + b'"}'
    too_large = b'{"picture":"' + b"x" * MOST_BODY_BYTES + b'"}'
    for sent, status in ((body, 400), (too_large, 413)):
        if chunked:
            answer = _in_chunks(client, "/user/picture", asha, sent, "application/json")
        else:
            answer = client.put(
                "/api/v1/user/picture", data=sent, content_type="application/json", headers=asha.headers
            )
        assert answer.status_code == status
        assert answer.get_json()["code"] == {400: "invalid_picture", 413: "request_entity_too_large"}[status]


def test_a_large_body_of_many_values_is_not_even_read(asha: Person, client: FlaskClient) -> None:
    body = b'{"picture":[' + b"1.0," * 1_000_000 + b"1]}"

    answer = client.put("/api/v1/user/picture", data=body, content_type="application/json", headers=asha.headers)

    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_entity_too_large")


def test_a_form_in_chunks_that_is_too_large_is_413(asha: Person, client: FlaskClient) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="a"\r\n\r\n'
    body = head + bytes(MOST_BODY_BYTES) + b"\r\n--x--\r\n"

    answer = _in_chunks(client, "/user/picture", asha, body, "multipart/form-data; boundary=x")

    assert (answer.status_code, answer.get_json()["code"]) == (413, "request_entity_too_large")


def test_other_routes_take_no_more_than_before(asha: Person, client: FlaskClient) -> None:
    body = b'{"firstName":"' + b"x" * 70_000 + b'"}'

    assert (
        client.put("/api/v1/user", data=body, content_type="application/json", headers=asha.headers).status_code == 413
    )
    assert _in_chunks(client, "/user", asha, body, "application/json").status_code == 413


def test_a_form_is_taken_by_picture_routes_only(asha: Person) -> None:
    answer = asha.call("PUT", "/user", data={"firstName": (io.BytesIO(b"x"), "x")}, headers=asha.headers)

    assert (answer.status, answer.body["code"]) == (415, "unsupported_body")


def test_only_its_readers_see_a_private_picture(app: Flask, asha: Person, ravi: Person, client: FlaskClient) -> None:
    path = _private(app, asha, asha)

    seen = _get(client, path, **asha.headers)
    assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "private, no-cache")
    etag = seen.headers["ETag"]
    assert _get(client, path, If_None_Match=etag, **asha.headers).status_code == 304
    for headers in (ravi.headers, {}, {"Authorization": "Bearer null"}):
        refused = _get(client, path, If_None_Match=etag, **headers)
        assert (refused.status_code, refused.headers["Cache-Control"]) == (404, "no-store")


@pytest.mark.parametrize(("purpose", "readers"), [(album.MESSAGE, 0), (album.PROFILE, 1), (album.PRODUCT, 2)])
def test_a_message_s_picture_is_never_public_by_mistake(app: Flask, purpose: str, readers: int) -> None:
    with app.app_context(), pytest.raises(ValueError, match="readers"):
        album.keep(encoded(), purpose=purpose, owner=ObjectId(), readers=[ObjectId()] * readers)

    assert _left() == 0


def test_an_unknown_picture_is_missing(call: Call) -> None:
    assert call("GET", UNKNOWN).status == 404
    assert call("GET", "/media/x").status == 404


def _later(monkeypatch: pytest.MonkeyPatch, **span: float) -> None:
    moment = clock.now() + timedelta(**span)
    monkeypatch.setattr(clock, "now", lambda: moment)


def _sweep(app: Flask) -> int:
    places = app.extensions["stores"]
    return sum(iter(lambda: orphans.delete_due(places), False))


def test_what_nothing_refers_to_is_swept_after_an_hour(
    app: Flask, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(asha, encoded())
    _private(app, asha, asha)
    _later(monkeypatch, minutes=59)
    assert _sweep(app) == 0

    _later(monkeypatch, minutes=2)

    assert _sweep(app) == 1
    assert [count(name) for name in KINDS] == [1, 1, 1]
    assert asha.get(asha.get("/user/me").body["picture"].removeprefix("/api/v1")).status == 200


def test_a_refusal_leaves_nothing_and_an_unknown_outcome_the_sweep(app: Flask, asha: Person) -> None:
    for error, left in ((InvalidPicture(), 0), (Unavailable(), 3), (PyMongoError(), 6)):
        kept = album.exchange(encoded(), purpose=album.PROFILE, owner=ObjectId(asha.id))
        with app.app_context(), pytest.raises(type(error)), kept:
            raise error
        assert _left() == left


def test_what_a_killed_process_leaves_after_a_change_is_swept(
    app: Flask, asha: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    _show(asha, encoded())
    monkeypatch.setattr(album, "drop", lambda _: None)
    _show(asha, encoded())
    assert count("pictures") == 2

    assert _sweep(app) == 1
    assert [count(name) for name in KINDS] == [1, 1, 1]


def test_what_is_referred_to_is_never_dropped(app: Flask, asha: Person) -> None:
    path = _path(_show(asha, encoded()))

    with app.app_context():
        album.drop(ObjectId(path.rpartition("/")[2]))

    assert count("pictures") == 1


def test_what_was_swept_cannot_be_attached(app: Flask) -> None:
    with pytest.raises(Unavailable):
        db.transaction(lambda session: album.attach(ObjectId(), session=session))


def test_a_full_queue_asks_to_come_back(asha: Person, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.extensions["pictures"]._places, "acquire", lambda **_: False)

    answer = _show(asha, encoded())

    assert (answer.status, answer.headers["Retry-After"], _left()) == (503, "5", 0)


@pytest.fixture
def through_cloud(call_with: Callable[..., Call], asha: Person, cloud: Cloud) -> Person:
    """Somebody at an installation with Cloudinary."""
    return Person(call_with(CLOUDINARY_URL=cloud.url), asha.token, asha.id, asha.username)


def test_cloudinary_stores_and_delivers_what_everybody_may_see(through_cloud: Person, cloud: Cloud) -> None:
    path = _path(_show(through_cloud, polyglot()))

    ((name, content),) = cloud.stored.items()
    assert (decoded(content).size, b"script" in content) == ((40, 20), False)
    answer = through_cloud.call("GET", path)
    assert (answer.status, answer.headers["Location"]) == (302, cloud.address(name))
    assert "immutable" in answer.headers["Cache-Control"]
    assert [count(kind) for kind in KINDS] == [1, 0, 0]


def test_what_is_replaced_is_deleted_at_cloudinary(through_cloud: Person, cloud: Cloud) -> None:
    _show(through_cloud, encoded())
    _show(through_cloud, encoded())
    assert len(cloud.stored) == 1

    assert through_cloud.call("DELETE", "/user/picture", headers=through_cloud.headers).status == 204
    assert (cloud.stored, count("pictures")) == ({}, 0)


def test_a_private_picture_never_goes_to_cloudinary(make_app: Callable[..., Flask], asha: Person, cloud: Cloud) -> None:
    app = make_app(CLOUDINARY_URL=cloud.url)

    path = _private(app, asha, asha)

    assert cloud.stored == {}
    assert _get(app.test_client(), path, **asha.headers).status_code == 200


def test_a_cloudinary_that_fails_is_a_503_and_what_it_may_have_is_swept(
    through_cloud: Person, cloud: Cloud, monkeypatch: pytest.MonkeyPatch, make_app: Callable[..., Flask]
) -> None:
    cloud.refuses = True
    assert _show(through_cloud, encoded()).status == 503
    app = make_app(CLOUDINARY_URL=cloud.url)
    _later(monkeypatch, minutes=61)
    assert (_sweep(app), count("pictures")) == (1, 1)

    cloud.refuses = False
    _later(monkeypatch, minutes=61)

    assert (_sweep(app), count("pictures")) == (1, 0)


def test_a_picture_is_shown_though_its_predecessor_cannot_be_deleted(through_cloud: Person, cloud: Cloud) -> None:
    _show(through_cloud, encoded())
    cloud.refuses = True

    assert through_cloud.call("DELETE", "/user/picture", headers=through_cloud.headers).status == 204
    assert count("pictures", dueAt={"$exists": True}) == 1
