"""Traces by OpenTelemetry, for whoever sets ``OTEL_EXPORTER_OTLP_ENDPOINT`` and has installed requirements-otel.txt.

Without the setting nothing of it is imported. The ledger commits for many requests at once, in a thread of its own, so
what it asks of the database are traces of their own.
"""

from typing import Any

import structlog
from flask import Flask, g

log = structlog.get_logger()

_NAME = "paytm-wallet"
# They come every few seconds, and nobody asks how long they took.
_LEFT_OUT = "/health/(live|ready)$,/metrics$"
# What says who somebody is, or whom one looked for: like the log, traces have routes, ids and times.
_CONCEALED = (
    *("http.url", "http.target", "url.query", "url.full"),
    *("net.peer.ip", "client.address", "http.user_agent", "user_agent.original"),
)


def init_app(app: Flask) -> None:
    """Trace requests and what they ask of the database; to be called before the database's client is made."""
    endpoint = app.config["OTEL_EXPORTER_OTLP_ENDPOINT"]
    if not endpoint:
        return
    try:
        _instrument(app, endpoint)
    except ImportError as error:
        log.warning("not_traced", missing=error.name)


def _instrument(app: Flask, endpoint: str) -> None:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.flask import FlaskInstrumentor
    from opentelemetry.instrumentation.pymongo import PymongoInstrumentor
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import StatusCode

    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: _NAME}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces")))
    # A failure's own description may quote what was to be written.
    PymongoInstrumentor().instrument(
        tracer_provider=provider, failed_hook=lambda span, _: span.set_status(StatusCode.ERROR)
    )
    FlaskInstrumentor().instrument_app(  # type: ignore[no-untyped-call]
        app, tracer_provider=provider, response_hook=_describe, excluded_urls=_LEFT_OUT, enable_commenter=False
    )


def _describe(span: Any, status: str, headers: object) -> None:
    """Name the request as the log does, and conceal what the log does not have either."""
    if span.is_recording():
        span.set_attribute("paytm.request_id", g.request_id)
        for name in span.attributes.keys() & _CONCEALED:
            span.set_attribute(name, "")
