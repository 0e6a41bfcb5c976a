"""Which routes answer without a token: these, and no others."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.conftest import caller
from tests.people import Call

PUBLIC = {
    ("GET", "/"),
    ("GET", "/<page:address>"),
    ("GET", "/api/docs"),
    ("GET", "/api/docs/<path:name>"),
    ("GET", "/api/openapi.json"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics"),
    ("POST", "/api/v1/user/signup"),
    ("POST", "/api/v1/user/signin"),
    ("GET", "/api/v1/user/bulk"),
    ("GET", "/api/v1/product"),
    ("GET", "/api/v1/product/<id:product_id>"),
    ("GET", "/api/v1/media/<id:picture_id>"),
    ("POST", "/api/v1/payment/webhook"),
    ("POST", "/api/v1/auth/register"),
    ("POST", "/api/v1/auth/login"),
    ("POST", "/api/v1/auth/refresh"),
}


def _routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield method, rule


def _path(rule: Rule) -> str:
    """Return a path that the rule matches, absolute for a call."""
    return "/" + re.sub("<[^>]+>", "0" * 24, rule.rule)


def test_the_open_views_are_the_listed_ones(app: Flask) -> None:
    opened = {
        (method, rule.rule)
        for method, rule in _routes(app)
        if getattr(app.view_functions[rule.endpoint], "_is_public", False)
    }

    assert opened == PUBLIC


@pytest.mark.parametrize("authorization", [None, "Bearer null", "Bearer a.b.c", "Basic YTpi"])
def test_every_other_route_is_refused_without_a_token(app: Flask, authorization: str | None) -> None:
    call = caller(app.test_client())
    headers = {"Authorization": authorization} if authorization else {}

    closed = [(method, rule) for method, rule in _routes(app) if (method, rule.rule) not in PUBLIC]
    answers = {rule.rule: call(method, _path(rule), json={}, headers=headers) for method, rule in closed}

    assert len(answers) >= 6
    assert {path: answer.status for path, answer in answers.items() if answer.status != 403} == {}
    assert {answer.body["code"] for answer in answers.values()} == {"unauthorized"}


def test_head_is_refused_where_get_is(app: Flask, call: Call) -> None:
    closed = [rule for method, rule in _routes(app) if method == "GET" and ("GET", rule.rule) not in PUBLIC]

    assert {call("HEAD", _path(rule)).status for rule in closed} == {403}


@pytest.mark.parametrize("method", sorted({"GET", "POST"}))
def test_an_open_route_never_asks_for_a_token(app: Flask, method: str) -> None:
    client = app.test_client()

    for rule in {path for verb, path in PUBLIC if verb == method}:
        path = (
            rule.replace("<path:name>", "start.js")
            .replace("<id:product_id>", "0" * 24)
            .replace("<id:picture_id>", "0" * 24)
        )
        with client.open(path, method=method, json={}) as answer:
            # The webhook says so where no secret of Stripe's is set.
            assert answer.status_code in {200, 302, 400, 401, 404, 411, 503}, rule


def test_a_new_route_is_closed_until_it_is_opened(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    app.add_url_rule("/api/v1/secret", view_func=lambda: "secret", endpoint="secret")

    assert caller(app.test_client())("GET", "/secret").status == 403


@pytest.mark.parametrize(
    "override", ["X-HTTP-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix"]
)
def test_no_header_leads_around_the_door(call: Call, override: str) -> None:
    headers = {override: "/api/v1/user/bulk" if "URL" in override else "OPTIONS"}

    assert call("GET", "/account/balance", headers=headers).status == 403
