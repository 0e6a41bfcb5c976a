"""The parts of the audit that need no database."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.ledger.audit import Unbalanced, _fold, _side_by_side


def _walk(left: list[int], right: list[int]) -> list[tuple[int | None, list[int]]]:
    records = _side_by_side([{"_id": key} for key in left], "_id", [{"of": key} for key in right], "of")
    return [(record and record["_id"], [line["of"] for line in lines]) for record, lines in records]


@pytest.mark.parametrize(
    ("left", "right", "pairs"),
    [
        ([], [], []),
        ([1, 2], [], [(1, []), (2, [])]),
        ([], [1, 1, 2], [(None, [1, 1]), (None, [2])]),
        ([1, 2], [1, 2], [(1, [1]), (2, [2])]),
        ([1, 2], [1, 1, 2], [(1, [1, 1]), (2, [2])]),
        ([1, 3], [2], [(1, []), (None, [2]), (3, [])]),
        ([2], [1, 2, 3], [(None, [1]), (2, [2]), (None, [3])]),
        ([1, 2, 3], [2], [(1, []), (2, [2]), (3, [])]),
    ],
)
def test_two_streams_are_walked_side_by_side(left: list[int], right: list[int], pairs: list[Any]) -> None:
    assert _walk(left, right) == pairs


@given(st.sets(st.integers(1, 20)), st.lists(st.integers(1, 20)))
def test_nothing_is_left_out_or_seen_twice(left: set[int], right: list[int]) -> None:
    pairs = _walk(sorted(left), sorted(right))

    assert [record for record, _ in pairs if record is not None] == sorted(left)
    assert [key for _, lines in pairs for key in lines] == sorted(right)
    assert all(set(lines) <= {record} for record, lines in pairs if record is not None)
    assert all(not left & set(lines) for record, lines in pairs if record is None)


def _lines(*figures: tuple[int, int, int]) -> list[dict[str, Any]]:
    return [
        {"_id": f"entry-{number}", "account": "a", "amount": amount, "balance": balance, "seq": seq}
        for number, (amount, balance, seq) in enumerate(figures)
    ]


def test_entries_fold_to_a_balance() -> None:
    assert _fold(_lines((100, 100, 1), (-30, 70, 2), (-70, 0, 3))) == (0, 3)
    assert _fold([]) == (0, 0)


@pytest.mark.parametrize(
    "figures",
    [
        [(100, 100, 2)],
        [(100, 100, 1), (5, 105, 3)],
        [(100, 100, 1), (5, 105, 1)],
        [(100, 99, 1)],
        [(100, 100, 1), (-5, 96, 2)],
        [(-5, -5, 1)],
        [(100, 100, 1), (-101, -1, 2)],
    ],
)
def test_entries_that_do_not_fold_are_named(figures: list[tuple[int, int, int]]) -> None:
    with pytest.raises(Unbalanced, match=f"entry-{len(figures) - 1}"):
        _fold(_lines(*figures))
