"""``/metrics``, for Prometheus: what the processes of this server count, and what waits in the database."""

import hmac

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import ValueClass

from paytm.errors import Unauthorized
from paytm.ops.metrics import Metrics
from paytm.user.auth import public

_LOOPBACK = ("127.0.0.1", "::1")
# Where one of these stands there is a proxy in between, and the address may be its own.
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")

blp = Blueprint("metrics", __name__)


@blp.get("/metrics")
@public
def metrics() -> Response:
    if not _may_read():
        raise Unauthorized
    figures: Metrics = current_app.extensions["metrics"]
    figures.count()
    text = generate_latest(_counted(figures)) + generate_latest(figures.waiting)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _may_read() -> bool:
    """Tell whether a request has the token or, where none is set, comes from a developer's own machine."""
    token = current_app.config["METRICS_TOKEN"]
    if token:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    is_near = request.remote_addr in _LOOPBACK and not any(name in request.headers for name in _FORWARDED)
    return is_near and not current_app.config["PRODUCTION"]


def _counted(figures: Metrics) -> CollectorRegistry:
    """Return what is counted: by all processes of the server, where they share a folder, and else by this one."""
    if not ValueClass._multiprocess:
        return figures.registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
