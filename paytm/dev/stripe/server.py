"""The stand-in as a server, in a thread of a test or in a process beside the API."""

import threading
from typing import Any

from flask import Flask, jsonify
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from paytm.dev.stripe import api, levers, page, wiring
from paytm.dev.stripe.controls import Unanswered
from paytm.dev.stripe.launch import HOST
from paytm.dev.stripe.refusals import Refusal
from paytm.dev.stripe.wiring import Parts
from paytm.money import format_rupees

_POLL_SECONDS = 0.02


class _Handler(WSGIRequestHandler):
    def log_request(self, *_: Any) -> None:
        """Leave the terminal to the API."""

    def connection_dropped(self, *_: Any) -> None:
        """End a connection that gets no answer, which would wait for the next request otherwise."""
        self.close_connection = True


def create_app(parts: Parts) -> Flask:
    """Make the application of a stand-in."""
    app = Flask(__name__, static_folder=None)
    app.extensions[wiring.EXTENSION] = parts
    app.add_template_filter(format_rupees, "rupees")
    for blueprint in (api.blp, page.blp, levers.blp):
        app.register_blueprint(blueprint)
    app.register_error_handler(Refusal, lambda refusal: (refusal.body, refusal.status))
    app.register_error_handler(NotFound, _unknown)
    app.register_error_handler(MethodNotAllowed, _unknown)
    # Handed on to the server, which then closes the connection.
    app.register_error_handler(Unanswered, _unanswered)
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


class Server:
    """A stand-in that listens on loopback.

    :param port: where, or 0 for any free port.
    :param fd: a socket that listens there already.
    """

    def __init__(self, parts: Parts, *, port: int = 0, fd: int | None = None) -> None:
        self._parts = parts
        self._server: BaseWSGIServer = make_server(
            HOST, port, create_app(parts), threaded=True, request_handler=_Handler, fd=fd
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=[_POLL_SECONDS], daemon=True)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self._server.port}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._parts.start()
        self._thread.start()

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._thread.join()
        self._parts.stop()

    def serve(self) -> None:
        """Serve until the process ends."""
        self._parts.start()
        self._server.serve_forever()


def _unknown(_: HTTPException) -> Any:
    refusal = Refusal(404, "Unrecognized request URL. Please see https://stripe.com/docs.")
    return jsonify(refusal.body), refusal.status


def _unanswered(error: Unanswered) -> Any:
    raise error
