"""Socket.IO on the port of the API: handshakes, and what clients may say."""

import logging
from typing import Any

import structlog
from bson import ObjectId
from flask import Flask, current_app, request
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import SocketIO, join_room
from pymongo.errors import PyMongoError

from paytm.errors import ApiError, Unavailable
from paytm.realtime.hub import Hub
from paytm.realtime.sight import Apart, Contacts, Sight
from paytm.realtime.wire import LARGEST_MESSAGE_BYTES, Packets, WebSocket
from paytm.user import auth

log = structlog.get_logger()

# What the libraries log are mistakes of clients, in several lines each.
_silence = logging.getLogger("paytm.realtime.silence")
_silence.addHandler(logging.NullHandler())
_silence.propagate = False
_silence.setLevel(logging.CRITICAL)


class _Port:
    """How the hub reaches clients."""

    def __init__(self, server: SocketIO) -> None:
        self._server = server

    def emit(self, event: str, payload: Any, *, to: str) -> None:
        self._server.emit(event, payload, to=to)

    def close(self, sid: str) -> None:
        self._server.server.disconnect(sid)


def init_app(app: Flask, contacts: Contacts, apart: Apart) -> None:
    """Serve sockets beside the app's routes; to be called before proxies are trusted.

    :param contacts: whom a user has to do with.
    :param apart: who does not see each other in any case.
    """
    server = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        allow_upgrades=False,
        # Whose page it is counts for cookies alone, and is seen to when the client says who it is.
        cors_allowed_origins="*",
        cors_credentials=False,
        max_http_buffer_size=LARGEST_MESSAGE_BYTES,
        # A client's events one after the other, so that it cannot start any number of threads.
        async_handlers=False,
        manage_session=False,
        logger=_silence,
        engineio_logger=_silence,
    )
    engine = server.server.eio
    # There is no other way to give it these.
    engine._async = {**engine._async, "websocket": WebSocket, "queue": Packets}
    app.extensions["realtime"] = Hub(
        _Port(server),
        Sight(contacts, apart, is_open=app.config["PRESENCE_OPEN"]),
        most=app.config["SOCKETS_PER_USER"],
    )
    server.on_event("connect", _connect)
    server.on_event("disconnect", _disconnect)
    server.on_event("typing", _typing)
    server.on_error_default(_defect)


def _connect(credentials: object = None) -> None:
    sid: str = request.sid  # type: ignore[attr-defined]
    web_socket = _web_socket(sid)
    try:
        caller, expires_at = auth.admit(credentials.get("token") if isinstance(credentials, dict) else None)
        web_socket.is_admitted = True
        join_room(str(caller.user_id))
        _hub().open(sid, caller, expires_at)
        _hub().greet(sid, caller.user_id)
    except (ApiError, PyMongoError) as error:
        _hub().close(sid)
        web_socket.close_soon()
        _count()
        refusal = error if isinstance(error, ApiError) else Unavailable()
        raise Refused(refusal.message, {"code": refusal.code}) from error
    _count()
    log.info("socket_opened", user_id=str(caller.user_id))


def _disconnect(reason: object = None) -> None:
    sid: str = request.sid  # type: ignore[attr-defined]
    # First, because its client may be quicker than the database.
    _web_socket(sid).close_soon()
    _hub().close(sid)
    _count()


def _typing(content: object = None, *_: object) -> None:
    to = content.get("to") if isinstance(content, dict) else None
    if isinstance(to, str) and ObjectId.is_valid(to):
        _hub().typing(request.sid, ObjectId(to))  # type: ignore[attr-defined]


def _defect(error: Exception) -> None:
    log.error("socket_event_failed", exc_info=error)


def _hub() -> Hub:
    hub: Hub = current_app.extensions["realtime"]
    return hub


def _count() -> None:
    current_app.extensions["metrics"].sockets.set(_hub().count())


def _web_socket(sid: str) -> WebSocket:
    """Return the connection beneath a socket."""
    server = current_app.extensions["socketio"].server
    web_socket: WebSocket = server.eio.sockets[server.manager.eio_sid_from_sid(sid, "/")].web_socket
    return web_socket
