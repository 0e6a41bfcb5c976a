"""The one change stream of a process: what any process committed, in order, through failovers."""

import random
import threading
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from pymongo.errors import OperationFailure, PyMongoError

from paytm import db
from paytm.ledger.store import OUTBOX

log = structlog.get_logger()

Change = Mapping[str, Any]

_PIPELINE: list[Mapping[str, Any]] = [
    {"$match": {"operationType": "insert", "ns.coll": {"$in": ["accounts", OUTBOX, "signals"]}}}
]
# How soon it is noticed that nobody listens any more.
_AWAIT_MILLISECONDS = 500
_LONGEST_PAUSE_SECONDS = 1.0
# InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost: to go on from there is not possible any more.
_NOT_RESUMABLE = {260, 280, 286}


class Stream:
    """Follows the database from the moment it is ``opened``.

    :param handle: takes each change; when the database is away meanwhile, it gets the same one again.
    :param lost: is called when changes were missed for good.
    """

    def __init__(self, handle: Callable[[Change], None], lost: Callable[[], None]) -> None:
        self._handle = handle
        self._lost = lost
        self._token: Mapping[str, Any] | None = None
        self._missed = False
        self._stopping = threading.Event()
        self.opened = threading.Event()

    def start(self) -> None:
        """Begin to follow, in a thread of its own."""
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow()
            except PyMongoError as error:
                log.warning("change_stream_interrupted", error=type(error).__name__)
                if isinstance(error, OperationFailure) and error.code in _NOT_RESUMABLE:
                    self._token, self._missed = None, True
                self._stopping.wait(random.uniform(0.1, _LONGEST_PAUSE_SECONDS))  # noqa: S311 - no secret

    def _follow(self) -> None:
        with db.database().watch(_PIPELINE, resume_after=self._token, max_await_time_ms=_AWAIT_MILLISECONDS) as changes:
            self._token = changes.resume_token
            self.opened.set()
            if self._missed:
                self._lost()
                self._missed = False
            while not self._stopping.is_set():
                change = changes.try_next()
                if change is not None:
                    self._take(change)
                self._token = changes.resume_token

    def _take(self, change: Change) -> None:
        try:
            self._handle(change)
        except PyMongoError:
            raise
        except Exception:
            # A defect of ours, which must not end all that follows.
            log.exception("change_not_told", collection=change["ns"]["coll"])
