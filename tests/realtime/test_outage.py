"""mongod killed and started again under open sockets."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paytm.dev.mongod import Mongod
from tests.people import sign_up
from tests.realtime.conftest import wait_until
from tests.realtime.listeners import Node
from tests.server import Server


@pytest.fixture
def mongod(tmp_path: Path) -> Iterator[Mongod]:
    """A database server to kill."""
    with Mongod(tmp_path, test_commands=True, cache_gb=0.25) as server:
        yield server


def test_sockets_stay_open_and_hear_what_happens_afterwards_once(
    mongod: Mongod, node: Node, start_server: Callable[..., Server]
) -> None:
    server = start_server(WEB_CONCURRENCY="1", PRESENCE_OPEN="true")
    asha, ravi = sign_up(server.call, "Asha"), sign_up(server.call, "Ravi")
    watcher, listener = node.connect(server.url, asha), node.connect(server.url, ravi)
    assert asha.send(ravi, 1, key="before").status == 200

    mongod.kill()
    mongod.start()
    wait_until(lambda: asha.send(ravi, 2, key="after").status == 200, seconds=20)

    listener.wait_for("transfer", times=2)
    assert [event["amount"] for event in listener.all("transfer")] == [1, 2]
    assert watcher.all("disconnect") + listener.all("disconnect") == []
    # Whoever is late to say that it lives may be held for dead for a moment.
    wait_until(lambda: watcher.all("getOnlineUsers")[-1] == [ravi.id])
