"""Group commit: postings that wait at the same time share one MongoDB transaction.

A caller of :meth:`Engine.submit` blocks. One committer takes whatever waits, commits it, answers, and takes
what arrived meanwhile; an idle committer takes a lone posting at once.
"""

import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import structlog

from paytm import db
from paytm.errors import ApiError, Unavailable
from paytm.ledger.posting import Outcome, Posting

Commit = Callable[[Sequence[Posting]], list[Outcome | ApiError]]

log = structlog.get_logger()


class _Ticket:
    """A posting that waits, and the answer to it."""

    __slots__ = ("answer", "answered", "expires", "posting")

    def __init__(self, posting: Posting, expires: float) -> None:
        self.posting = posting
        self.expires = expires
        self.answered = threading.Event()
        self.answer: Outcome | Exception | None = None

    def resolve(self, answer: Outcome | Exception) -> None:
        self.answer = answer
        self.answered.set()


class Engine:
    """Collects postings into batches and commits one batch at a time.

    :param commit: writes a batch in one transaction and returns an outcome or a refusal for each posting.
    :param patience: seconds that a caller waits for its answer.
    :param largest: how many postings one transaction takes at most.
    :param turn: held while a batch is taken and committed; what arrives while it is waited for joins the batch.
    """

    def __init__(
        self,
        commit: Commit,
        *,
        patience: float = 5.0,
        largest: int = 256,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._commit = commit
        self._turn = turn
        self._patience = patience
        self._largest = largest
        self._waiting: queue.SimpleQueue[_Ticket | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._committer: threading.Thread | None = None
        self._closed = False

    def submit(self, posting: Posting) -> Outcome:
        """Have a posting committed, and return what became of it.

        :raises ApiError: the posting is refused, and nothing was written.
        :raises Unavailable: there was no answer in time: it may have been written or not, which only the same
            idempotency key tells.
        """
        ticket = _Ticket(posting, time.monotonic() + self._patience)
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
        if isinstance(ticket.answer, Outcome):
            return ticket.answer
        if isinstance(ticket.answer, ApiError):
            raise ticket.answer
        raise Unavailable from ticket.answer

    def close(self) -> None:
        """Refuse what comes from now on, and answer everything that waits already."""
        with self._lock:
            self._closed = True
            committer = self._committer
            self._waiting.put(None)
        if committer is not None:
            committer.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            # Requests that have arrived already are read first: a batch of one and then one of all the others
            # would take turns otherwise. Where there are none, this returns at once.
            time.sleep(0)
            with self._turn():
                batch, more = self._take(first)
                now = time.monotonic()
                self._settle([ticket for ticket in batch if ticket.expires > now])
            if not more:
                return

    def _take(self, first: _Ticket) -> tuple[list[_Ticket], bool]:
        """Return a ticket with all that wait beside it, and whether more may come."""
        batch = [first]
        while len(batch) < self._largest:
            try:
                ticket = self._waiting.get_nowait()
            except queue.Empty:
                break
            if ticket is None:
                return batch, False
            batch.append(ticket)
        return batch, True

    def _settle(self, batch: list[_Ticket]) -> None:
        """Commit a batch and answer it; where one posting spoils it, halve it until that one stands alone."""
        if not batch:
            return
        answers: Sequence[Outcome | Exception]
        try:
            answers = self._commit([ticket.posting for ticket in batch])
        except Exception as error:
            if len(batch) > 1 and not db.is_outage(error):
                log.warning("batch_split", size=len(batch), error=type(error).__name__)
                middle = len(batch) // 2
                self._settle(batch[:middle])
                self._settle(batch[middle:])
                return
            answers = [error] * len(batch)
        for ticket, answer in zip(batch, answers, strict=True):
            ticket.resolve(answer)
