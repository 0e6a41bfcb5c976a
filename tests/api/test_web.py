"""How the web client is served beside the API."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def web(make_app: Callable[..., Flask], tmp_path: Path) -> FlaskClient:
    """The application with a web client that was built."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Wallet</title>")
    (tmp_path / "assets" / "index-a1b2.js").write_text("start();" * 9)
    (tmp_path / "assets" / "index-a1b2.js.gz").write_bytes(b"compressed")
    (tmp_path / "icon.svg").write_text("<svg/>")
    return make_app(WEB_DIR=str(tmp_path)).test_client()


@pytest.mark.parametrize("address", ["/", "/send", "/payments/650000000000000000000000", "/apiary", "/chat/"])
def test_every_address_shows_the_page(web: FlaskClient, address: str) -> None:
    answer = web.get(address, headers=HTML)

    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/html", "<title>Wallet</title>")


def test_the_page_is_asked_for_each_time_and_may_load_nothing_from_elsewhere(web: FlaskClient) -> None:
    headers = web.get("/", headers=HTML).headers

    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_pictures_may_come_from_cloudinary_where_it_has_some(make_app: Callable[..., Flask], web: FlaskClient) -> None:
    folder = web.application.config["WEB_DIR"]
    app = make_app(WEB_DIR=str(folder), CLOUDINARY_URL="cloudinary://key:secret@cloud")

    policy = app.test_client().get("/", headers=HTML).headers["Content-Security-Policy"]

    assert "img-src 'self' data: blob: https://res.cloudinary.com;" in policy


def test_assets_are_kept_for_ever_and_come_compressed(web: FlaskClient) -> None:
    with web.get("/assets/index-a1b2.js", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Cache-Control"].endswith("public, immutable")
        assert (answer.headers["Content-Encoding"], answer.data) == ("gzip", b"compressed")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with web.get("/assets/index-a1b2.js") as answer:
        assert answer.text == "start();" * 9


def test_other_files_are_kept_for_a_minute(web: FlaskClient) -> None:
    with web.get("/icon.svg") as answer:
        assert (answer.headers["Cache-Control"], answer.text) == ("max-age=60, public", "<svg/>")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/nothing", "/health/nothing", "/api"])
def test_what_the_api_has_not_got_is_no_page(web: FlaskClient, path: str) -> None:
    answer = web.get(path, headers=HTML)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("accept", ["*/*", "application/json", "image/avif,*/*"])
def test_only_a_browser_that_asks_for_a_page_gets_one(web: FlaskClient, accept: str) -> None:
    assert web.get("/assets/gone-c3d4.js", headers={"Accept": accept}).status_code == 404


@pytest.mark.parametrize("path", ["/../config.py", "/..%2f..%2fwsgi.py", "/assets/%2e%2e/index.html", "/index.html.gz"])
def test_nothing_else_can_be_fetched(web: FlaskClient, path: str) -> None:
    assert web.get(path).status_code == 404


def test_without_a_build_the_front_page_says_how_to_get_one(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    client = make_app(WEB_DIR=str(tmp_path / "none")).test_client()

    answer = client.get("/", headers=HTML)

    assert (answer.status_code, answer.mimetype, answer.text.count("\n")) == (200, "text/plain", 1)
    assert "make run" in answer.text
    assert client.get("/user/bulk").status_code == 404
