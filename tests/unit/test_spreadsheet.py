"""Cells that spreadsheets show and do not run."""

import csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from paytm.spreadsheet import lines, plain, text


@pytest.mark.parametrize("first", ["\t", "\r", "\n", "=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_gets_a_sign_in_front(first: str) -> None:
    assert text(f"{first}1") == f"'{first}1"
    assert text(f" {first}1") == f"' {first}1"
    assert text(f"'{first}1") == f"''{first}1"
    assert text(f"1{first}1") == f"1{first}1"


@settings(max_examples=60, deadline=None)
@given(st.text("'= -+@a\t\n\r,\";＝", max_size=8))
@example("'it's")
def test_a_text_is_read_back_as_it_was_written(written: str) -> None:
    line = lines([(text(written), "x")])

    ((cell, _),) = csv.reader(io.StringIO(line, newline=""))
    assert plain(cell) == written
