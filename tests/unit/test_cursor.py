"""Cursors of lists by time."""

from datetime import UTC, datetime

import pytest
from bson import ObjectId

from paytm import cursor
from paytm.cursor import Place
from paytm.errors import InvalidInput

ID = "0" * 24


def test_a_place_is_read_as_it_was_written() -> None:
    for millisecond in range(1000):
        place = Place(datetime(2026, 11, 21, 9, 30, 0, millisecond * 1000, tzinfo=UTC), ObjectId(ID))
        assert cursor.read(cursor.write(place)) == place


def test_no_cursor_is_no_place() -> None:
    assert cursor.read(None) is None
    assert cursor.older(None) == {}


@pytest.mark.parametrize("text", ["", "-", "1-", "-1", "1-2-3", f"x-{ID}", f"-1-{ID}", f"1-{ID}0", f"{'9' * 30}-{ID}"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        cursor.read(text)
