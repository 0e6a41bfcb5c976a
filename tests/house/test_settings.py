"""Every setting stands in .env.example, and everything there is a setting."""

import ast
import re

import pytest

from paytm import config
from tests.house.source import PACKAGE, ROOT, tree


def _read() -> set[str]:
    """Return the variables that the configuration reads."""
    calls = [node for node in ast.walk(tree(PACKAGE / "config.py")) if isinstance(node, ast.Call)]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value.isupper()
    }


def _shown() -> dict[str, str]:
    """Return the variables of .env.example with what is shown as their value."""
    lines = (ROOT / ".env.example").read_text().splitlines()
    found = [re.fullmatch(r"(?:# ?)?([A-Z][A-Z0-9_]+)=(.*)", line) for line in lines]
    return {match[1]: match[2] for match in found if match}


def test_every_setting_is_shown() -> None:
    assert len(_read()) > 20
    assert _read() - _shown().keys() == set()


def test_everything_shown_is_a_setting() -> None:
    assert _shown().keys() - _read() == set()


def test_no_setting_is_shown_twice() -> None:
    names = re.findall(r"^(?:# ?)?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(names) == sorted(set(names))


def test_no_secret_is_shown() -> None:
    assert _shown()["JWT_SECRET"] == ""


@pytest.mark.parametrize("name", sorted(_shown().keys() - {"WEB_CONCURRENCY", "JWT_SECRET", "DATA_DIR"}))
def test_what_is_shown_is_the_default(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for setting in _read():
        monkeypatch.delenv(setting, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path_factory.mktemp("data")))
    default = config.load(dotenv=None)
    monkeypatch.setenv(name, _shown()[name])

    shown = config.load(dotenv=None)

    assert shown | {"JWT_SECRET": ""} == default | {"JWT_SECRET": ""}


def test_the_names_of_the_tools_are_there() -> None:
    tools = ["PORT", "DATA_DIR", "MONGODB_URI", "JWT_SECRET", "CORS_ORIGINS", "WEB_CONCURRENCY", "RATELIMIT_ENABLED"]

    assert {*tools, "OPENING_BALANCE_MIN", "OPENING_BALANCE_MAX"} <= _read()


def test_a_developers_own_settings_are_never_kept_in_git() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text().split()
