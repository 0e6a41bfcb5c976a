"""How texts are folded and cut up for searching."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.grams import _grams, containing, fields, fold


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
    assert fold(text) == folded


def test_grams_are_all_pieces_of_a_size() -> None:
    assert _grams("asha", [2]) == {"as", "sh", "ha"}
    assert _grams("asha", [1, 4]) == {"a", "s", "h", "asha"}


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_that_is_too_short_has_no_grams(text: str) -> None:
    assert _grams(text, [2, 3]) == set()


def test_an_empty_text_is_in_every_text() -> None:
    assert containing(" ", longest=10) == {}


def test_a_short_text_is_looked_up_as_it_stands() -> None:
    assert containing("AS", longest=10) == {"grams": {"$all": ["as"]}}


def test_a_long_text_is_confirmed_literally() -> None:
    assert containing("A.*b", longest=10) == {"grams": {"$all": [".*b", "a.*"]}, "searchName": {"$regex": r"a\.\*b"}}


@pytest.mark.parametrize("text", ["a" * 11, "\0", "a\0b"])
def test_what_no_text_contains_is_not_asked_for(text: str) -> None:
    assert containing(text, longest=10) is None


@given(st.text(min_size=1, max_size=100), st.data())
def test_every_short_piece_of_a_text_is_a_gram(whole: str, data: st.DataObject) -> None:
    kept = fields(whole)
    text = kept["searchName"]
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    piece = text[start : start + data.draw(st.integers(1, 3))]

    assert not piece or piece in kept["grams"]


@given(st.text(alphabet="abcXYZ ÄöéßİﬁĲ", min_size=1, max_size=30))
def test_a_text_contains_itself(text: str) -> None:
    kept, sought = fields(text), containing(text, longest=30)

    assert sought is not None
    assert set(sought.get("grams", {"$all": []})["$all"]) <= set(kept["grams"])
