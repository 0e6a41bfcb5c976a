"""gunicorn: gevent workers, so that a slow client never holds up another."""

import gc
import socket
from typing import Any

from paytm.config import load
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


def post_worker_init(worker: object) -> None:
    """Spare the garbage collector the modules and schemas, which live as long as the process does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def child_exit(server: object, worker: Any) -> None:
    """Free the place of a worker that has died, however that happened."""
    OCCUPANCY.leave(worker.age)


def worker_exit(server: object, worker: Any) -> None:
    """Answer the transfers that still wait."""
    worker.wsgi.extensions["ledger"].close()
