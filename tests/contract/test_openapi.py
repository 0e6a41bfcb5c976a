"""The API document, by Schemathesis: what may be sent and what may not is sent, and each answer is as it says.

``make fuzz`` sends thousands of requests more than the suite does.
"""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from paytm.user import roles
from tests.bookkeeping import noted
from tests.conftest import caller
from tests.ordering import order
from tests.people import Call, Person, sign_up
from tests.pictures import data_url, encoded
from tests.server import ROOT
from tests.shop import merchant, offer

CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
# How many requests it makes up for each operation, beside those at the bounds of what is allowed; without them it sends
# what is not allowed alone, because the suite has to end, and others send what is.
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Leave it to the application."""


@pytest.fixture
def url(shop: Flask) -> Iterator[str]:
    """Where the application answers."""
    server = make_server("127.0.0.1", 0, shop, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def call(shop: Flask) -> Call:
    return caller(shop.test_client())


@pytest.fixture
def asha(call: Call) -> Person:
    """Somebody who may do everything, and sells something."""
    asha = merchant(sign_up(call, "Asha", "Rao"))
    assert roles.grant(asha.username, roles.ADMIN)
    return asha


@pytest.fixture
def ids(asha: Person, ravi: Person) -> dict[str, str]:
    """What there is, by the names under which requests mean it."""
    product = offer(asha, price=1)
    bought = order(ravi, {product: 1}).body
    asked = ravi.call("POST", "/transaction/request", json={"from": asha.id, "amount": 1}, headers=ravi.headers)
    people = {"account_id": asha.id, "fromAccount": asha.id, "account": asha.id, "from": ravi.id}
    others = dict.fromkeys(("user_id", "subject_id", "to", "toAccount", "userId", "with"), ravi.id)
    things = {"product_id": product, "productId": product, "order_id": bought["orderId"], **_own(asha)}
    money = {
        "payment_id": bought["paymentId"],
        "request_id": asked.body["request"]["id"],
        "transaction_id": asha.send(ravi, 1).body["transactionId"],
    }
    return people | others | things | money


def _own(person: Person) -> dict[str, str]:
    """Return ids of what somebody keeps: a record of the cash book, a picture, and a webhook."""
    picture = person.call("PUT", "/user/picture", json={"picture": data_url(encoded())}, headers=person.headers)
    webhook = person.call("POST", "/webhook", json={"url": "https://1.1.1.1/hook"}, headers=person.headers)
    return {
        "record_id": noted(person)["_id"],
        "picture_id": picture.body["picture"].rpartition("/")[2],
        "endpoint_id": webhook.body["id"],
    }


def _schemathesis(url: str, asha: Person, ids: dict[str, str], folder: Path, *options: str) -> str:
    """Run it as somebody, and return what it says; nothing may be wrong."""
    program = str(Path(sys.executable).parent / "schemathesis")
    command = [program, "--config-file", str(CONFIGURATION), "run", f"{url}/api/openapi.json"]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": str(ROOT)}
    about = {"PAYTM_URL": url, "PAYTM_TOKEN": asha.token, "PAYTM_IDS": json.dumps(ids)}
    ran = subprocess.run(
        [*command, "--warnings", "off", *options],
        cwd=folder,
        env={**os.environ, **hooks, **about},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]
    return ran.stdout


def test_the_api_is_as_its_document_says(
    url: str, asha: Person, ids: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    much = ["--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES)]
    little = ["--phases", "coverage", "--mode", "negative", "--seed", "1"]

    said = _schemathesis(url, asha, ids, tmp_path, *(much if EXAMPLES else little))

    (cases,) = re.findall(r"(\d+) generated", said)
    if EXAMPLES:
        with capsys.disabled():
            sys.stdout.write(f"\n{cases} requests were made up, and each answer is as documented.\n")
    assert int(cases) > 1000
    # Otherwise most of them were only told to sign in.
    assert asha.get("/user/me").status == 200
