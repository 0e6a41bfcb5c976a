"""The project's own source, as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "paytm"
MODULES = sorted(PACKAGE.rglob("*.py"))


def name(module: Path) -> str:
    """Return the dotted name of a module, for example ``paytm.ledger.engine``."""
    parts = module.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text())


def imports(module: Path, *, lazy: bool = True) -> set[str]:
    """Return the dotted names that a module imports: ``from a import b`` counts as ``a.b``.

    :param lazy: also what it imports within functions.
    """
    nodes = ast.walk(tree(module)) if lazy else iter(_at_once(tree(module)))
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(module)} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _at_once(module: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(module):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _at_once(node)


def within(names: set[str], *packages: str) -> set[str]:
    """Return the names that lie in one of the packages, or are one."""
    return {found for found in names if any(f"{found}.".startswith(f"{package}.") for package in packages)}
