"""The deployment of docker/, as plain processes on this machine: it serves, and survives what can befall it.

All of it is one test, because it takes long to start: a part that fails is told by its name, and the others go on.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Workshop
from tests.deploy import composition, serving
from tests.deploy.deployment import Deployment
from tests.deploy.faults import Storm
from tests.faults.traffic import Traffic, assert_kept
from tests.people import sign_up

SERVING = (
    serving.people_pay_each_other,
    serving.sockets_are_told_through_the_proxy,
    serving.what_is_too_large_is_refused_as_the_api_refuses,
    serving.nobody_can_lie_about_an_address,
    serving.the_other_edge_has_tls,
    serving.the_application_cannot_rewrite_its_books,
    serving.strangers_cannot_read,
    serving.figures_are_for_prometheus_alone,
    serving.each_server_tells_what_it_counted_and_that_the_worker_lives,
)
FAULTS = (
    Storm.reload_proxy,
    Storm.kill_api_process,
    Storm.kill_api,
    Storm.kill_primary,
    Storm.freeze_primary,
    Storm.stop_majority,
    Storm.roll_back,
    Storm.step_primary_down,
)


@pytest.fixture
def deployment() -> Iterator[Deployment]:
    for name in ("nginx", "docker-compose", "openssl"):
        if composition.program(name) is None:
            pytest.skip(f"{name} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        # The proxy's own processes are nobody's, and write below it.
        Path(folder).chmod(0o711)
        made = Deployment(Path(folder), DATABASE_TIMEOUT="2")
        try:
            made.start()
            yield made
        finally:
            made.stop()


def test_the_deployment_serves_and_survives(
    deployment: Deployment,
    subtests: pytest.Subtests,
    monkeypatch: pytest.MonkeyPatch,
    workshops: Callable[[str], Workshop],
) -> None:
    for behaviour in SERVING:
        with subtests.test(behaviour.__name__):
            behaviour(deployment)
    with ThreadPoolExecutor(4) as pool:
        people = list(pool.map(lambda _: sign_up(deployment.site.call), range(4)))
    payer, payee = sign_up(deployment.site.call), sign_up(deployment.site.call)
    with Traffic(*people, pause=0.1) as traffic:
        storm = Storm(deployment, traffic, payer, payee, random.Random(0))
        for fault in FAULTS:
            with subtests.test(fault.__name__):
                fault(storm)
    deployment.wait_until_healed()
    with subtests.test("making_the_replica_set_again_changes_nothing"):
        serving.making_the_replica_set_again_changes_nothing(deployment)
    app = workshops(deployment.uri).make(monkeypatch, {})
    assert_kept({**traffic.answers, **storm.answers})
    assert app.test_cli_runner().invoke(args=["audit"]).exit_code == 0
