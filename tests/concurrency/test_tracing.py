"""Traces by OpenTelemetry, where they are asked for."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.people import PASSWORD, sign_up
from tests.realtime.conftest import wait_until
from tests.receivers import Listener
from tests.server import ROOT, Server

# The driver of Redis imports a part of the packages for itself, where they are.
LOADED = """
import sys
from paytm.app import create_app
create_app()
print([name for name in sys.modules if name.startswith(("opentelemetry.instrumentation", "opentelemetry.sdk.trace"))])
"""


def test_requests_and_what_they_ask_of_the_database_are_traced(
    start_server: Callable[..., Server], listener: Listener
) -> None:
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": listener.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    server = start_server(WEB_CONCURRENCY="1", **settings)
    person = sign_up(server.call)
    assert person.get("/user/bulk?filter=somebody-dear").status == 200
    again = {"username": person.username, "firstName": "Asha", "lastName": "Rao", "password": PASSWORD}
    assert server.call("POST", "/user/signup", json=again).body["code"] == "email_taken"

    def sent() -> bytes:
        return b"".join(posted.body for posted in listener.requests if posted.path == "/v1/traces")

    # Protobuf has texts as they are.
    wait_until(lambda: b"GET /api/v1/user/bulk" in sent() and sent().count(b"POST /api/v1/user/signup") >= 2)
    assert all(name in sent() for name in (b"paytm-wallet", b"paytm.request_id", b"mongodb", b"users"))
    assert not any(name in sent() for name in (b"somebody-dear", person.username.encode(), b"python-requests"))
    assert b"/health/live" not in sent()


def test_where_nobody_asks_for_them_nothing_of_it_is_imported(tmp_path: Any) -> None:
    command = [sys.executable, "-c", LOADED]
    done = subprocess.run(
        command, cwd=ROOT, env={"DATA_DIR": str(tmp_path)}, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_without_the_packages_everything_goes_on(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)

    app = make_app(OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")

    assert app.test_client().get("/health/live").status_code == 200
    assert "not_traced" in capfd.readouterr().err
