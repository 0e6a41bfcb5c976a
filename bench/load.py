"""Load by wrk, and what came of it."""

import os
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from bench.processes import cpu_seconds

_SCRIPT = Path(__file__).parent / "load.lua"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Successes a second, latencies in ms, and the processor time (ms) of one: of client, server and database."""

    rate: float
    p50: float
    p99: float
    failures: int = 0
    cpu: float = 0.0


def wrk(url: str, connections: int, seconds: float, **variables: str) -> Measured:
    """Let wrk make the requests that the variables of its script tell."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "-s", str(_SCRIPT), url]
    ran = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=True)
    rate, p50, p99, failures = ran.stdout.split("BENCH ")[1].split()
    return Measured(rate=float(rate), p50=float(p50), p99=float(p99), failures=int(failures))


def with_cpu(pids: Iterable[int], seconds: float, work: Callable[[], Measured]) -> Measured:
    """Measure, and add what processes used for it to what the measured has."""
    pids = list(pids)
    before = cpu_seconds(pids)
    measured = work()
    used = (cpu_seconds(pids) - before) * 1000 / max(measured.rate * seconds, 1)
    return replace(measured, cpu=measured.cpu + used)
