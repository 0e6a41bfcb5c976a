"""Text that is laid out for paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.account import paper


@pytest.fixture(scope="module", autouse=True)
def _font() -> None:
    paper._load_font()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_no_letter_is_lost_and_every_line_fits(text: str) -> None:
    lines = paper._wrapped(text)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(paper._width(line) <= paper._DETAILS_WIDTH for line in lines)


def test_lines_break_between_words_where_they_can() -> None:
    lines = paper._wrapped("Lunch at the new place near the station, with everybody from work")

    assert len(lines) == 2
    assert all(not line.startswith(" ") and not line.endswith(" ") for line in lines)


def test_nothing_takes_no_line() -> None:
    assert paper._wrapped("  ") == []
