"""The one handler that turns every refusal, fault and crash into an answer."""

from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify
from pymongo.errors import PyMongoError
from werkzeug.exceptions import HTTPException

from paytm.errors import ApiError, Unavailable

log = structlog.get_logger()


def answer(
    status: int,
    code: str,
    message: str,
    *,
    errors: Any = None,
    request_id: str | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Build the one error body, ``{message, code, errors?, requestId}``."""
    body = {"message": message, "code": code, "requestId": request_id or g.get("request_id", "")}
    if errors:
        body["errors"] = errors
    response = jsonify(body)
    response.status_code = status
    response.headers.update(headers or {})
    return response


def _refused(error: ApiError) -> Response:
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(
        error.status,
        error.code,
        error.message,
        errors=error.errors,
        request_id=error.request_id,
        headers=headers,
    )


def _database_failed(error: PyMongoError) -> Response:
    # The label does not tell whether a commit landed, so the client is asked to repeat with its key.
    log.warning("database_unavailable", error=type(error).__name__)
    return _refused(Unavailable())


def _http_failed(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    headers = {
        name: value for name, value in error.get_headers() if name.lower() not in {"content-type", "content-length"}
    }
    return answer(status, status.name.lower(), status.phrase, headers=headers)


def _crashed(error: Exception) -> Response:
    log.exception("unhandled_error")
    return _refused(ApiError())


def init_app(app: Flask) -> None:
    """Answer every refusal, fault and crash in the one error format."""
    app.register_error_handler(ApiError, _refused)
    app.register_error_handler(PyMongoError, _database_failed)
    app.register_error_handler(HTTPException, _http_failed)
    app.register_error_handler(Exception, _crashed)
