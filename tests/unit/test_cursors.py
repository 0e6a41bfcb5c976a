"""Cursors of what was missed: whatever appears late, however pages are cut, nothing is left out, and pages end."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from bson import ObjectId
from hypothesis import given, settings
from hypothesis import strategies as st

from paytm.realtime import cursors
from paytm.realtime.cursors import Mark, Reached, advance, read, write

START = datetime(2026, 11, 21, tzinfo=UTC)
MARGIN = 15
ACCOUNT = ObjectId(f"{1:024x}")

# When something was made, and how long after that it appears; several may be made at once.
changes = st.lists(st.tuples(st.integers(0, 40), st.integers(0, MARGIN - 1)), min_size=1, max_size=20)
# When a client asks.
polls = st.lists(st.integers(0, 70), max_size=8).map(sorted)


def at(seconds: int) -> datetime:
    return START + timedelta(seconds=seconds)


def told(made: list[tuple[int, int]], asked: list[int], limit: int) -> list[list[Mark]]:
    """Return what a client is told each time that it asks for all there is, and then once when everything is over."""
    appear = {Mark(at(seconds), "m", ObjectId(f"{n:024x}")): seconds + late for n, (seconds, late) in enumerate(made)}
    cursor, heard = write(Reached({ACCOUNT: 1}, at(-MARGIN))), []
    for now in [*asked, 200]:
        heard.append([])
        for pages in count(1):
            start = read(cursor, now=at(now))
            seen = sorted(m for m, when in appear.items() if when <= now and m.at > start.since and m not in start.told)
            waiting = seen[limit] if len(seen) > limit else None
            heard[-1] += seen[:limit]
            cursor = write(advance(start, seen[:limit], waiting=waiting, settled=at(now - MARGIN)))
            if waiting is None:
                break
            assert pages <= len(made)
    return heard


@given(changes, polls, st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_everything_is_told_once(made: list[tuple[int, int]], asked: list[int], limit: int) -> None:
    heard = [mark for each in told(made, asked, limit) for mark in each]

    assert len(heard) == len(set(heard)) == len(made)


@given(changes, polls, st.integers(1, 4))
@settings(max_examples=150, deadline=None)
def test_of_more_than_a_cursor_holds_nothing_is_left_out(
    made: list[tuple[int, int]], asked: list[int], limit: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursors, "MOST_TOLD", 2)
        heard = told(made, asked, limit)

    assert len({mark for each in heard for mark in each}) == len(made)
    # Each time that it asks, it is told of a thing once.
    assert all(len(each) == len(set(each)) for each in heard)


def test_a_cursor_is_read_as_it_was_written() -> None:
    marks = frozenset(Mark(at(n) + n * timedelta(milliseconds=1), "mdr"[n % 3], ObjectId()) for n in range(1, 64))
    reached = Reached({ACCOUNT: 3, ObjectId(): 10**17}, at(0), marks, at(-20))

    text = write(reached)

    assert read(text, now=at(9)) == reached
    assert len(text) < 2500


def test_a_cursor_of_money_alone_begins_now() -> None:
    assert read(f"{ACCOUNT}-3", now=at(9)) == Reached({ACCOUNT: 3}, at(9))
