"""The application, put together."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask, Response
from werkzeug.middleware.proxy_fix import ProxyFix

from paytm import answers, api, cli, config, db, encryption, logs, origins, paths, ratelimit
from paytm.account import limits
from paytm.account import views as account_views
from paytm.analytics import views as analytics_views
from paytm.analytics.shelf import Shelf
from paytm.cashbook import views as cashbook_views
from paytm.chat import blocks, telling
from paytm.chat import views as chat_views
from paytm.identity import views as identity_views
from paytm.ledger import store
from paytm.ledger.engine import Engine
from paytm.ledger.turn import Turn
from paytm.media import store as media_store
from paytm.media import views as media_views
from paytm.migrations.steps import MIGRATIONS
from paytm.migrations.upgrade import Upgrade
from paytm.notify import views as notify_views
from paytm.offload import Offload
from paytm.ops import docs, health, metrics, scraping, tracing
from paytm.order import views as order_views
from paytm.payment import views as payment_views
from paytm.product import views as product_views
from paytm.realtime import sockets
from paytm.realtime import views as realtime_views
from paytm.transaction import views as transaction_views
from paytm.user import auth
from paytm.user import views as user_views
from paytm.user.passwords import Passwords
from paytm.web import views as web_views


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
    metrics.init_app(app)
    tracing.init_app(app)
    db.init_app(app)
    encryption.init_app(app)
    auth.init_app(app)
    ratelimit.init_app(app)
    api.init_app(app)
    # After flask-smorest, which answers errors in a format of its own.
    answers.init_app(app)
    limits.init_app(app)
    _make_ledger(app)
    _make_passwords(app)
    _make_pictures(app)
    _make_cashbook(app)
    app.extensions["shelf"] = Shelf(app, app.config["REDIS_URL"])
    features = (
        user_views,
        identity_views,
        account_views,
        transaction_views,
        product_views,
        order_views,
        payment_views,
        chat_views,
        cashbook_views,
        analytics_views,
        notify_views,
        media_views,
        realtime_views,
        health,
    )
    for feature in features:
        api.api.register_blueprint(feature.blp)
    app.register_blueprint(docs.blp)
    app.register_blueprint(scraping.blp)
    origins.init_app(app)
    app.after_request(_harden)
    plain = app.wsgi_app
    sockets.init_app(app, telling.contacts, blocks.apart)
    web_views.init_app(app)
    paths.init_app(app, plain)
    _trust_proxies(app)
    app.extensions["upgrade"] = Upgrade(cli.COLLECTIONS, MIGRATIONS)
    cli.init_app(app)
    return app


def _make_ledger(app: Flask) -> None:
    patience = app.config["DATABASE_TIMEOUT"]
    turn = Turn(app.config["DATA_DIR"] / "commit.turn")
    figures = app.extensions["metrics"]
    commit = partial(store.commit, timeout=patience, on_retry=figures.retried)
    app.extensions["ledger"] = Engine(commit, patience=patience, turn=turn.taken, on_batch=figures.batches.append)


def _make_passwords(app: Flask) -> None:
    app.extensions["passwords"] = Passwords(
        memory_kib=app.config["ARGON2_MEMORY_KIB"],
        time_cost=app.config["ARGON2_TIME_COST"],
        concurrency=app.config["HASH_CONCURRENCY"],
        count=app.extensions["metrics"].passwords_waiting.inc,
    )


def _make_pictures(app: Flask) -> None:
    # One at a time, because each takes 400 MB at worst; ten take as long as a client waits.
    count = app.extensions["metrics"].pictures_waiting.inc
    app.extensions["pictures"] = Offload(concurrency=1, longest_queue=10, count=count)
    app.extensions["stores"] = media_store.stores(app.config)


def _make_cashbook(app: Flask) -> None:
    # Tables that come in and sums of long books: each takes a second of a processor at worst.
    app.extensions["cashbook"] = Offload(concurrency=1, longest_queue=10)


def _harden(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _trust_proxies(app: Flask) -> None:
    count = app.config["TRUSTED_PROXIES"]
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
