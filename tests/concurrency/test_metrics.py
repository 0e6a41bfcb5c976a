"""Figures of several processes, which any of them tells."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import requests
from flask import Flask

from tests.concurrency.together import at_once
from tests.faults.test_worker_killed import wait_for_workers
from tests.realtime.conftest import wait_until
from tests.scrape import Figures
from tests.server import Server


def _look(server: Server) -> Figures:
    # Each time by a connection of its own, which any of the workers may take.
    return Figures(requests.get(f"{server.url}/metrics", timeout=15).text)


def _live(server: Server) -> float:
    return _look(server)("paytm_http_request_seconds_count", route="/health/live", status="200")


def test_what_all_workers_counted_is_told_by_each(server: Server) -> None:
    before = _live(server)
    at_once(8, lambda _: [requests.get(f"{server.url}/health/live", timeout=15) for _ in range(5)])

    # They count a moment later, and so they do with what was asked before.
    def agreed() -> bool:
        told = {_live(server) for _ in range(6)}
        return len(told) == 1 and told.pop() >= before + 40

    wait_until(agreed)


def test_what_was_counted_outlives_its_worker_and_goes_with_the_server(
    app: Flask, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    server = start_server(DATA_DIR=str(tmp_path))
    wait_until(lambda: _live(server) > 0)
    before, workers = _live(server), server.worker_pids()
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_for_workers(server, other_than=workers)

    assert _live(server) == before
    assert len(list((tmp_path / "metrics").iterdir())) == 1
    server.stop()
    assert list((tmp_path / "metrics").iterdir()) == []


def test_a_server_that_may_not_write_serves_all_the_same(
    app: Flask, start_server: Callable[..., Server], tmp_path: Path
) -> None:
    (tmp_path / "metrics").write_text("a file where the folder would be")

    server = start_server(DATA_DIR=str(tmp_path), WEB_CONCURRENCY="1")

    assert _live(server) > 0
    assert "Each worker counts for itself" in server.log.read_text()
