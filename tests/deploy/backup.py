"""A backup as docs/operations.md describes it: the files of a secondary that stands still for a moment."""

import shutil
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.uri_parser import parse_uri

from paytm.dev.binary import find_mongod
from tests.deploy.deployment import Deployment
from tests.deploy.processes import Member
from tests.faults.conftest import wait_until

_START_SECONDS = 60


def take(deployment: Deployment, member: Member, target: Path) -> None:
    """Copy the files of a secondary, which catches up afterwards."""
    root = parse_uri(deployment.secret("mongodb_root_uri").read_text().strip())
    login = {"username": root["username"], "password": root["password"]}
    with MongoClient[dict[str, Any]]("127.0.0.1", member.port, directConnection=True, **login) as client:
        client.admin.command("fsync", lock=True)
        try:
            shutil.copytree(member.data, target, ignore=shutil.ignore_patterns("mongod.lock", "rollback"))
        finally:
            client.admin.command("fsyncUnlock")


def restore(copy: Path, folder: Path, source: Deployment) -> str:
    """Make a replica set of one from a copy, in a folder of its own, and return what the audit of it says."""
    restored = Deployment(folder, members=1, heir_of=source)
    (member,) = restored.members
    shutil.copytree(copy, member.data, dirs_exist_ok=True)
    _forget_the_set(member)
    try:
        restored.start_members(member)
        restored.make_replica_set()
        return restored.run("flask", "--app", "wsgi", "audit")
    finally:
        restored.stop()


def _forget_the_set(member: Member) -> None:
    """Take from the files which set they were of, by a server that belongs to none."""
    alone = Member("alone", [str(find_mongod()), "--bind_ip=127.0.0.1"], member.port, member.data)
    alone.start()
    wait_until(lambda: alone.hello() != {}, _START_SECONDS)
    with MongoClient[dict[str, Any]]("127.0.0.1", member.port, directConnection=True) as client:
        client.drop_database("local")
    alone.stop()
