"""argon2id, and never more of it at once than the machine can spare."""

import unicodedata
from collections.abc import Callable
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from paytm.offload import Offload

# At some 20 ms a hash this is the longest queue that still answers before a client gives up.
_LONGEST_QUEUE = 200


class Passwords:
    """Hashes and verifies outside the event loop, a few at a time, so that sign-ins never slow transfers down.

    :param memory_kib: argon2's memory in KiB.
    :param time_cost: argon2's passes.
    :param concurrency: how many hashes run at the same time.
    :param count: see :class:`paytm.offload.Offload`.
    """

    def __init__(
        self, *, memory_kib: int, time_cost: int, concurrency: int, count: Callable[[int], object] = lambda change: None
    ) -> None:
        self._hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)
        self._offload = Offload(concurrency=concurrency, longest_queue=_LONGEST_QUEUE, count=count)
        self._nobody = self._hasher.hash("nobody's password")

    def hash(self, password: str) -> str:
        """Return the argon2id hash of a password.

        :raises Unavailable: too many wait already.
        """
        return self._offload.run(partial(self._hasher.hash, _normal(password)))

    def verify(self, hashed: str | None, password: str) -> bool:
        """Tell whether a password fits a hash; None, for a user who does not exist, takes as long and never fits.

        :raises Unavailable: too many wait already.
        """
        fits = self._offload.run(partial(self._verify, hashed or self._nobody, _normal(password)))
        return fits and hashed is not None

    def is_outdated(self, hashed: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    # The same password may arrive composed or decomposed, depending on the keyboard (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)
