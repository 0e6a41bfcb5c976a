"""The Postman collection and the API document are in step."""

import re

from flask import Flask
from werkzeug.exceptions import HTTPException

from paytm.api import api
from tests.house.postman import COLLECTION, requests_of


def _asked(app: Flask) -> set[tuple[str, str]]:
    """Return the operations that the collection has requests for, and whatever leads nowhere as it stands there."""
    addresses = app.url_map.bind("localhost")
    found = set()
    for method, path in requests_of(COLLECTION):
        try:
            rule, _ = addresses.match(path, method, return_rule=True)
            found.add((method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)))
        except HTTPException:
            found.add((method, path))
    return found


def _documented(app: Flask) -> set[tuple[str, str]]:
    with app.app_context():
        paths = api.spec.to_dict()["paths"]
    methods = {"get", "put", "post", "patch", "delete"}
    return {(method.upper(), path) for path, operations in paths.items() for method in operations.keys() & methods}


def test_every_operation_has_a_request(app: Flask) -> None:
    assert _documented(app) - _asked(app) == set()


def test_no_request_is_for_an_operation_that_is_not_there(app: Flask) -> None:
    besides = {("GET", "/metrics"), ("GET", "/api/openapi.json"), ("GET", "/api/docs")}

    assert _asked(app) - _documented(app) - besides == set()


def test_every_request_has_tests() -> None:
    text = COLLECTION.read_text()

    assert text.count('"listen": "test"') > len(list(requests_of(COLLECTION)))
