"""What the deployment does while nothing is wrong."""

import http.client
import json
from functools import partial
from urllib.parse import urlsplit

import pytest
import requests
import simple_websocket
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from tests.deploy.deployment import Deployment
from tests.faults.conftest import wait_until
from tests.people import PASSWORD, sign_up
from tests.scrape import Figures

# Somewhere else on loopback.
_ELSEWHERE = "127.0.0.9"
_UNAUTHORIZED = 13


def people_pay_each_other(deployment: Deployment) -> None:
    asha, ravi = sign_up(deployment.site.call), sign_up(deployment.site.call)

    assert asha.send(ravi, 12.5).status == 200
    assert (asha.balance(), ravi.balance()) == (87.5, 112.5)


def sockets_are_told_through_the_proxy(deployment: Deployment) -> None:
    asha, ravi = sign_up(deployment.site.call), sign_up(deployment.site.call)
    url = deployment.site.url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
    socket = simple_websocket.Client(url)
    # Before anything is read: what arrives together with the handshake is only noticed with what comes next.
    socket.send("40" + json.dumps({"token": ravi.token}))
    while not (told := socket.receive(timeout=10) or "").startswith('42["getOnlineUsers"'):
        assert told

    assert asha.send(ravi, 5).status == 200
    while not (told := socket.receive(timeout=10) or "").startswith('42["transfer"'):
        assert told
    assert json.loads(told[2:])[1]["amount"] == 5
    socket.close()


def what_is_too_large_is_refused_as_the_api_refuses(deployment: Deployment) -> None:
    url = deployment.site.url + "/api/v1/user/signup"
    answer = requests.post(url, data=b"x" * 8_000_000, headers={"Content-Type": "application/json"}, timeout=10)

    assert answer.status_code == 413
    assert answer.json()["code"] == "request_entity_too_large"
    assert answer.json()["requestId"] == answer.headers["X-Request-ID"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def nobody_can_lie_about_an_address(deployment: Deployment) -> None:
    asha = sign_up(deployment.site.call)
    there = urlsplit(deployment.site.url)
    connection = http.client.HTTPConnection(there.hostname or "", there.port, source_address=(_ELSEWHERE, 0))
    headers = {"Content-Type": "application/json", "X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6"}
    form = json.dumps({"email": asha.username, "password": PASSWORD})
    connection.request("POST", "/api/v1/auth/login", form, headers)
    assert connection.getresponse().status == 200
    connection.close()

    addresses = {session["address"] for session in asha.get("/auth/sessions").body["sessions"]}
    assert addresses == {"127.0.0.1", _ELSEWHERE}


def the_other_edge_has_tls(deployment: Deployment) -> None:
    with deployment.secured() as (plain, secure):
        redirected = requests.post(plain + "/api/v1/user/signin?a=b", timeout=10, allow_redirects=False)
        certificate = str(deployment.secret("tls_certificate"))
        served = requests.get(secure + "/api/openapi.json", timeout=10, verify=certificate)
        live = requests.get(plain + "/health/live", timeout=10)

    assert redirected.status_code == 308
    assert redirected.headers["Location"].startswith("https://127.0.0.1/api/v1/user/signin?a=b")
    assert (served.status_code, served.headers["Content-Encoding"], live.status_code) == (200, "gzip", 200)
    assert served.headers["Strict-Transport-Security"]


def the_application_cannot_rewrite_its_books(deployment: Deployment) -> None:
    with MongoClient(deployment.uri, timeoutMS=5000) as client:
        books = client.get_default_database()
        assert books["entries"].find_one() is not None
        for change in (
            lambda: books["entries"].update_many({}, {"$set": {"amount": 1}}),
            lambda: books["transactions"].delete_many({}),
            lambda: books.drop_collection("entries"),
            lambda: client["admin"]["system.users"].find_one(),
        ):
            with pytest.raises(OperationFailure) as refused:
                change()
            assert refused.value.code == _UNAUTHORIZED


def strangers_cannot_read(deployment: Deployment) -> None:
    with MongoClient("127.0.0.1", deployment.members[0].port, directConnection=True) as client:
        with pytest.raises(OperationFailure) as refused:
            client["paytm"]["users"].find_one()
        assert refused.value.code == _UNAUTHORIZED


def figures_are_for_prometheus_alone(deployment: Deployment) -> None:
    for api in ("api1", "api2"):
        assert _look(deployment, api, _shown(deployment)).status_code == 200
        assert _look(deployment, api, {}).status_code == 403
    assert requests.get(f"{deployment.site.url}/metrics", headers=_shown(deployment), timeout=10).status_code == 404


def each_server_tells_what_it_counted_and_that_the_worker_lives(deployment: Deployment) -> None:
    for api in ("api1", "api2"):
        figures = Figures(_look(deployment, api, _shown(deployment)).text)
        assert figures("paytm_http_request_seconds_count", route="/health/ready") > 0
        assert figures("paytm_database_reachable") == 1
        wait_until(partial(_a_worker_lives, deployment, api))


def making_the_replica_set_again_changes_nothing(deployment: Deployment) -> None:
    with deployment.root() as client:
        before = client.admin.command("replSetGetConfig")["config"]
        deployment.make_replica_set()
        assert client.admin.command("replSetGetConfig")["config"] == before


def _shown(deployment: Deployment) -> dict[str, str]:
    return {"Authorization": f"Bearer {deployment.secret('metrics_token').read_text().strip()}"}


def _look(deployment: Deployment, api: str, headers: dict[str, str]) -> requests.Response:
    return requests.get(f"{deployment.address(api)}/metrics", headers=headers, timeout=10)


def _a_worker_lives(deployment: Deployment, api: str) -> bool:
    return Figures(_look(deployment, api, _shown(deployment)).text)("paytm_workers") == 1
