"""The web client as it is built, in a browser."""

import fcntl
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from paytm import db
from paytm.dev.mongod import Mongod
from tests.conftest import ENVIRONMENT
from tests.e2e.browsers import Chromium, Visitor
from tests.realtime.conftest import wait_until
from tests.server import ROOT, Server, free_port, running
from tests.stand_in import StandIn

BROWSER = Path(__file__).parent / "browser"


def _find_chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("Chromium is not installed: apt-get install chromium")


def _npm(folder: Path, *command: str) -> None:
    done = subprocess.run(["npm", *command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm {command[0]} fails: {done.stderr[-500:]}")


def _is_newer(made: Path, *sources: Path) -> bool:
    return made.exists() and all(made.stat().st_mtime >= source.stat().st_mtime for source in sources)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    program = _find_chromium()
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("npm is not installed: what steers the browser comes from there")
    with (BROWSER / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_newer(BROWSER / "node_modules" / ".package-lock.json", BROWSER / "package-lock.json"):
            _npm(BROWSER, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
    browser = Chromium(BROWSER, program)
    yield browser
    browser.stop()


@pytest.fixture(scope="session")
def built() -> Path:
    """Return the folder of the built web client; one pytest process builds it for all, where its sources changed."""
    if shutil.which("npm") is None or shutil.which("make") is None:
        pytest.skip("npm is not installed: it builds the web client")
    with (ROOT / "frontend" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(["make", "web"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return ROOT / "frontend" / "dist"


class Site(NamedTuple):
    """A server with the web client, which takes cards, and the port of another origin whose pages it names."""

    server: Server
    port: int
    stripe: StandIn


@pytest.fixture(scope="session")
def serving(built: Path, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port, stripe = free_port(), StandIn().start()
    settings = ENVIRONMENT | stripe.settings | {"MONGODB_URI": mongod.uri, "WEB_DIR": str(built)}
    own = {"CORS_ORIGINS": f"http://localhost:{port}", "WEB_CONCURRENCY": "1"}
    with running(settings | own, tmp_path_factory.mktemp("web")) as server:
        stripe.set(webhook_url=f"{server.url}/api/v1/payment/webhook")
        yield Site(server, port, stripe)
    stripe.stop()


@pytest.fixture
def site(app: Flask, serving: Site) -> Iterator[Site]:
    """A server with the web client, on the database of ``app``, and what belongs to it."""
    yield serving
    serving.server.hang_up()


@pytest.fixture
def wallet(site: Site) -> Server:
    return site.server


@pytest.fixture
def browser(chromium: Chromium, app: Flask) -> Iterator[Chromium]:
    """A browser, whose pages are closed when the test is over, and their sockets written down as such."""
    yield chromium
    chromium.leave()
    wait_until(lambda: db.database()["presence"].find_one({"online": True}) is None)


@pytest.fixture
def open_wallet(browser: Chromium, wallet: Server) -> Callable[..., Visitor]:
    """Let somebody look at the wallet whom nobody knows yet."""
    return lambda **options: browser.open(wallet.url, **options)


@pytest.fixture
def asha(browser: Chromium, wallet: Server) -> Visitor:
    """Asha, who has signed up and sees her wallet."""
    return browser.admit(wallet.call, wallet.url, "Asha", "Rao")


@pytest.fixture
def ravi(browser: Chromium, wallet: Server) -> Visitor:
    """Ravi at a browser of his own."""
    return browser.admit(wallet.call, wallet.url, "Ravi", "Iyer")
