"""The application, put together."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response, request
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from paytm import api, cli, config, db, errors, logs, paths, ratelimit
from paytm.account import views as account_views
from paytm.ledger import store
from paytm.ledger.engine import Engine
from paytm.ledger.turn import Turn
from paytm.notify import views as notify_views
from paytm.ops import docs, health
from paytm.transaction import views as transaction_views
from paytm.user import auth
from paytm.user import views as user_views
from paytm.user.passwords import Passwords

_EXPOSED_HEADERS = ["Idempotent-Replayed", "Retry-After", "X-Request-ID"]


class _Application(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every view and hook for what it is: none is async, and Flask would ask nine times a request."""
        return func


def create_app(**overrides: Any) -> Flask:
    """Make the application from the environment's settings; ``overrides`` replace single ones.

    It connects to nothing yet: each process's client and committer start with its first request.
    """
    app = _Application(__name__, static_folder=None)
    app.config.from_mapping(config.load() | overrides)
    logs.init_app(app)
    db.init_app(app)
    auth.init_app(app)
    ratelimit.init_app(app)
    api.init_app(app)
    # After flask-smorest, which answers errors in a format of its own.
    errors.init_app(app)
    _make_ledger(app)
    _make_passwords(app)
    for feature in (user_views, account_views, transaction_views, notify_views, health):
        api.api.register_blueprint(feature.blp)
    app.register_blueprint(docs.blp)
    _allow_origins(app)
    app.after_request(_harden)
    paths.init_app(app)
    _trust_proxies(app)
    cli.init_app(app)
    return app


def _make_ledger(app: Flask) -> None:
    patience = app.config["DATABASE_TIMEOUT"]
    turn = Turn(app.config["DATA_DIR"] / "commit.turn")
    commit = partial(store.commit, timeout=patience)
    app.extensions["ledger"] = Engine(commit, patience=patience, turn=turn.taken)


def _make_passwords(app: Flask) -> None:
    app.extensions["passwords"] = Passwords(
        memory_kib=app.config["ARGON2_MEMORY_KIB"],
        time_cost=app.config["ARGON2_TIME_COST"],
        concurrency=app.config["HASH_CONCURRENCY"],
    )


def _allow_origins(app: Flask) -> None:
    # Any origin may call with a bearer token; only named ones may send cookies.
    origins = app.config["CORS_ORIGINS"]
    CORS(
        app,
        origins=origins or "*",
        send_wildcard=not origins,
        supports_credentials=bool(origins),
        expose_headers=_EXPOSED_HEADERS,
        max_age=600,
    )
    if not origins:
        app.after_request(_open_to_any_origin)


def _open_to_any_origin(response: Response) -> Response:
    # Two constant headers, which flask-cors would work out anew for every answer; preflights are left to it.
    if request.method != "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = ", ".join(_EXPOSED_HEADERS)
    return response


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _trust_proxies(app: Flask) -> None:
    count = app.config["TRUSTED_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
