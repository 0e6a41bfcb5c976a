"""The fields that requests are made of."""

from decimal import Decimal
from typing import Any

import pytest
from bson import ObjectId
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from paytm.api import Id, Line, PageSize, Rupees, Switch, Text

ID = "0123456789abcdef01234567"


def test_an_id_is_24_hexadecimal_digits() -> None:
    assert Id().deserialize(ID) == Id().deserialize(ID.upper()) == ObjectId(ID)


@pytest.mark.parametrize("value", [ID[:-1], ID + "0", "x" * 24, "", 5, None, [], {}, ObjectId(), b"x" * 12, " " * 24])
def test_anything_else_is_no_id(value: Any) -> None:
    with pytest.raises(ValidationError):
        Id().deserialize(value)


@given(st.text(max_size=30))
def test_any_text_is_an_id_or_refused(value: str) -> None:
    try:
        found = Id().deserialize(value)
    except ValidationError:
        return
    assert str(found) == value.lower()


@pytest.mark.parametrize(("value", "line"), [(" a ", "a"), ("\ta\n", "a"), ("", ""), ("a  b", "a  b"), ("é🙂", "é🙂")])
def test_a_line_is_trimmed(value: str, line: str) -> None:
    assert Line().deserialize(value) == line


@pytest.mark.parametrize(
    "value", ["a\0b", "a\nb", "a\tb", "\x1b[0m", "a\x7fb", "a\x85b", 5, None, ["a"], {"a": 1}, True]
)
def test_a_line_has_no_control_characters(value: Any) -> None:
    with pytest.raises(ValidationError):
        Line().deserialize(value)


def test_a_text_has_lines_and_no_other_control_characters() -> None:
    assert Text().deserialize(" a\r\n\tb\n") == "a\r\n\tb"
    for value in ("a\0b", "\x1b[0m", "a\x7fb", "a\x85b", 5, None, ["a"]):
        with pytest.raises(ValidationError):
            Text().deserialize(value)


@pytest.mark.parametrize(("value", "size"), [("1", 1), ("50", 50), ("100", 100), ("101", 100), ("1e9", 100), (7, 7)])
def test_a_page_has_at_most_a_hundred(value: Any, size: int) -> None:
    assert PageSize().deserialize(value) == size


@pytest.mark.parametrize("value", ["0", "-1", "-1e999999", "-1e999999999999999999", "-Infinity", "0.5", "-0"])
def test_a_page_has_at_least_one(value: str) -> None:
    assert PageSize().deserialize(value) == 1


@pytest.mark.parametrize("value", ["", "x", "NaN", "sNaN", "-NaN", "1e99999999999999999999999", "1,5", None])
def test_a_page_size_is_a_number(value: Any) -> None:
    with pytest.raises(ValidationError):
        PageSize().deserialize(value)


@given(st.text(max_size=20) | st.decimals().map(str) | st.integers().map(str))
def test_any_page_size_is_from_one_to_a_hundred_or_refused(value: str) -> None:
    try:
        size = PageSize().deserialize(value)
    except ValidationError:
        return
    assert 1 <= size <= 100


@pytest.mark.parametrize(("value", "paise"), [("33.33", 3333), (5, 500), (Decimal("0.01"), 1)])
def test_rupees_are_read_as_paise_and_shown_again(value: Any, paise: int) -> None:
    assert Rupees().deserialize(value) == paise
    assert Decimal(str(Rupees()._serialize(paise))) == Decimal(str(value))


@pytest.mark.parametrize("value", [True, None, "x", Decimal("NaN"), 1.5, -1])
def test_what_is_no_money_is_refused_for_people(value: Any) -> None:
    with pytest.raises(ValidationError):
        Rupees().deserialize(value)


@pytest.mark.parametrize("value", [0, 1, 1.0, "true", "false", "on", "no", "", None, [], {}])
def test_a_switch_is_true_or_false_and_nothing_that_looks_like_it(value: Any) -> None:
    assert [Switch().deserialize(value) for value in (True, False)] == [True, False]
    with pytest.raises(ValidationError):
        Switch().deserialize(value)
