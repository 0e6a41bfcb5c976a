"""gunicorn: gevent workers, so that a slow client never holds up another."""

import gc
import os
import shutil
import socket
from pathlib import Path
from typing import Any

from paytm.config import load
from paytm.ops import multiprocess
from paytm.serving import OCCUPANCY

try:
    _settings = load()
except ValueError as error:
    raise SystemExit(f"Wrong settings: {error}") from None


def _bind() -> list[str]:
    host, port = _settings["HOST"], _settings["PORT"]
    if host != "localhost":
        return [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]
    # Browsers try either address of "localhost" first.
    return [f"127.0.0.1:{port}"] + ([f"[::1]:{port}"] if _has_ipv6_loopback() else [])


def _has_ipv6_loopback() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


bind = _bind()
workers = _settings["WEB_CONCURRENCY"]
worker_class = "paytm.serving.Worker"
worker_connections = 2000
# The application, its database client and its committer are made in each worker, after the fork.
preload_app = False
# A worker whose event loop stands still for this long is replaced, and what it held is free again.
timeout = 15
# A request ends within the database's 5 seconds; longer than that nobody waits at a restart.
graceful_timeout = 8
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Make a place where the workers count together."""
    try:
        os.environ[multiprocess.VARIABLE] = str(multiprocess.prepare(_settings["DATA_DIR"].absolute() / "metrics"))
    except OSError as error:
        os.environ.pop(multiprocess.VARIABLE, None)
        server.log.warning("Each worker counts for itself in /metrics: %s", error)


def _shared() -> Path | None:
    folder = os.environ.get(multiprocess.VARIABLE)
    return Path(folder) if folder else None


def post_fork(server: object, worker: object) -> None:
    """Let a worker count for itself where there is no room on the disk."""
    folder = _shared()
    if folder and not multiprocess.has_room(folder):
        del os.environ[multiprocess.VARIABLE]


def post_worker_init(worker: Any) -> None:
    """Spare the garbage collector the modules and schemas, which live as long as the process does."""
    worker.wsgi.extensions["metrics"].start(_shared())
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def child_exit(server: object, worker: Any) -> None:
    """Free the place of a worker that has died, however that happened."""
    OCCUPANCY.leave(worker.age)
    folder = _shared()
    if folder:
        multiprocess.forget(folder, worker.pid)


def worker_exit(server: object, worker: Any) -> None:
    """Answer the transfers that still wait, and count what was done."""
    worker.wsgi.extensions["ledger"].close()
    worker.wsgi.extensions["metrics"].count()


def on_exit(server: object) -> None:
    """Leave nothing behind."""
    folder = _shared()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)
