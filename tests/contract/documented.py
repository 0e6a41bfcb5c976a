"""Whether answers are what the API document says of them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import jsonschema_rs

JSON = "application/json"


class Answered(NamedTuple):
    """A request, and what came of it."""

    method: str
    path: str
    status: int
    kind: str
    body: bytes


def answered(run: Mapping[str, Any]) -> Iterator[Answered]:
    """Yield what newman asked, and what it got."""
    for execution in run["executions"]:
        request, response = execution["request"], execution["response"]
        path = "/" + "/".join(request["url"]["path"])
        headers = {header["key"].lower(): header["value"] for header in response["header"]}
        kind = headers.get("content-type", "").partition(";")[0]
        body = bytes((response.get("stream") or {}).get("data", b""))
        yield Answered(request["method"].lower(), path, response["code"], kind, body)


def objections(document: Mapping[str, Any], answers: Iterable[Answered]) -> list[str]:
    """Return what the document does not say: a status of a success, a content type, or the form of a body."""
    return [
        f"{answer.method} {answer.path} {answer.status}: {objection}"
        for answer in answers
        if (operation := _operation(document, answer)) is not None
        for objection in _objections(document, operation["responses"], answer)
    ]


def _operation(document: Mapping[str, Any], answer: Answered) -> Mapping[str, Any] | None:
    """Return the operation that was asked, if it is one; a path without parameters comes first."""
    for template in sorted(document["paths"], key=lambda template: template.count("{")):
        operation: Mapping[str, Any] | None = document["paths"][template].get(answer.method)
        if operation and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), answer.path):
            return operation
    return None


def _objections(document: Mapping[str, Any], responses: Mapping[str, Any], answer: Answered) -> Iterator[str]:
    response = responses.get(str(answer.status)) or (responses["default"] if answer.status >= 400 else None)
    if response is None:
        yield "not documented"
        return
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if not answer.body:
        return
    content = response.get("content", {})
    if not any(fnmatchcase(answer.kind, kind) for kind in content):
        yield f"{answer.kind} is not documented"
    elif answer.kind == JSON:
        validator = jsonschema_rs.validator_for({**content[JSON]["schema"], "components": document["components"]})
        for error in validator.iter_errors(json.loads(answer.body)):
            yield f"{error.message} at {error.instance_path}"
