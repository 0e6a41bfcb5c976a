"""Group commit: postings that wait at the same time share one MongoDB transaction.

A caller of :meth:`Engine.submit` blocks. One committer takes whatever waits, commits it, answers, and takes
what arrived meanwhile; an idle committer takes a lone posting at once.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, TypeVar

import structlog

from paytm import db
from paytm.errors import ApiError, Unavailable
from paytm.ledger.posting import Outcome, Posting

Commit = Callable[[Sequence[Posting]], list[Outcome | ApiError]]

Result = TypeVar("Result")

log = structlog.get_logger()

# What becomes of a batch: answered, halved because one of it spoils it, or failed for everybody in it.
DONE, SPLIT, FAILED = "done", "split", "failed"


class Batch(NamedTuple):
    """What is reported of postings that shared a transaction, or were to; a feature's own work is a batch of one.

    :param outcome: one of these three.
    :param seconds: that it took, with everything that had to be repeated.
    :param waiting: how many wait behind it.
    """

    outcome: str
    size: int
    seconds: float
    waiting: int


def _nobody(batch: Batch) -> None:
    pass


class _Ticket:
    """A posting, or other work, that waits, and the answer to it."""

    __slots__ = ("answer", "answered", "asked", "expires")

    def __init__(self, asked: Posting | Callable[[], Any], expires: float) -> None:
        self.asked = asked
        self.expires = expires
        self.answered = threading.Event()
        self.answer: Any = None

    def resolve(self, answer: Any) -> None:
        self.answer = answer
        self.answered.set()


# Nothing is taken after it.
_END = _Ticket(lambda: None, 0)


class Engine:
    """Collects postings into batches and commits one batch at a time.

    :param commit: writes a batch in one transaction and returns an outcome or a refusal for each posting.
    :param patience: seconds that a caller waits for its answer.
    :param largest: how many postings one transaction takes at most.
    :param turn: held while a batch is taken and committed; what arrives while it is waited for joins the batch.
    :param on_batch: is told of each batch when it has its answers.
    """

    def __init__(
        self,
        commit: Commit,
        *,
        patience: float = 5.0,
        largest: int = 256,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
        on_batch: Callable[[Batch], None] = _nobody,
    ) -> None:
        self._commit = commit
        self._on_batch = on_batch
        self._turn = turn
        self._patience = patience
        self._largest = largest
        self._waiting: queue.SimpleQueue[_Ticket] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._committer: threading.Thread | None = None
        self._closed = False

    def submit(self, posting: Posting) -> Outcome:
        """Have a posting committed, and return what became of it.

        :raises ApiError: the posting is refused, and nothing was written.
        :raises Unavailable: there was no answer in time: it may have been written or not, which only the same
            idempotency key tells.
        """
        outcome: Outcome = self._ask(posting)
        return outcome

    def run(self, work: Callable[[], Result]) -> Result:
        """Have a transaction of a feature's own made between two batches, with which it would collide otherwise.

        :param work: makes one transaction, and raises what its caller shall see.
        :raises ApiError: the work is refused, and nothing was written.
        :raises Unavailable: as for :meth:`submit`.
        """
        result: Result = self._ask(work)
        return result

    def _ask(self, asked: Posting | Callable[[], Any]) -> Any:
        ticket = _Ticket(asked, time.monotonic() + self._patience)
        with self._lock:
            if self._closed:
                raise Unavailable
            if self._committer is None:
                # Not before the first posting: by then the process has forked, and is the one that serves.
                self._committer = threading.Thread(target=self._run, name="committer", daemon=True)
                self._committer.start()
            self._waiting.put(ticket)
        if not ticket.answered.wait(self._patience):
            raise Unavailable
        if isinstance(ticket.answer, ApiError):
            raise ticket.answer
        if isinstance(ticket.answer, Exception):
            raise Unavailable from ticket.answer
        return ticket.answer

    def close(self) -> None:
        """Refuse what comes from now on, and answer everything that waits already."""
        with self._lock:
            self._closed = True
            committer = self._committer
            self._waiting.put(_END)
        if committer is not None:
            committer.join()

    def _run(self) -> None:
        first = self._waiting.get()
        while first is not _END:
            # Requests that have arrived already are read first: a batch of one and then one of all the others
            # would take turns otherwise. Where there are none, this returns at once.
            time.sleep(0)
            with self._turn():
                batch, following = self._take(first)
                now = time.monotonic()
                self._settle([ticket for ticket in batch if ticket.expires > now])
            first = following or self._waiting.get()

    def _take(self, first: _Ticket) -> tuple[list[_Ticket], _Ticket | None]:
        """Return a ticket with all postings that wait beside it, and the ticket that follows where it is known."""
        batch = [first]
        while isinstance(first.asked, Posting) and len(batch) < self._largest:
            try:
                ticket = self._waiting.get_nowait()
            except queue.Empty:
                break
            if not isinstance(ticket.asked, Posting):
                return batch, ticket
            batch.append(ticket)
        return batch, None

    def _settle(self, batch: list[_Ticket]) -> None:
        """Commit a batch and answer it; where one posting spoils it, halve it until that one stands alone."""
        if not batch:
            return
        answers: Sequence[Any]
        outcome, began = DONE, time.monotonic()
        try:
            answers = self._answers(batch)
        except Exception as error:
            if len(batch) > 1 and not db.is_outage(error):
                log.warning("batch_split", size=len(batch), error=type(error).__name__)
                self._report(SPLIT, len(batch), time.monotonic() - began)
                middle = len(batch) // 2
                self._settle(batch[:middle])
                self._settle(batch[middle:])
                return
            if not (isinstance(error, ApiError) or db.is_outage(error)):
                # Who asked is told no more than that it cannot be done now.
                log.exception("batch_failed")
            outcome = DONE if isinstance(error, ApiError) else FAILED
            answers = [error] * len(batch)
        for ticket, answer in zip(batch, answers, strict=True):
            ticket.resolve(answer)
        self._report(outcome, len(batch), time.monotonic() - began)

    def _report(self, outcome: str, size: int, seconds: float) -> None:
        try:
            self._on_batch(Batch(outcome, size, seconds, self._waiting.qsize()))
        except Exception:
            # Money moves all the same.
            log.exception("batch_not_reported")

    def _answers(self, batch: list[_Ticket]) -> Sequence[Any]:
        first = batch[0].asked
        if isinstance(first, Posting):
            return self._commit([ticket.asked for ticket in batch if isinstance(ticket.asked, Posting)])
        return [first()]
