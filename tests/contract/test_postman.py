"""The Postman collection, run from top to bottom as its users run it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from paytm.dev.mongod import Mongod
from tests.api.holding import operator
from tests.conftest import ENVIRONMENT
from tests.contract.documented import answered, objections
from tests.house.postman import COLLECTION, requests_of
from tests.npm import install
from tests.people import Person, sign_up
from tests.server import Server, running
from tests.shop import merchant, offer
from tests.stand_in import StandIn

NEWMAN = Path(__file__).parent / "newman"
# What merchants and operators alone may do; others are refused, and the collection takes that, too.
OF_ROLES = ("Product", "Notifications and webhooks")


@pytest.fixture(scope="module")
def shopping(mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with card payments."""
    stripe = StandIn().start()
    settings = ENVIRONMENT | {"MONGODB_URI": mongod.uri, "WEB_CONCURRENCY": "1"} | stripe.settings
    with running(settings, tmp_path_factory.mktemp("shopping")) as server:
        stripe.set(webhook_url=f"{server.url}/api/v1/payment/webhook")
        yield server
    stripe.stop()


@pytest.fixture
def seller(app: Flask, shopping: Server) -> Iterator[Person]:
    """A merchant and operator, who sells something cheap."""
    seller = operator(merchant(sign_up(shopping.call)))
    offer(seller, price=1)
    yield seller
    shopping.hang_up()


def _run(server: Server, collection: Path, folder: Path, *options: str) -> dict[str, Any]:
    """Run a collection, in which nothing may fail and answers are as documented, and return what there is to tell."""
    install(NEWMAN)
    newman, report = NEWMAN / "node_modules" / ".bin" / "newman", folder / "report.json"
    command = [str(newman), "run", str(collection), "--env-var", f"baseUrl={server.url}", *options]
    told = [*command, "--reporters", "json", "--reporter-json-export", str(report)]
    subprocess.run(told, capture_output=True, check=False, timeout=120)
    run: dict[str, Any] = json.loads(report.read_text())["run"]
    assert [(failure["source"]["name"], failure["error"]["message"]) for failure in run["failures"]] == []
    document = requests.get(f"{server.url}/api/openapi.json", timeout=15).json()
    assert objections(document, answered(run)) == []
    return run


def test_the_collection_runs_from_top_to_bottom(shopping: Server, seller: Person, tmp_path: Path) -> None:
    run = _run(shopping, COLLECTION, tmp_path)

    asked = len(list(requests_of(COLLECTION)))
    assert run["stats"]["requests"] == {"total": asked, "pending": 0, "failed": 0}
    assert run["stats"]["assertions"]["total"] > 2 * asked


def test_who_has_the_roles_runs_what_they_are_for(shopping: Server, seller: Person, tmp_path: Path) -> None:
    collection = json.loads(COLLECTION.read_text())
    collection["variable"] += [{"key": "token", "value": seller.token}, {"key": "userId", "value": seller.id}]
    (tmp_path / "collection.json").write_text(json.dumps(collection))
    folders = [option for folder in OF_ROLES for option in ("--folder", folder)]

    run = _run(shopping, tmp_path / "collection.json", tmp_path, *folders)

    assert 403 not in {execution["response"]["code"] for execution in run["executions"]}
