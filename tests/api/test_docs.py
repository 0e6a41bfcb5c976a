"""The API document, and the page that shows it."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

PUBLIC = {
    ("post", "/api/v1/user/signup"),
    ("post", "/api/v1/user/signin"),
    ("get", "/api/v1/user/bulk"),
    ("get", "/api/v1/product"),
    ("get", "/api/v1/product/{product_id}"),
    ("get", "/api/v1/media/{picture_id}"),
    ("post", "/api/v1/payment/webhook"),
    ("post", "/api/v1/auth/register"),
    ("post", "/api/v1/auth/login"),
    ("post", "/api/v1/auth/refresh"),
    ("get", "/health/live"),
    ("get", "/health/ready"),
}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return answer.get_json()


def _operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    methods = {"get", "put", "post", "delete", "patch"}
    paths = document["paths"].items()
    return {(method, path): item[method] for path, item in paths for method in item.keys() & methods}


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    assert document["info"].keys() >= {"title", "version"}
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_every_route_stands_in_the_document(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(("/api/v1", "/health"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert _operations(document).keys() == routes


def test_public_routes_are_marked_and_no_others(document: dict[str, Any]) -> None:
    default = document["security"]
    open_to_all = {
        route for route, operation in _operations(document).items() if operation.get("security", default) == []
    }

    assert default == [{"bearer": []}, {"cookie": []}]
    assert open_to_all == PUBLIC


def test_every_operation_is_described_and_answers(document: dict[str, Any]) -> None:
    for route, operation in _operations(document).items():
        assert operation["summary"], route
        assert operation["tags"], route
        assert operation["responses"].keys() & {"200", "201", "202", "204"}, route
        assert all("description" in answer or "$ref" in answer for answer in operation["responses"].values()), route


def test_each_event_that_is_told_has_a_shape_of_its_own(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    events = schemas["Missed"]["properties"]["events"]["items"]
    shapes = {event: schemas[ref.rpartition("/")[2]] for event, ref in events["discriminator"]["mapping"].items()}

    assert len(events["oneOf"]) == len(shapes) == 6
    assert {event: shape["properties"]["event"]["enum"] for event, shape in shapes.items()} == {
        event: [event] for event in shapes
    }
    told = {event: shape["properties"]["data"]["$ref"].rpartition("/")[2] for event, shape in shapes.items()}
    assert (told["transfer"], told["orderUpdated"], told["messagesRead"]) == ("Movement", "Order", "ReadMark")


def test_operations_have_ids_of_their_own(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for operation in _operations(document).values() if "operationId" in operation]

    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(re.findall(r"'\$ref': '#/([^']+)'", repr(document))):
        target: Any = document
        for part in reference.split("/"):
            target = target[part]
        assert target


@pytest.mark.parametrize(
    ("method", "path", "required"),
    [
        ("post", "/api/v1/user/signup", {"username", "password", "firstName", "lastName"}),
        ("post", "/api/v1/user/signin", {"username", "password"}),
        ("post", "/api/v1/account/transfer", {"to", "amount"}),
    ],
)
def test_a_body_says_what_is_required(document: dict[str, Any], method: str, path: str, required: set[str]) -> None:
    content = _operations(document)[method, path]["requestBody"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][content["$ref"].rsplit("/", 1)[1]]

    assert set(schema["required"]) == required


def test_the_transfer_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    parameters = _operations(document)["post", "/api/v1/account/transfer"]["parameters"]

    assert [(p["name"], p["in"]) for p in parameters if not p.get("required")] == [("Idempotency-Key", "header")]


def test_money_is_documented_as_numbers(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Balance"]["properties"]["balance"]["type"] == "number"
    assert set(schemas["Transfer"]["properties"]["amount"]["type"]) == {"number", "string"}


def test_the_error_format_is_documented(document: dict[str, Any]) -> None:
    error = document["components"]["schemas"]["Error"]

    assert {"message", "code", "requestId"} <= error["properties"].keys()


def test_the_page_and_all_it_loads_are_here(client: FlaskClient) -> None:
    with client.get("/api/docs") as page:
        text = page.get_data(as_text=True)

    assets = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(assets) >= 3
    for asset in assets:
        with client.get(asset) as answer:
            assert answer.status_code == 200, asset
            assert len(answer.get_data()) > 0, asset
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_refers_to_no_other_host(client: FlaskClient) -> None:
    for path in ("/api/docs", "/api/docs/start.js"):
        with client.get(path) as answer:
            assert "//" not in answer.get_data(as_text=True).replace("<!--", "")


def test_the_page_may_load_nothing_from_elsewhere(client: FlaskClient) -> None:
    with client.get("/api/docs") as page:
        policy = page.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "unsafe-eval" not in policy


@pytest.mark.parametrize("name", ["../docs.py", "..%2fdocs.py", "%2e%2e/docs.py", "....//docs.py", "x"])
def test_nothing_else_can_be_fetched(client: FlaskClient, name: str) -> None:
    with client.get(f"/api/docs/{name}") as answer:
        assert answer.status_code == 404
