"""How often a caller may use a route, counted in this process or, with REDIS_URL, in all of them."""

import time
from collections.abc import Callable
from math import ceil
from typing import Any, TypeVar

import structlog
from flask import Flask, current_app, g, request
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import FixedWindowRateLimiter

from paytm.errors import TooManyRequests

View = TypeVar("View", bound=Callable[..., Any])

log = structlog.get_logger()


def rate(setting: str) -> Callable[[View], View]:
    """Limit a view to the rate that a setting names, for example ``1200 per minute``."""

    def mark(view: View) -> View:
        view._rate = setting  # type: ignore[attr-defined]
        return view

    return mark


def source() -> str:
    """Return the network address that a request comes from."""
    return request.remote_addr or "unknown"


def init_app(app: Flask) -> None:
    """Count requests of rated views; to be called after authentication, because callers are counted apart."""
    if not app.config["RATELIMIT_ENABLED"]:
        return
    limiter = FixedWindowRateLimiter(_storage(app.config["REDIS_URL"]))
    rates = {
        name: parse(value)
        for name, value in app.config.items()
        if name.startswith("RATELIMIT_") and isinstance(value, str)
    }

    def count() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        rate = rates.get(getattr(view, "_rate", ""))
        if rate is not None and request.method != "OPTIONS":
            _hit(limiter, rate, str(g.caller.user_id) if "caller" in g else source())

    app.before_request(count)


def _storage(redis_url: str) -> Storage:
    if not redis_url:
        return MemoryStorage()
    # A Redis that hangs may cost a request a moment, and no more.
    return RedisStorage(redis_url, wrap_exceptions=True, socket_timeout=0.2, socket_connect_timeout=0.2)


def _hit(limiter: FixedWindowRateLimiter, rate: RateLimitItem, caller: str) -> None:
    key = (request.endpoint or "", caller)
    try:
        if not limiter.hit(rate, *key):
            reset = limiter.get_window_stats(rate, *key).reset_time
            raise TooManyRequests(retry_after=max(1, ceil(reset - time.time())))
    except StorageError:
        # Counters that cannot be reached must not take the wallet down with them.
        log.warning("rate_limit_store_unavailable")
