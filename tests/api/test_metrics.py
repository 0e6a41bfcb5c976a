"""Figures for Prometheus: what is counted, what is asked for, and who may read it."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bson import ObjectId
from flask import Flask

from paytm import clock, db
from paytm.ledger.engine import Batch
from paytm.ops import multiprocess, waiting, workers
from paytm.ops.metrics import Metrics
from tests.api.stored import count
from tests.people import Call, Person
from tests.realtime.conftest import wait_until
from tests.scrape import Figures
from tests.telling import tell

Look = Callable[[], Figures]


@pytest.fixture
def look(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Read the figures, which are not kept."""
    monkeypatch.setattr(app.extensions["metrics"], "waiting", waiting.Waiting())
    monkeypatch.setattr(waiting, "_KEPT_SECONDS", 0.0)
    return lambda: Figures(app.test_client().get("/metrics").text)


def _requests(figures: Figures, **labels: str) -> float:
    return figures("paytm_http_request_seconds_count", **labels)


def test_requests_are_counted_by_method_route_and_status(look: Look, asha: Person) -> None:
    labels = {"method": "GET", "route": "/api/v1/account/<id:account_id>"}
    before = look()
    for id_, times in ((asha.id, 2), ("0" * 24, 1)):
        for _ in range(times):
            asha.get(f"/account/{id_}")
    after = look()

    counted = {status: _requests(after, status=status, **labels) for status in ("200", "404")}
    assert counted == {
        status: _requests(before, status=status, **labels) + more for status, more in (("200", 2), ("404", 1))
    }


def test_what_a_client_makes_up_becomes_no_label(look: Look, call: Call) -> None:
    before = _requests(look(), route="unknown")
    made_up = [("POST", "//nowhere"), ("GET", "/user/asha@example.com"), ("BREW", "//"), ("PUT", "/message/1")]
    for method, path in made_up:
        call(method, path)
    figures = look()

    assert _requests(figures, route="unknown", method="unknown") == before + 4
    told = {value for sample in figures.samples for value in sample.labels.values()}
    assert not [value for value in told if re.search(r"asha|BREW|nowhere|[0-9a-f]{24}", value)]


def test_transfers_are_counted_as_postings_that_share_transactions(look: Look, asha: Person, ravi: Person) -> None:
    before = look()
    for amount in (1, 1, 500):  # What is declined was decided, too.
        asha.send(ravi, amount)

    def more(name: str) -> float:
        return look()(name) - before(name)

    # The last one has its answer before it is counted.
    wait_until(lambda: more("paytm_ledger_batch_size_sum") == 3)
    wait_until(lambda: more("paytm_ledger_commit_seconds_count") == 3)
    assert look()("paytm_ledger_waiting") == 0


def test_a_transaction_that_begins_again_is_counted(look: Look, asha: Person, ravi: Person) -> None:
    before = look()
    conflict = {"failCommands": ["update"], "errorCode": 112, "errorLabels": ["TransientTransactionError"]}
    db.database().client.admin.command("configureFailPoint", "failCommand", mode={"times": 2}, data=conflict)

    assert asha.send(ravi, 1).status == 200
    assert look()("paytm_ledger_retries_total") == before("paytm_ledger_retries_total") + 2


def test_passwords_leave_the_queue_when_they_are_hashed(look: Look, asha: Person) -> None:
    assert look()("paytm_passwords_waiting") == 0


def test_the_outbox_is_measured(look: Look, later: Callable[..., None]) -> None:
    tell("user.registered", user=ObjectId())
    tell("user.registered", user=ObjectId())
    db.database()["outbox"].insert_one({"kind": "odd", "createdAt": clock.now(), "unclear": "KeyError"})
    later(seconds=90)
    figures = look()

    assert figures("paytm_outbox_events") == 3
    assert 90 <= figures("paytm_outbox_lag_seconds") < 150
    assert figures("paytm_outbox_unclear") == 1


def _delivery(channel: str, state: str, *, due: timedelta) -> dict[str, Any]:
    times = {"dueAt": clock.now() + due, "createdAt": clock.now()}
    told = {"event": ObjectId(), "kind": "odd", "recipient": ObjectId(), "content": {}}
    return {"_id": str(ObjectId()), "channel": channel, "state": state, "attempts": 1, **told, **times}


def test_deliveries_are_measured_by_channel(look: Look) -> None:
    late, soon = timedelta(seconds=-60), timedelta(seconds=60)
    states = [("email", "due", late), ("email", "due", soon), ("email", "sent", late), ("webhook", "dead", soon)]
    db.database()["deliveries"].insert_many([_delivery(channel, state, due=due) for channel, state, due in states])
    figures = look()

    due, dead = (
        {channel: figures(f"paytm_deliveries_{state}", channel=channel) for channel in ("email", "webhook")}
        for state in ("due", "dead")
    )
    assert (due, dead) == ({"email": 1, "webhook": 0}, {"email": 0, "webhook": 1})
    assert 60 <= figures("paytm_deliveries_lag_seconds", channel="email") < 120


