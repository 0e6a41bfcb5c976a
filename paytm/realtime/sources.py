"""Who is told what of the outbox's rows, by their kind. A kind that is not here is told to nobody over sockets."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from paytm.realtime.movements import Movements, Told

Row = Mapping[str, Any]
# Each function takes a row and yields user, event and payload; only users with a socket here are sent it.
Table = Mapping[str, Callable[[Row], Iterable[Told]]]


def table(movements: Movements) -> Table:
    """Return the functions of this process."""
    return {
        "transaction.completed": movements.told,
    }
