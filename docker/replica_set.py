"""Make MongoDB's servers one replica set with its users: ``python -m docker.replica_set``, safe to repeat.

The set begins with the first server alone. There the first user is made over loopback, as MongoDB allows while there is
none, so this runs where the first server does; then the others join. Broken off anywhere, the next run goes on.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from paytm.cli import COLLECTIONS
from paytm.ledger.store import COLLECTIONS as BOOKS
from paytm.ops import trail

NAME = "rs0"
# A primary that stands still is replaced in about 6 s; with the defaults it takes 24.
FAILOVER = {
    "electionTimeoutMillis": 2000,
    "heartbeatTimeoutSecs": 2,
    "heartbeatIntervalMillis": 500,
    "catchUpTimeoutMillis": 2000,
}
ROLE = "application"
# Whoever takes over the application can add to these, and changes nothing that stands there.
APPEND_ONLY = {collection.name for collection in (*BOOKS, *trail.COLLECTIONS)}
_UNAUTHORIZED, _AUTHENTICATION_FAILED, _ALREADY_INITIALIZED = 13, 18, 23
_PATIENCE_SECONDS = 120
_PAUSE_SECONDS = 0.2

Client = MongoClient[dict[str, Any]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    for who in ("root", "deployer", "application"):
        arguments.add_argument(f"--{who}", type=Path, required=True, help="a file with the URI of this user")
    files = arguments.parse_args()
    root = files.root.read_text().strip()
    _begin(parse_uri(root))
    with Client(root, serverSelectionTimeoutMS=_PATIENCE_SECONDS * 1000) as client:
        _wait_until(lambda: _is_complete(client, parse_uri(root)))
        _give_rights(
            client, parse_uri(files.deployer.read_text().strip()), parse_uri(files.application.read_text().strip())
        )
    print(f"{NAME} is complete, with its users.")


def _begin(root: dict[str, Any]) -> None:
    """Initiate the set with its first server, and make the first user there; neither is done twice."""
    host, port = root["nodelist"][0]
    first = {"_id": 0, "host": f"{host}:{port}"}
    known = {"username": root["username"], "password": root["password"], "authSource": "admin"}
    # Nobody may do it while there is no user; root, where the data of a backup have brought one along.
    for login in ({}, known):
        with Client("127.0.0.1", port, directConnection=True, **login) as client:
            _unless(
                {_UNAUTHORIZED, _AUTHENTICATION_FAILED, _ALREADY_INITIALIZED},
                client.admin.command,
                {"replSetInitiate": {"_id": NAME, "members": [first], "settings": FAILOVER}},
            )
    with Client("127.0.0.1", port, directConnection=True) as client:
        _wait_until(lambda: _is_decided(client.admin.command("hello")))
        user = {"createUser": root["username"], "pwd": root["password"], "roles": ["root"]}
        _unless({_UNAUTHORIZED}, client.admin.command, user)


def _is_decided(hello: dict[str, Any]) -> bool:
    """Tell whether this server can be written to, or another one is."""
    return bool(hello["isWritablePrimary"]) or hello.get("primary", hello.get("me")) != hello.get("me")


def _unless(codes: set[int], run: Callable[[dict[str, Any]], object], command: dict[str, Any]) -> None:
    """Run a command, unless the server says by its code that it was run before, or is another's to run."""
    try:
        run(command)
    except OperationFailure as error:
        if error.code not in codes:
            raise


def _wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            raise SystemExit(f"{NAME} did not get ready within {_PATIENCE_SECONDS} s.")
        time.sleep(_PAUSE_SECONDS)


def _is_complete(client: Client, root: dict[str, Any]) -> bool:
    """Let the next server join, or tell that all have, and that each is up to date."""
    config = client.admin.command("replSetGetConfig")["config"]
    known = {member["host"] for member in config["members"]}
    missing = [name for name in (f"{host}:{port}" for host, port in root["nodelist"]) if name not in known]
    if missing or not FAILOVER.items() <= config["settings"].items():
        number = max(member["_id"] for member in config["members"]) + 1
        config["members"] += [{"_id": number, "host": name} for name in missing[:1]]
        config["settings"] |= FAILOVER
        config["version"] += 1
        try:
            client.admin.command("replSetReconfig", config)
        except PyMongoError as error:
            # One change at a time: the one before has to reach a majority first.
            print(f"Not yet: {error}")
        return False
    members = client.admin.command("replSetGetStatus")["members"]
    return {member["stateStr"] for member in members} <= {"PRIMARY", "SECONDARY"}


def _give_rights(client: Client, deployer: dict[str, Any], application: dict[str, Any]) -> None:
    """Make the two users, or bring their passwords and rights up to date."""
    database = application["database"]
    every = {"db": database, "collection": ""}
    privileges: list[dict[str, Any]] = [
        {"resource": every, "actions": ["find", "insert", "changeStream", "listCollections", "listIndexes"]}
    ]
    for name in sorted({collection.name for collection in COLLECTIONS} - APPEND_ONLY):
        privileges.append({"resource": {"db": database, "collection": name}, "actions": ["update", "remove"]})
    verb = "update" if client.admin.command("rolesInfo", ROLE)["roles"] else "create"
    client.admin.command(f"{verb}Role", ROLE, privileges=privileges, roles=[])
    for user, roles in (
        (deployer, [{"role": role, "db": database} for role in ("readWrite", "dbAdmin")]),
        (application, [{"role": ROLE, "db": "admin"}]),
    ):
        verb = "update" if client.admin.command("usersInfo", user["username"])["users"] else "create"
        client.admin.command(f"{verb}User", user["username"], pwd=user["password"], roles=roles)


if __name__ == "__main__":
    main()
