"""The deployment of docker/ as plain processes: its commands, settings and files, with other places and ports."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import AutoReconnect

from paytm.dev.binary import find_mongod
from paytm.dev.mongod import free_port
from tests.deploy import composition
from tests.deploy.processes import Member, Process
from tests.faults.conftest import wait_until
from tests.server import ROOT, Site

_MEMBERS = ("mongo1", "mongo2", "mongo3")
_APIS = ("api1", "api2")
_PORTS = (*_MEMBERS, *_APIS, "http", "redirect", "https")
_START_SECONDS = 60
_STEP_DOWN_SECONDS = 10
# What operators may write into docker/settings.env: everybody has 100 rupees, and nobody is told to slow down.
SETTINGS = {
    "OPENING_BALANCE_MIN": "100",
    "OPENING_BALANCE_MAX": "100",
    "LIMIT_DAY_COUNT": "1000000",
    "LIMIT_MONTH_COUNT": "1000000",
    "RATELIMIT_TRANSFER": "100000 per minute",
    "RATELIMIT_MESSAGE": "100000 per minute",
    "RATELIMIT_READ": "100000 per minute",
}


class Deployment:
    """Three MongoDB servers, two API servers, a worker and the proxy, below one folder.

    :param members: how many MongoDB servers there are instead.
    :param heir_of: whose secrets it has.
    :ivar site: what people see of it.
    """

    def __init__(self, folder: Path, *, members: int = 3, heir_of: "Deployment | None" = None, **settings: str) -> None:
        self._folder = folder
        self._settings = SETTINGS | settings
        self._services = composition.services(MONGODB_CACHE_GB="0.25", WEB_CONCURRENCY="1")
        self._ports = dict(zip(_PORTS, _ports(len(_PORTS)), strict=True))
        (folder / "data").mkdir()
        self._make_secrets(_MEMBERS[:members], heir_of)
        self.members = [self._member(name) for name in _MEMBERS[:members]]
        self.apis = [self._process(name, PORT=str(self._ports[name]), HOST="127.0.0.1") for name in _APIS]
        self.worker = self._process("worker")
        self.proxy = self._proxy("http", self._ports["http"])
        self.site = Site(f"http://127.0.0.1:{self._ports['http']}", self.proxy.log)

    def start(self) -> None:
        """Start everything in the order of the compose file."""
        self.start_members(*self.members)
        self.make_replica_set()
        self._process("init-db").run()
        for process in (*self.apis, self.worker):
            process.start()
        self.wait_for_apis()
        self.proxy.start()
        self.site.wait_until("/health/live")

    def start_members(self, *members: Member) -> None:
        """Start MongoDB servers, and wait until each answers."""
        for member in members:
            member.start()
        for member in members:
            wait_until(lambda member=member: member.hello() != {}, _START_SECONDS)

    def stop(self) -> None:
        """End everything at once: nobody reads again what it leaves."""
        self.site.hang_up()
        for process in (self.proxy, self.worker, *self.apis, *self.members):
            process.kill()

    def make_replica_set(self) -> None:
        """Make one of the three servers; again, it changes nothing."""
        self._process("replica-set").run()

    @contextmanager
    def secured(self) -> Iterator[tuple[str, str]]:
        """Run a second proxy, with TLS, and give its two addresses."""
        plain, secure = self._ports["redirect"], self._ports["https"]
        proxy = self._proxy("https", plain)
        proxy.start()
        Site(f"http://127.0.0.1:{plain}", proxy.log).wait_until("/health/live")
        yield f"http://127.0.0.1:{plain}", f"https://127.0.0.1:{secure}"
        proxy.stop()

    def run(self, *command: str) -> str:
        """Run a command of the application's as the worker would, and return what it says."""
        done = subprocess.run(
            command, cwd=ROOT, env=self._environment("worker"), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def uri(self) -> str:
        """Where the application finds its database, and as whom."""
        return self.secret("mongodb_uri").read_text().strip()

    def secret(self, name: str) -> Path:
        """Return the file of a secret."""
        return self._folder / "secrets" / name

    @contextmanager
    def root(self) -> Iterator[MongoClient[dict[str, Any]]]:
        """Connect as the one who may do anything."""
        with MongoClient(self.secret("mongodb_root_uri").read_text().strip(), timeoutMS=5000) as client:
            yield client

    def primary(self) -> Member:
        """Wait for a primary, and return it."""
        found: list[Member] = []
        wait_until(lambda: bool(found.extend(member for member in self.members if member.is_primary()) or found))
        return found[0]

    def step_down(self) -> None:
        """Let the primary give up its place, and keep away from it for a while."""
        with self.root() as client, suppress(AutoReconnect):  # It may hang up before it answers.
            client.admin.command("replSetStepDown", _STEP_DOWN_SECONDS)

    def wait_for_apis(self) -> None:
        """Wait until both API servers can serve."""
        for api in self.apis:
            Site(self.address(api.name), api.log).wait_until("/health/ready")

    def address(self, api: str) -> str:
        """Return where an API server answers itself, without the proxy."""
        return f"http://127.0.0.1:{self._ports[api]}"

    def wait_until_healed(self) -> None:
        """Wait until every process runs, and every MongoDB server is up to date."""
        with self.root() as client:
            wait_until(partial(_is_healthy, client), _START_SECONDS)
        self.site.wait_until("/health/ready")

    def defects(self) -> Counter[str]:
        """Return what the application logged as errors, and how often."""
        lines = [line for process in (*self.apis, self.worker) for line in process.log.read_text().splitlines()]
        return Counter(json.loads(line)["event"] for line in lines if '"level":"error"' in line)

    def _process(self, name: str, **settings: str) -> Process:
        command = [self._local(word) for word in self._services[name]["command"]]
        return Process(name, command, self._environment(name) | settings, self._folder / f"{name}.log")

    def _environment(self, name: str) -> dict[str, str]:
        own = {key: self._local(value) for key, value in (self._services[name].get("environment") or {}).items()}
        return {**os.environ, "PATH": composition.PATH, **self._settings, **own}

    def _member(self, name: str) -> Member:
        service = self._services[name]
        command = [str(find_mongod()), *map(self._local, service["command"][1:])]
        return Member(name, command, self._ports[name], self._folder / name)

    def _local(self, word: str) -> str:
        """Return a word of the compose file with the places that are meant here."""
        places = {
            "--bind_ip_all": "--bind_ip=127.0.0.1",
            "/etc/mongod.conf": f"{ROOT}/docker/mongod.conf",
            "/run/mongod/key": f"{self._folder}/secrets/mongodb_key",
            "/run/secrets": f"{self._folder}/secrets",
            "/data": f"{self._folder}/data",
        }
        for place, local in places.items():
            if word.partition("=")[2].startswith(place) or word.startswith(place):
                return word.replace(place, local)
        return word

    def _make_secrets(self, members: Sequence[str], heir_of: "Deployment | None") -> None:
        hosts = ",".join(f"127.0.0.1:{self._ports[name]}" for name in members)
        folder = self._folder / "secrets"
        if heir_of is not None:
            shutil.copytree(heir_of.secret("."), folder)
            for file in folder.glob("*_uri"):
                file.write_text(re.sub("@[^/]*", f"@{hosts}", file.read_text()))
        command = [str(ROOT / "docker/secrets.sh"), str(folder)]
        subprocess.run(command, env={**os.environ, "MONGODB_HOSTS": hosts}, check=True, capture_output=True)

    def _proxy(self, edge: str, plain: int) -> Process:
        """Return the proxy with an edge, whose configuration has the places and ports that are meant here."""
        folder = self._folder / edge
        shutil.copytree(ROOT / "docker/nginx", folder)
        for file in folder.iterdir():
            text = re.sub(r"\b(api[12]):3000", lambda found: f"127.0.0.1:{self._ports[found[1]]}", file.read_text())
            text = text.replace("/tmp/", f"{folder}/tmp/").replace("/run/secrets", f"{self._folder}/secrets")
            text = text.replace("listen 443", f"listen 127.0.0.1:{self._ports['https']}")
            file.write_text(text.replace("listen 80", f"listen 127.0.0.1:{plain}"))
        (folder / "tmp").mkdir()
        _, option, _, *rest = self._services["proxy"]["command"]
        return Process(edge, ["nginx", option, f"{folder}/{edge}.conf", *rest], {}, folder / "log")


def _ports(count: int) -> list[int]:
    """Return different ports that servers can have, and again when they restart."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port())
    return list(found)


def _is_healthy(client: MongoClient[dict[str, Any]]) -> bool:
    """Tell whether there are a primary and two secondaries that follow somebody.

    A server that has just started does not yet. If its majority depends on it, that takes up to 30 s.
    """
    members = client.admin.command("replSetGetStatus")["members"]
    following = [member for member in members if member["stateStr"] == "SECONDARY" and member["syncSourceHost"]]
    return len(following) == 2 and any(member["stateStr"] == "PRIMARY" for member in members)
