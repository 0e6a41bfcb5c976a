"""What open sockets cost: transfers per second without and with 500 of them on one process, and how soon they are told.

The sockets belong to people beside those who pay each other under load; some of them are paid now and then meanwhile.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bson import ObjectId

from bench.run import PEOPLE, ROOT, SETTINGS, _sign_up
from paytm.app import create_app
from paytm.dev.mongod import Mongod
from tests.npm import install
from tests.people import Person, claims
from tests.realtime.conftest import CLIENT
from tests.realtime.listeners import Listener, Node
from tests.server import Server, free_port

SOCKETS = 500
CONNECTIONS = (16, 64)
PROBE_SECONDS = 0.1


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=5, help="how long each line is measured")
    seconds = arguments.parse_args().seconds
    install(CLIENT)
    with tempfile.TemporaryDirectory() as folder, Mongod(Path(folder)) as mongod:
        settings = {**SETTINGS, "MONGODB_URI": mongod.uri, "DATA_DIR": folder, "WEB_CONCURRENCY": "1"}
        os.environ.update(settings)
        app = create_app()
        app.extensions["upgrade"].run()
        with app.app_context():
            tokens = [_sign_up(number) for number in range(PEOPLE + SOCKETS)]
        people = [ObjectId(claims(token)["userId"]) for token in tokens]
        paying = zip(tokens[:PEOPLE], people[:PEOPLE], strict=True)
        Path(folder, "users").write_text("".join(f"{token} {person}\n" for token, person in paying))
        server = Server(free_port(), settings, Path(folder, "log")).start()
        node = Node(CLIENT)
        try:
            measure(server, node, folder, seconds, tokens[PEOPLE:])
        finally:
            node.stop()
            server.stop()


def measure(server: Server, node: Node, folder: str, seconds: int, tokens: list[str]) -> None:
    listening = [Person(server.call, token, claims(token)["userId"], "") for token in tokens]
    for turn in range(2):
        for connections in CONNECTIONS:
            report(f"{connections} connections, no sockets", start(server, folder, connections, seconds))
        begun = time.perf_counter()
        sockets = [node.open(server.url, person.token) for person in listening]
        for socket in sockets:
            socket.wait_for("getOnlineUsers", seconds=60)
        print(f"{SOCKETS} sockets opened in {time.perf_counter() - begun:.1f} s")
        delays(listening, sockets, time.perf_counter() + seconds, "idle")
        for connections in CONNECTIONS:
            report(f"{connections} connections, {SOCKETS} sockets", start(server, folder, connections, seconds))
        load = start(server, folder, CONNECTIONS[0], seconds)
        delays(listening, sockets, time.perf_counter() + seconds - 1, "under load")
        report(f"{CONNECTIONS[0]} connections, {SOCKETS} sockets, some of them told", load)
        lost = sum(bool(socket.all("disconnect")) for socket in sockets)
        print(f"round {turn + 1}: {lost} sockets lost", flush=True)
        node.hang_up()
        time.sleep(3)


def start(server: Server, folder: str, connections: int, seconds: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "USERS": f"{folder}/users", "HOT": "0"}
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(ROOT / "bench/load.lua"), server.url]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def report(name: str, load: subprocess.Popen[str]) -> None:
    out, _ = load.communicate()
    rate, p50, p99, failures = out.split("BENCH ")[1].split()
    print(f"{name:48} {float(rate):6.0f} transfers/s   p50 {p50} ms   p99 {p99} ms   {failures} failures", flush=True)


def delays(people: list[Person], sockets: list[Listener], until: float, name: str) -> None:
    """Pay one after the other, and print how long after the answer's request each was told."""
    found, number = [], 0
    while time.perf_counter() < until:
        payer, payee, listener = people[number % 250], people[250 + number % 250], sockets[250 + number % 250]
        known, begun = len(listener.all("transfer")), time.time()
        assert payer.send(payee, 1).status == 200
        answered = time.time()
        listener.wait_for("transfer", times=known + 1)
        found.append((listener.times[-1] - answered * 1000, listener.times[-1] - begun * 1000))
        number += 1
        time.sleep(PROBE_SECONDS)
    after_answer, after_request = (statistics.median(column) for column in zip(*found, strict=True))
    print(
        f"told {name}: median {after_answer:.0f} ms after the payer's answer,"
        f" {after_request:.0f} ms after the request ({len(found)} transfers)",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