def test_workers_count_while_they_say_that_they_live(look: Look, later: Callable[..., None]) -> None:
    one, two = workers.sweep(), workers.sweep()
    assert one() > 0
    two()
    later(seconds=15)
    one()
    assert look()("paytm_workers") == 2

    later(seconds=10)
    assert look()("paytm_workers") == 1


def test_the_database_is_asked_once_in_some_seconds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.extensions["metrics"], "waiting", waiting.Waiting())
    client = app.test_client()
    looks = []
    for _ in range(2):
        looks.append(Figures(client.get("/metrics").text)("paytm_outbox_events"))
        tell("user.registered", user=ObjectId())

    assert looks == [0, 0]
    assert count("outbox") == 2


def test_without_a_database_the_rest_is_told_and_that(make_app: Callable[..., Flask]) -> None:
    app = make_app(MONGODB_URI="mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=100", DATABASE_TIMEOUT="0.3")
    client = app.test_client()
    client.get("/health/live")
    figures = Figures(client.get("/metrics").text)

    assert figures("paytm_database_reachable") == 0
    assert _requests(figures, route="/health/live") == 1
    assert "paytm_workers" not in figures.names


def test_a_primary_that_is_lost_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics()
    for known in (False, True, False, False, True, True):
        description = SimpleNamespace(has_writable_server=lambda known=known: known)
        client = SimpleNamespace(topology_description=description)
        monkeypatch.setattr(db, "database", lambda client=client: SimpleNamespace(client=client))
        metrics.outages.look()

    assert metrics.registry.get_sample_value("paytm_database_outages_total") == 1


def test_looking_for_a_primary_connects_to_none(make_app: Callable[..., Flask]) -> None:
    outages = make_app(MONGODB_URI="mongodb://127.0.0.1:1/").extensions["metrics"].outages

    outages.look()

    assert not db.database().client.nodes


def test_nothing_is_counted_while_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = Metrics()
    metrics._folder = tmp_path
    metrics.batches.append(Batch("done", 1, 0.1, 0))
    with monkeypatch.context() as full:
        full.setattr(multiprocess, "_ROOM_BYTES", 2**63)
        metrics.count()
        assert metrics.registry.get_sample_value("paytm_ledger_batch_size_count") == 0

    metrics.count()
    assert metrics.registry.get_sample_value("paytm_ledger_batch_size_count") == 1


NEAR = {"REMOTE_ADDR": "127.0.0.1"}
FAR = {"REMOTE_ADDR": "192.0.2.7"}
TOKEN = {"METRICS_TOKEN": "a-token-for-prometheus"}
BEARER = {"Authorization": "Bearer a-token-for-prometheus"}
PRODUCTION = {"PAYTM_ENV": "production", "ARGON2_MEMORY_KIB": "19456", "ARGON2_TIME_COST": "2"}
READERS = [
    ({}, NEAR, {}, 200),
    ({}, FAR, {}, 403),
    ({}, FAR, BEARER, 403),
    ({}, NEAR, {"X-Forwarded-For": "192.0.2.7"}, 403),
    ({}, NEAR, {"Forwarded": "for=192.0.2.7"}, 403),
    (TOKEN, FAR, BEARER, 200),
    (TOKEN, NEAR, {}, 403),
    (TOKEN, NEAR, {"Authorization": "Bearer another"}, 403),
    (TOKEN, NEAR, {"Authorization": "Bearer ünlike"}, 403),
    (PRODUCTION, NEAR, {}, 403),
    (PRODUCTION | TOKEN, FAR, BEARER, 200),
]


@pytest.mark.parametrize(("settings", "origin", "headers", "status"), READERS)
def test_who_may_read_the_figures(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, str],
    origin: dict[str, str],
    headers: dict[str, str],
    status: int,
) -> None:
    monkeypatch.setitem(app.config, "METRICS_TOKEN", settings.get("METRICS_TOKEN", ""))
    monkeypatch.setitem(app.config, "PRODUCTION", "PAYTM_ENV" in settings)

    answer = app.test_client().get("/metrics", environ_base=origin, headers=headers)

    assert answer.status_code == status
    assert status == 200 or answer.get_json()["code"] == "unauthorized"


def test_the_figures_are_in_prometheus_own_format(app: Flask) -> None:
    answer = app.test_client().get("/metrics")

    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert answer.headers["Cache-Control"] == "no-store"
