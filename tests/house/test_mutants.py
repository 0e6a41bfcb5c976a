"""The mutants of ``make mutants`` are in step with the code that they break, and with the tests that catch them."""

import ast
from functools import cache

import pytest

from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import ROOT, Mutant


@cache
def _tests(file: str) -> set[str]:
    """Return the tests of a file, as node ids name them."""
    found = set()
    for node in ast.parse((ROOT / file).read_text()).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + test.name for test in inner if isinstance(test, ast.FunctionDef)}
    return found


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_fits_the_code(mutant: Mutant) -> None:
    assert [change.file for change in mutant.changes if not change.fits()] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_catches_it_is_there(mutant: Mutant) -> None:
    named = [check.partition("[")[0].partition("::") for check in mutant.checks]

    assert [test for file, _, test in named if test not in _tests(file)] == []
    assert named != []


def test_mutants_have_names_of_their_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)
