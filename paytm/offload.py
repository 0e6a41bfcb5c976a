"""Work that keeps a processor busy, outside the event loop and never more of it at once than the machine can spare."""

import threading
from collections.abc import Callable
from typing import TypeVar, cast

from gevent import monkey
from gevent.threadpool import ThreadPool

from paytm.errors import Unavailable

Result = TypeVar("Result")

_RETRY_AFTER = 5


class Offload:
    """Runs a few at a time, so that they never slow transfers down, and lets the others wait.

    :param concurrency: how many run at the same time.
    :param longest_queue: how many may run and wait, so that the last one still ends before its client gives up.
    :param count: is called with 1 and -1 when one comes and goes.
    """

    def __init__(
        self, *, concurrency: int, longest_queue: int, count: Callable[[int], object] = lambda change: None
    ) -> None:
        self._count = count
        self._places = threading.BoundedSemaphore(longest_queue)
        self._slots = threading.BoundedSemaphore(concurrency)
        # What releases the GIL would hold gevent's loop all the same: there it runs in native threads.
        self._pool = ThreadPool(concurrency) if monkey.is_module_patched("threading") else None

    def run(self, work: Callable[[], Result]) -> Result:
        """Return what ``work`` returns, or raise what it raises.

        :raises Unavailable: too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise Unavailable(retry_after=_RETRY_AFTER)
        self._count(1)
        try:
            if self._pool is not None:
                result, error = self._pool.apply(_settled, (work,))
                if error is not None:
                    raise error
                return cast(Result, result)
            with self._slots:
                return work()
        finally:
            self._count(-1)
            self._places.release()


def _settled(work: Callable[[], Result]) -> tuple[Result | None, Exception | None]:
    # gevent prints what leaves a thread of its pool as an error, as if nobody caught it.
    try:
        return work(), None
    except Exception as error:
        return None, error
