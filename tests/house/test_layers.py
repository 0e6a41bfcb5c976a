"""Where code stands, and what it may know of."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import MODULES, PACKAGE, imports, name, tree, within

FEATURES = sorted(path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists() and path.name != "ledger")
# These put the features together, and so know all of them.
COMPOSITION = {"paytm.app", "paytm.cli"}
FOUNDATION = [path for path in MODULES if path.parent == PACKAGE and name(path) not in COMPOSITION]
LEDGER = [path for path in MODULES if path.parent.name == "ledger"]
_packages = [f"paytm.{feature}" for feature in FEATURES]


def test_there_is_something_to_look_at() -> None:
    assert len(MODULES) > 30
    assert {"account", "user", "ops", "dev"} <= set(FEATURES)


@pytest.mark.parametrize("module", LEDGER, ids=name)
def test_the_ledger_knows_neither_the_web_nor_a_feature(module: Path) -> None:
    above = {"flask", "flask_smorest", "marshmallow", "webargs", "werkzeug", "mongoengine", "paytm.api", *COMPOSITION}

    assert within(imports(module), *above, *_packages) == set()


@pytest.mark.parametrize("part", ["posting", "idempotency"])
def test_the_heart_of_the_ledger_knows_no_database(part: str) -> None:
    known = imports(PACKAGE / "ledger" / f"{part}.py")

    assert within(known, "pymongo", "paytm.db", "gevent", "threading") == set()


@pytest.mark.parametrize("module", FOUNDATION, ids=name)
def test_the_foundation_knows_no_feature(module: Path) -> None:
    assert within(imports(module, lazy=False), "paytm.ledger", *COMPOSITION, *_packages) == set()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_nothing_but_the_composition_knows_the_composition(module: Path) -> None:
    assert name(module) in COMPOSITION or within(imports(module), *COMPOSITION) == set()


FEATURE_MODULES = [path for path in MODULES if path.parent.name in FEATURES]


@pytest.mark.parametrize("module", FEATURE_MODULES, ids=name)
def test_a_feature_knows_no_models_or_views_of_another(module: Path) -> None:
    others = [f"paytm.{feature}.{part}" for feature in FEATURES for part in ("models", "views", "schemas")]
    others = [other for other in others if not other.startswith(f"paytm.{module.parent.name}.")]

    assert within(imports(module), *others) == set()


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_views_are_known_to_the_composition_only(module: Path) -> None:
    known = {found for found in within(imports(module), "paytm") if found.split(".")[2:3] == ["views"]}

    assert known == set() or name(module) in COMPOSITION


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_is_named_after_the_domain(module: Path) -> None:
    words = re.split(r"[_.]", name(module))

    assert not {"util", "utils", "helper", "helpers", "service", "services", "manager", "common", "misc"} & set(words)


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_is_short_enough_to_read(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 400


@pytest.mark.parametrize("module", [path for path in MODULES if path.name != "__init__.py"], ids=name)
def test_a_module_says_what_it_is_for(module: Path) -> None:
    assert ast.get_docstring(tree(module))


@pytest.mark.parametrize("module", [path for path in MODULES if path.name == "views.py"], ids=name)
def test_a_view_is_ten_lines_at_most(module: Path) -> None:
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            assert lines <= 10, node.name


@pytest.mark.parametrize("module", [path for path in MODULES if path.parent.name != "dev"], ids=name)
def test_nothing_but_the_settings_reads_the_environment(module: Path) -> None:
    reads = [node for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)]

    assert name(module) == "paytm.config" or not {node.attr for node in reads} & {"environ", "environb", "getenv"}


@pytest.mark.parametrize("module", [path for path in MODULES if path.parent.name != "dev"], ids=name)
def test_nothing_but_the_clock_tells_the_date(module: Path) -> None:
    calls = {ast.unparse(node.func) for node in ast.walk(tree(module)) if isinstance(node, ast.Call)}

    assert name(module) == "paytm.clock" or not calls & {"datetime.now", "datetime.utcnow", "date.today"}
