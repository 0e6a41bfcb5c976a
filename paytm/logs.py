"""One JSON line for each request, and an id that follows it into every answer and log line.

Lines hold ids, routes, codes and times, never a body, a header, a query string or a name.
"""

import logging
import re
import secrets
import sys
from time import perf_counter

import orjson
import structlog
from flask import Flask, Response, g, has_app_context, request
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict

log = structlog.get_logger()

_SOUND_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)


# Each look at ``g`` or ``request`` finds out anew whose it is, so every request would pay for it a dozen times here.
def _begin() -> None:
    noted = g._get_current_object()
    noted.started = perf_counter()
    given = request.headers.get("X-Request-ID", "")
    noted.request_id = given if _SOUND_ID.fullmatch(given) else secrets.token_hex(8)


def _end(response: Response) -> Response:
    noted, asked = g._get_current_object(), request._get_current_object()  # type: ignore[attr-defined]
    response.headers["X-Request-ID"] = noted.request_id
    log.info(
        "request",
        method=asked.method,
        # The route and not the path: an id that a client made up may be anything, an e-mail address too.
        route=asked.url_rule.rule if asked.url_rule else None,
        status=response.status_code,
        milliseconds=round((perf_counter() - noted.started) * 1000, 1),
    )
    return response


def _add_request(_: object, __: str, event: EventDict) -> EventDict:
    if has_app_context():
        noted = g._get_current_object()
        if "request_id" in noted:
            event["requestId"] = noted.request_id
        if "caller" in noted:
            event["userId"] = str(noted.caller.user_id)
    return event


def init_app(app: Flask) -> None:
    """Log every request; to be called first, so that its id is there for everything else."""
    configure(app)
    app.before_request(_begin)
    app.after_request(_end)


def configure(app: Flask) -> None:
    """Write what this process logs as JSON to its standard error, from the level that the app's settings ask for."""
    structlog.configure(
        processors=[
            _add_request,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without the local variables, which may be a password.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(orjson.dumps, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[app.config["LOG_LEVEL"].upper()]
        ),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=not app.testing,
    )
