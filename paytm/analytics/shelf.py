"""Reports that were made already, and are good as long as what they were made from stands.

Each is kept together with the version of that, and a newer one takes its place. They are kept in this process or, with
REDIS_URL, where all processes find them; as JSON, because a pickle runs what it brings. While Redis is away or slow, or
has something else there, reports are made anew.
"""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import orjson
import structlog
from cachelib.serializers import BaseSerializer
from flask import Flask
from flask_caching import Cache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from paytm.errors import Unavailable

log = structlog.get_logger()

Report = Mapping[str, Any]

# Of up to 50 kB each.
_MOST_REPORTS = 256
_LIFETIME_SECONDS = 10 * 60
# A Redis that hangs may cost a request a moment, and no more.
_REDIS = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2, "retry": Retry(NoBackoff(), 0)}
# How many reports a process makes at a time, so that they leave the database to transfers; others wait, for so long.
_MAKING = 2
_LONGEST_WAIT_SECONDS = 10.0
_RETRY_AFTER = 5


class Shelf:
    """Where reports are kept.

    :param redis_url: where, or empty for this process's memory.
    """

    def __init__(self, app: Flask, redis_url: str) -> None:
        self._cache = Cache(with_jinja2_ext=False)
        kind = {"CACHE_TYPE": "RedisCache", "CACHE_REDIS_URL": redis_url, "CACHE_OPTIONS": _REDIS.copy()}
        self._cache.init_app(
            app,
            {
                **(kind if redis_url else {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": _MOST_REPORTS}),
                "CACHE_DEFAULT_TIMEOUT": _LIFETIME_SECONDS,
                "CACHE_KEY_PREFIX": "analytics:",
                "CACHE_SERIALIZER": _Json,
            },
        )
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str, str], Future[tuple[Report, bool]]] = {}
        self._places = threading.BoundedSemaphore(_MAKING)

    def report(self, key: str, version: str, make: Callable[[], Report]) -> tuple[Report, bool]:
        """Return the report that is kept under a key in this version, or a new one; and whether it was kept.

        However many ask for one at the same moment, a process makes it once.

        :param version: that was read before; what is made must not be older.
        :raises Unavailable: too many others are made.
        """
        mine: Future[tuple[Report, bool]] = Future()
        with self._lock:
            first = self._under_way.setdefault((key, version), mine)
        if first is not mine:
            return first.result()
        try:
            found = self._kept_or_made(key, version, make)
            mine.set_result(found)
            return found
        except BaseException as error:
            # Those who wait are told the same; but that this request was cut off is not theirs.
            mine.set_exception(error if isinstance(error, Exception) else Unavailable(retry_after=1))
            raise
        finally:
            with self._lock:
                del self._under_way[key, version]

    def _kept_or_made(self, key: str, version: str, make: Callable[[], Report]) -> tuple[Report, bool]:
        kept, is_there = self._read(key)
        if isinstance(kept, Mapping) and kept.get("version") == version:
            return kept["report"], True
        if not self._places.acquire(timeout=_LONGEST_WAIT_SECONDS):
            raise Unavailable(retry_after=_RETRY_AFTER)
        try:
            report = make()
        finally:
            self._places.release()
        if is_there:
            self._write(key, {"version": version, "report": report})
        return report, False

    def _read(self, key: str) -> tuple[Any, bool]:
        """Return what is kept, None for nothing, and whether the place answers at all."""
        try:
            return self._cache.get(key), True
        except RedisError as error:
            log.warning("report_store_unavailable", error=type(error).__name__)
            return None, False

    def _write(self, key: str, kept: Mapping[str, Any]) -> None:
        try:
            self._cache.set(key, kept)
        except RedisError as error:
            log.warning("report_store_unavailable", error=type(error).__name__)


class _Json(BaseSerializer):
    """JSON instead of pickles, which run what they bring."""

    def dumps(self, value: Any, *_: Any) -> bytes:
        return orjson.dumps(value)

    def loads(self, bvalue: bytes | None) -> Any:
        try:
            return None if bvalue is None else orjson.loads(bvalue)
        except orjson.JSONDecodeError:
            return None
