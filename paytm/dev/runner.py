"""What `make run` does: MongoDB, its collections, the API and what runs beside it, until Ctrl-C."""

import contextlib
import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from paytm.dev import child, lock
from paytm.dev.mongod import Mongod, MongodFailed, MongodMissing
from paytm.dev.stripe import launch

# Started in this order and stopped in the reverse one: the API is last, so that it stops first.
_SERVICES: dict[str, Sequence[str]] = {
    "The worker": [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
    "The API": [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
}
_INIT_DB = [sys.executable, "-m", "flask", "--app", "wsgi", "init-db"]
_ANY_HOST = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, not listened on
# A run that was killed leaves an API behind that needs a moment to end.
_PORT_SECONDS = 2.0
_LIVE_SECONDS = 30.0
_STOP_SECONDS = 12.0
_POLL_SECONDS = 0.1
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_Processes = dict[str, subprocess.Popen[bytes]]


class RunFailed(RuntimeError):
    """It cannot run or go on; the message is one line for the developer."""


def run(config: Mapping[str, Any]) -> int:
    """Run everything until a stop signal and return the exit code: 0 when stopped, 1 when it failed.

    `config` has PORT, HOST, DATA_DIR (a Path), MONGODB_URI, STRIPE_SECRET_KEY and PRODUCTION. With MONGODB_URI set
    nothing is embedded; with a key of Stripe's, and in production, nothing stands in for Stripe.
    """
    with _stop_signals_interrupt(), contextlib.ExitStack() as running:
        try:
            _run(running, config)
        except KeyboardInterrupt:
            _say("Stopping …")
        except (RunFailed, MongodFailed, MongodMissing) as error:
            _ignore_stop_signals()
            _say(str(error))
            return 1
    _say("Stopped.")
    return 0


def _run(running: contextlib.ExitStack, config: Mapping[str, Any]) -> None:
    """Start one after the other and watch over them; `running` gets what undoes it."""
    running.enter_context(_sole_run(config))
    _check_port(config["HOST"], config["PORT"])
    processes: _Processes = {}
    uri = config["MONGODB_URI"]
    if not uri:
        _say(f"Starting MongoDB, data in {config['DATA_DIR']} …")
        mongod = running.enter_context(Mongod(config["DATA_DIR"]))
        uri, processes["MongoDB"] = mongod.uri, mongod.process
    settings = {"HOST": config["HOST"], "PORT": str(config["PORT"]), "MONGODB_URI": uri}
    environment = {**os.environ, **settings, "DATA_DIR": str(config["DATA_DIR"])}
    _say("Preparing collections and indexes …")
    _init_db(environment)
    if not (config["STRIPE_SECRET_KEY"] or config["PRODUCTION"]):
        processes["The stand-in for Stripe"], settings = _start_stand_in(running, config, environment)
        environment |= settings
    _say("Starting the API …")
    for name, command in _SERVICES.items():
        processes[name] = _spawn(command, environment)
        running.callback(child.stop, processes[name], seconds=_STOP_SECONDS)
    _wait_until_live(config, processes)
    _say(f"Ready on {_url(config)}")
    _watch(processes)


@contextlib.contextmanager
def _sole_run(config: Mapping[str, Any]) -> Iterator[None]:
    """Hold the data folder's run lock, whose note says where this run answers. Raises RunFailed."""
    config["DATA_DIR"].mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.ExitStack() as held:
        try:
            note = f"{_url(config)}, pid {os.getpid()}"
            held.enter_context(lock.hold(config["DATA_DIR"] / "run.lock", note=note))
        except lock.LockHeldError as error:
            raise RunFailed(
                f"Already running on {config['DATA_DIR']} ({error.note});"
                f" for a second one: DATA_DIR={config['DATA_DIR']}2 PORT={config['PORT'] + 1} make run"
            ) from None
        yield


def _check_port(host: str, port: int) -> None:
    """Raise RunFailed if the API could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    deadline = time.monotonic() + _PORT_SECONDS
    while True:
        try:
            return socket.create_server((host, port), family=family).close()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
                why = os.strerror(error.errno or 0).lower()
                raise RunFailed(f"Port {port} on {host}: {why}; choose another: PORT={port + 1}") from None
        time.sleep(_POLL_SECONDS)


def _start_stand_in(
    running: contextlib.ExitStack, config: Mapping[str, Any], environment: Mapping[str, str]
) -> tuple[subprocess.Popen[bytes], dict[str, str]]:
    """Start what stands in for Stripe, and return the process and the settings that lead to it."""
    with launch.listen(config["DATA_DIR"], but_not=config["PORT"]) as listener:
        planned = launch.plan(listener, config["DATA_DIR"], api_url=_url(config))
        process = _spawn(planned.command, environment, pass_fds=[listener.fileno()])
    running.callback(child.stop, process, seconds=_STOP_SECONDS)
    _say(f"No STRIPE_SECRET_KEY: a stand-in for Stripe on {planned.url} takes the card payments.")
    return process, planned.settings


def _spawn(command: Sequence[str], environment: Mapping[str, str], **options: Any) -> subprocess.Popen[bytes]:
    return child.spawn(command, on_parent_death=signal.SIGTERM, env=environment, stdin=subprocess.DEVNULL, **options)


def _init_db(environment: Mapping[str, str]) -> None:
    process = _spawn(_INIT_DB, environment)
    try:
        if process.wait() != 0:
            raise RunFailed(f"init-db failed with code {process.returncode}; what it printed is above.")
    finally:
        child.stop(process, seconds=_STOP_SECONDS)


def _wait_until_live(config: Mapping[str, Any], processes: _Processes) -> None:
    """Return when the API answers. Raises RunFailed if it does not in time."""
    # Not "localhost", which may be another program's [::1] on the same port.
    host = "127.0.0.1" if config["HOST"] in _ANY_HOST else config["HOST"]
    deadline = time.monotonic() + _LIVE_SECONDS
    while time.monotonic() < deadline:
        connection = http.client.HTTPConnection(host, config["PORT"], timeout=2)
        with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("GET", "/health/live")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        _check_alive(processes)
        time.sleep(_POLL_SECONDS)
    raise RunFailed(f"The API does not answer on {_url(config)} after {_LIVE_SECONDS:.0f} s.")


def _watch(processes: _Processes) -> None:
    """Sleep until a process ends by itself (RunFailed) or a stop signal comes (KeyboardInterrupt)."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    with receiver, sender:
        # Each signal writes a byte there, so that none gets lost between a look and the next wait.
        signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        try:
            while True:
                _check_alive(processes)
                receiver.recv(64)
        finally:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _check_alive(processes: _Processes) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise RunFailed(f"{name} ended by itself with code {process.returncode}; stopping the rest.")


@contextlib.contextmanager
def _stop_signals_interrupt() -> Iterator[None]:
    """Turn the first stop signal into a KeyboardInterrupt; further ones are ignored while it stops."""
    before = {number: signal.getsignal(number) for number in _STOP_SIGNALS}
    for number in _STOP_SIGNALS:
        # An ignored SIGHUP is somebody's nohup.
        if (number, before[number]) != (signal.SIGHUP, signal.SIG_IGN):
            signal.signal(number, _interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, frame: object) -> None:
    _ignore_stop_signals()
    raise KeyboardInterrupt


def _ignore_stop_signals() -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _url(config: Mapping[str, Any]) -> str:
    host = "localhost" if config["HOST"] in (*_ANY_HOST, "127.0.0.1") else config["HOST"]
    return f"http://{host}:{config['PORT']}"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - the developer's terminal is its user interface
