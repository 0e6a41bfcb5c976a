"""Rupees outside, paise inside, and nothing lost between them."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.money import MAX_PAISE, format_rupees, to_paise, to_rupees

MAX_RUPEES = MAX_PAISE // 100


@pytest.mark.parametrize(
    ("rupees", "paise"),
    [
        (0, 0),
        (1, 100),
        (MAX_RUPEES, MAX_PAISE),
        (Decimal("33.33"), 3333),
        (Decimal("0.01"), 1),
        (Decimal("0.1"), 10),
        (Decimal("0.29"), 29),
        (Decimal("1E+2"), 10000),
        (Decimal("5.0"), 500),
        (Decimal("9999999999999.99"), 999_999_999_999_999),
        ("0", 0),
        ("20.50", 2050),
        ("20.5", 2050),
        ("007", 700),
        ("0.07", 7),
        (" 5 ", 500),
        ("10000000000000", MAX_PAISE),
    ],
)
def test_rupees_become_paise(rupees: Any, paise: int) -> None:
    assert to_paise(rupees) == paise


BAD = {
    "minus one": -1,
    "minus one paisa": Decimal("-0.01"),
    "a tenth of a paisa": Decimal("0.001"),
    "a tenth of a paisa, as text": "0.001",
    "three decimals of nothing": Decimal("1.000"),
    "thirty decimals": Decimal("1." + "0" * 29 + "1"),
    "beyond a double": Decimal("1e400"),
    "an exponent bomb": Decimal("1E+999999"),
    "a negative exponent bomb": Decimal("-1E+999999"),
    "an exponent bomb of fractions": Decimal("1E-999999"),
    "NaN": Decimal("NaN"),
    "signalling NaN": Decimal("sNaN"),
    "Infinity": Decimal("Infinity"),
    "minus Infinity": Decimal("-Infinity"),
    "2^53": 2**53,
    "2^63": 2**63,
    "minus 2^63": -(2**63),
    "4000 digits": int("9" * 4000),
    "4000 digits of text": "9" * 4000,
    "one paisa too many": Decimal(MAX_RUPEES) + Decimal("0.01"),
    "one paisa too many, as text": f"{MAX_RUPEES}.01",
    "one rupee too many": MAX_RUPEES + 1,
    "true": True,
    "false": False,
    "a float": 1.5,
    "a whole float": 1.0,
    "float NaN": float("nan"),
    "null": None,
    "a list": [],
    "a list of one": [1],
    "an object": {},
    "bytes": b"5",
    "text": "abc",
    "empty": "",
    "blank": "  ",
    "full-width digits": "１００",
    "Arabic digits": "١٠٠",
    "superscript": "5²",
    "plus": "+5",
    "minus": "-5",
    "minus zero": "-0",
    "exponent": "1e2",
    "underscore": "1_000",
    "thousands": "1,000",
    "comma": "5,50",
    "hexadecimal": "0x10",
    "point without decimals": "5.",
    "point without rupees": ".5",
    "two points": "5.5.5",
    "currency": "₹5",
    "NaN text": "NaN",
    "Infinity text": "Infinity",
    "tab": "\t5",
    "line break": "5\n",
    "NUL": "5\0",
    "no-break space": "\u00a05",
    "zero-width space": "5\u200b",
    "inner blank": "1 000",
}


@pytest.mark.parametrize("rupees", BAD.values(), ids=BAD.keys())
def test_anything_else_is_refused(rupees: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it has no message for people
        to_paise(rupees)


@pytest.mark.parametrize("zero", [0, Decimal("0"), Decimal("-0.0"), Decimal("0E+999999"), "0.00"])
def test_every_zero_is_nothing(zero: Any) -> None:
    assert to_paise(zero) == 0


@given(st.integers(0, MAX_PAISE))
def test_paise_survive_the_way_out_and_in(paise: int) -> None:
    sent = json.dumps(to_rupees(paise))

    assert to_paise(json.loads(sent, parse_float=Decimal)) == paise


@given(st.integers(0, MAX_PAISE))
def test_paise_survive_a_javascript_client_that_shows_two_decimals(paise: int) -> None:
    # What .toFixed(2) makes of the number that was sent.
    assert to_paise(f"{json.loads(json.dumps(to_rupees(paise))):.2f}") == paise


@given(st.integers(0, MAX_PAISE))
def test_text_and_number_mean_the_same(paise: int) -> None:
    text = f"{paise // 100}.{paise % 100:02}"

    assert to_paise(text) == to_paise(Decimal(text)) == paise


@given(st.one_of(st.integers(), st.decimals(), st.text(), st.floats(), st.booleans(), st.binary(), st.none()))
def test_whatever_comes_is_paise_within_range_or_refused(rupees: Any) -> None:
    try:
        paise = to_paise(rupees)
    except ValueError:
        return
    assert type(paise) is int
    assert 0 <= paise <= MAX_PAISE
    assert Decimal(rupees) * 100 == paise


@pytest.mark.parametrize(
    ("paise", "text"), [(0, "0"), (1, "0.01"), (10, "0.1"), (100, "1"), (3333, "33.33"), (MAX_PAISE, "10000000000000")]
)
def test_paise_are_shown_as_short_as_they_are(paise: int, text: str) -> None:
    assert json.dumps(to_rupees(paise)) == text


@pytest.mark.parametrize(
    ("paise", "text"),
    [
        (0, "₹0.00"),
        (5, "₹0.05"),
        (-5, "-₹0.05"),
        (99_900, "₹999.00"),
        (100_000, "₹1,000.00"),
        (10_000_000, "₹1,00,000.00"),
        (-1_234_567_89, "-₹12,34,567.89"),
        (MAX_PAISE, "₹1,00,00,00,00,00,000.00"),
    ],
)
def test_people_read_rupees_in_lakhs_and_crores(paise: int, text: str) -> None:
    assert format_rupees(paise) == text


@given(st.integers(-MAX_PAISE, MAX_PAISE))
def test_the_grouping_loses_no_digit(paise: int) -> None:
    assert int(format_rupees(paise).replace("₹", "").replace(",", "").replace(".", "")) == paise
