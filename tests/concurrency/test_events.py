"""What somebody missed, asked for while it happens: nothing is left out, and nothing comes twice."""

from time import monotonic

from tests.catching_up import catch_up, here
from tests.concurrency.together import at_once
from tests.people import sign_up
from tests.server import Server
from tests.talking import say

_SENDERS = 4
_EACH = 15


def test_who_polls_gets_all_that_four_people_write_at_once(server: Server) -> None:
    reader, *senders = [sign_up(server.call) for _ in range(_SENDERS + 1)]
    start, deadline = here(reader), monotonic() + 60

    def act(number: int) -> list[str]:
        if number < _SENDERS:
            return [say(senders[number], reader, str(turn)) for turn in range(_EACH)]
        heard, cursor = [], start
        while len(heard) < _SENDERS * _EACH and monotonic() < deadline:
            events, cursor = catch_up(reader, cursor, limit=7)
            heard += [data["id"] for _, data in events]
        return heard + [data["id"] for _, data in catch_up(reader, cursor)[0]]

    *said, heard = at_once(_SENDERS + 1, act)

    assert sorted(heard) == sorted(message for one in said for message in one)
    for one in said:
        assert [message for message in heard if message in one] == one
