"""JSON, read as its standard has it and no looser."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.api import read_json


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"{}", {}),
        (b' {"a": [1, true, null]} \n', {"a": [1, True, None]}),
        (b"0.1", Decimal("0.1")),
        (b"0.30000000000000004", Decimal("0.30000000000000004")),
        (b"1e2", Decimal("1E+2")),
        (b"-0.0", Decimal("-0.0")),
        (b"1e400", Decimal("1E+400")),
        (b"9007199254740993", 9007199254740993),
        (b'"\xe2\x82\xb9"', "₹"),
        (b'"\\u20b9"', "₹"),
        (b'"\\ud83d\\ude42"', "🙂"),
        (b'"\\u0000"', "\0"),
        (b'{"a": {"b": 1}, "b": 1}', {"a": {"b": 1}, "b": 1}),
        (b'{"a": 1e-7}', {"a": Decimal("1E-7")}),
    ],
)
def test_sound_json_is_read(body: bytes, value: Any) -> None:
    assert read_json(body) == value


def test_a_fraction_is_never_a_float() -> None:
    assert [type(number) for number in read_json(b"[1.5, 1e5, -0.0, 1]")] == [Decimal, Decimal, Decimal, int]


UNSOUND = {
    "empty": b"",
    "blank": b" ",
    "NaN": b"NaN",
    "Infinity": b'{"a": Infinity}',
    "minus Infinity": b"[-Infinity]",
    "duplicate names": b'{"a": 1, "a": 1}',
    "duplicate names, escaped": b'{"a": 1, "\\u0061": 2}',
    "duplicate names further in": b'[{"b": {"a": 1, "a": 2}}]',
    "lone high surrogate": b'"\\ud800"',
    "lone low surrogate": b'"\\udfff"',
    "surrogates the wrong way round": b'"\\ude42\\ud83d"',
    "lone surrogate as a name": b'{"\\ud800": 1}',
    "lone surrogate beside a Decimal": b'[1.5, "\\ud800"]',
    "bad UTF-8": b'"\xff"',
    "overlong UTF-8": b'"\xc0\x80"',
    "UTF-8 surrogate": b'"\xed\xa0\x80"',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "cut off": b'{"a": ',
    "something behind it": b"{} x",
    "NUL behind it": b"{}\0",
    "two values": b"{}{}",
    "trailing comma": b"[1,]",
    "single quotes": b"{'a': 1}",
    "comment": b"{} // x",
    "raw control character": b'"a\nb"',
    "leading zero": b"01",
    "plus": b"+1",
    "hexadecimal": b"0x10",
    "5000 digits": b"9" * 5000,
    "giant exponent": b"1e9999999999999999999",
    "giant negative exponent": b"[1.0e-9999999999999999999]",
}


@pytest.mark.parametrize("body", UNSOUND.values(), ids=UNSOUND.keys())
def test_unsound_json_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the messages are the library's
        read_json(body)


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000, b"[" * 100_000 + b"]" * 100_000])
def test_deep_nesting_is_refused(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_json(body)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(_VALUES, st.booleans())
def test_what_was_written_is_read(value: Any, escaped: bool) -> None:
    assert read_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        value = read_json(body)
    except (ValueError, RecursionError):
        return
    json.dumps(value, ensure_ascii=False, default=str).encode()
