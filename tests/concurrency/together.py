"""Doing something many times at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

Result = TypeVar("Result")


def at_once(count: int, do: Callable[[int], Result]) -> list[Result]:
    """Call ``do`` with 0, 1, 2 … in threads that all start at the same moment, and return the results in order."""
    barrier = Barrier(count, timeout=20)

    def run(number: int) -> Result:
        barrier.wait()
        return do(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
