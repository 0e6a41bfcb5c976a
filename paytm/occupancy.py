"""How many connections each worker of a server has, so that the one with the fewest takes the next.

Whoever wakes first would take it otherwise. Of 16 connections one of two workers often had 13, and everybody waited for
its processor.
"""

import mmap

# Far more workers than there are at once; they come round to a place again when it is long free.
_PLACES = 64
_ABSENT = 0


class Occupancy:
    """Counts in memory that workers share: made before they are forked, and each writes at its own place alone."""

    def __init__(self) -> None:
        # At a place stands the number of connections and one, for the worker itself.
        self._places = memoryview(mmap.mmap(-1, _PLACES * 4)).cast("i")
        self._mine: int | None = None

    def enter(self, number: int) -> None:
        """Take the place of this process, which has no connections.

        :param number: another one than all other workers' that live.
        """
        self._mine = number % _PLACES
        self._places[self._mine] = _ABSENT + 1

    def leave(self, number: int) -> None:
        """Free the place of a worker that has died."""
        self._places[number % _PLACES] = _ABSENT

    def depart(self) -> None:
        """Free the place of this process, which takes no more connections."""
        if self._mine is not None:
            self._places[self._mine] = _ABSENT
            self._mine = None

    def add(self, change: int) -> None:
        """Count a connection more or less of this process."""
        if self._mine is not None:
            self._places[self._mine] += change

    def is_crowded(self) -> bool:
        """Tell whether another worker has fewer connections than this one."""
        if self._mine is None:
            return False
        own = self._places[self._mine]
        return any(_ABSENT < count < own for count in self._places)
