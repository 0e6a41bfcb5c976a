"""Cells that spreadsheets show and do not run."""

import pytest

from paytm.spreadsheet import text


@pytest.mark.parametrize("first", ["\t", "\r", "\n", "=", "+", "-", "@"])
def test_what_a_spreadsheet_would_run_gets_a_sign_in_front(first: str) -> None:
    assert text(f"{first}1") == f"'{first}1"
    assert text(f" {first}1") == f"' {first}1"
    assert text(f"1{first}1") == f"1{first}1"
