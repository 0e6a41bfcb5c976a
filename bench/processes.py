"""What processes use, by Linux's own account of them."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that processes have had so far, without that of their children."""
    return sum(_ticks(pid) for pid in pids) / _TICKS


def resident_mb(pid: int) -> float:
    """Return the memory that a process has at the moment."""
    status = Path(f"/proc/{pid}/status").read_text()
    (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


def _ticks(pid: int) -> int:
    # The second field is a name in brackets, which may have blanks in it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
