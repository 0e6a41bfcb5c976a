"""No float touches money."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source import MODULES, PACKAGE, name, tree

MONEY = [path for path in MODULES if path.parent.name in {"ledger", "account"}]
# What may be a float: times.
SECONDS = {"patience", "timeout", "expires", "seconds", "now"}


def _annotated(module: Path) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.arg) and node.annotation is not None:
            yield node.arg, node.annotation
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), node.annotation
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield node.name, node.returns


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


@pytest.mark.parametrize("module", [*MONEY, PACKAGE / "money.py"], ids=name)
def test_nothing_is_turned_into_a_float(module: Path) -> None:
    calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]

    assert not [call for call in calls if isinstance(call, ast.Name) and call.id in {"float", "round"}]


@pytest.mark.parametrize("module", MONEY, ids=name)
def test_only_times_are_declared_as_floats(module: Path) -> None:
    floats = {label.rpartition(".")[2].strip("_") for label, kind in _annotated(module) if "float" in _names(kind)}

    assert floats <= SECONDS


@pytest.mark.parametrize("module", MONEY, ids=name)
def test_no_float_is_written_but_as_the_default_of_a_time(module: Path) -> None:
    constants = [
        node.value
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]

    assert len(constants) <= sum("float" in _names(kind) for _, kind in _annotated(module))


@pytest.mark.parametrize("module", [path for path in MONEY if path.stem != "turn"], ids=name)
def test_nothing_is_divided(module: Path) -> None:
    assert not [node for node in ast.walk(tree(module)) if isinstance(node, ast.Div)]


def test_rupees_are_divided_out_for_the_answer_alone() -> None:
    functions = [node for node in tree(PACKAGE / "money.py").body if isinstance(node, ast.FunctionDef)]
    dividing = {f.name for f in functions if any(isinstance(node, ast.Div) for node in ast.walk(f))}

    assert dividing == {"to_rupees"}


@pytest.mark.parametrize("module", [path for path in MODULES if path.stem == "models"], ids=name)
def test_no_document_has_a_float(module: Path) -> None:
    assert not _names(tree(module)) & {"FloatField", "DecimalField", "Decimal128Field"}
