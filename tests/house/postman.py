"""What the Postman collection asks for."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.house.source import ROOT

COLLECTION = ROOT / "postman" / "paytm.postman_collection.json"


def requests_of(collection: Path) -> Iterator[tuple[str, str]]:
    """Yield the method and the path of every request, in order; ids of its variables are 0."""
    for request in _requests(json.loads(collection.read_text())):
        path = request["url"]["raw"].removeprefix("{{baseUrl}}").partition("?")[0]
        yield request["method"], re.sub(r"\{\{\w+\}\}", "0" * 24, path)


def _requests(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for one in item["item"]:
        if "request" in one:
            yield one["request"]
        else:
            yield from _requests(one)
