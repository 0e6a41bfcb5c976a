"""How names are folded and cut up for searching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.user.directory import _fold, _grams, search_fields


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Asha", "asha"),
        ("  Asha \t Rao\n", "asha rao"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﬁona", "fiona"),
        ("cafe\u0301", "café"),
        ("Ａｓｈａ", "asha"),
        ("\u00a0Asha\u2003Rao", "asha rao"),
        ("हिन्दी", "हिन्दी"),
        ("", ""),
        ("   ", ""),
        (".*", ".*"),
    ],
)
def test_a_text_is_folded(text: str, folded: str) -> None:
    assert _fold(text) == folded


def test_grams_are_all_pieces_of_a_size() -> None:
    assert _grams("asha", [2]) == {"as", "sh", "ha"}
    assert _grams("asha", [1, 4]) == {"a", "s", "h", "asha"}


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_that_is_too_short_has_no_grams(text: str) -> None:
    assert _grams(text, [2, 3]) == set()


def test_a_name_is_searched_over_its_gap() -> None:
    fields = search_fields("Asha", "Rao")

    assert fields["searchName"] == "asha rao"
    assert {"a r", " ra", "a ", "o"} <= set(fields["grams"])
    assert fields["grams"] == sorted(fields["grams"])


@given(st.text(min_size=1, max_size=50), st.text(min_size=1, max_size=50), st.data())
def test_every_short_piece_of_a_name_is_a_gram(first: str, last: str, data: st.DataObject) -> None:
    fields = search_fields(first, last)
    text = fields["searchName"]
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    piece = text[start : start + data.draw(st.integers(1, 3))]

    assert not piece or piece in fields["grams"]


@given(st.text(alphabet="abcXYZ ÄöéßİﬁĲ", max_size=30))
def test_searching_for_a_whole_name_matches_it(name: str) -> None:
    fields = search_fields(name, "x")
    folded = _fold(f"{name} x")

    assert folded == fields["searchName"]
    assert _grams(folded, [min(len(folded), 3)]) <= set(fields["grams"])
