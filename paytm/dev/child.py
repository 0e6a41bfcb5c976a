"""Child processes that never outlive their parent, not even one that is killed with SIGKILL."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

_PR_SET_PDEATHSIG = 1


def spawn(command: Sequence[str], *, on_parent_death: signal.Signals, **options: Any) -> subprocess.Popen[bytes]:
    """Start a command in its own session and let the kernel signal it when this process dies.

    Its own session keeps a terminal's Ctrl-C away from it, so that the parent decides what stops first.
    `options` go to Popen. Raises RuntimeError outside of the main thread: the kernel sends the signal as
    soon as the *thread* that started the child ends.
    """
    if sys.platform == "linux" and threading.get_native_id() != os.getpid():
        raise RuntimeError("a child process must be started from the main thread")
    prelude = [sys.executable, "-IS", __file__, str(os.getpid()), on_parent_death.name]
    return subprocess.Popen([*prelude, *command], start_new_session=True, **options)


def stop(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Ask a spawned process to end, and after so many seconds kill it with all that it started itself."""
    if process.poll() is None:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    # The session is the process group: this reaches workers that a dead leader left behind.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _become(parent: int, death_signal: signal.Signals, command: list[str]) -> None:
    """Bind this process to its parent and replace it by the command; the binding survives exec.

    A program of its own instead of Popen's preexec_fn, which may deadlock in a parent that has threads.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
        # A parent that died before the call above is never reported.
        if os.getppid() != parent:
            sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - a shell is what it must not be


if __name__ == "__main__":
    _become(int(sys.argv[1]), signal.Signals[sys.argv[2]], sys.argv[3:])
