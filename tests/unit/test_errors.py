"""The exception tree, as it is drawn."""

import re
from collections.abc import Iterator

import pytest

from paytm import errors
from paytm.errors import ApiError


def _drawn() -> Iterator[tuple[str, str, int, str]]:
    """Yield each error of the drawing: its parent, name, status and code."""
    parents: dict[int, str] = {}
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"([│ ]*(?:[├└]── )?)(\w+) +(\d{3})  (\w+)", line)
        if found:
            depth = len(found[1]) // 4
            parents[depth] = found[2]
            yield parents.get(depth - 1, "Exception"), found[2], int(found[3]), found[4]
        elif found := re.match(r"([│ ]*[├└]── )(\w+) +(\d{3})", line):
            depth = len(found[1]) // 4
            parents[depth] = found[2]


def _all(kind: type[ApiError]) -> set[type[ApiError]]:
    return {kind}.union(*(_all(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize(("parent", "name", "status", "code"), list(_drawn()))
def test_an_error_is_as_it_is_drawn(parent: str, name: str, status: int, code: str) -> None:
    kind = getattr(errors, name)

    assert kind.__base__.__name__ == parent
    assert (kind.status, kind.code) == (status, code)


def test_every_error_is_drawn() -> None:
    names = {kind.__name__ for kind in _all(ApiError) if kind.__module__ == "paytm.errors"}

    assert names - {name for _, name, _, _ in _drawn()} <= {"ContractRefusal"}


@pytest.mark.parametrize("kind", sorted(_all(ApiError), key=lambda kind: kind.__name__))
def test_every_error_has_words_for_people(kind: type[ApiError]) -> None:
    assert kind.message
    assert re.fullmatch("[a-z_]+", kind.code)
    assert str(kind()) == kind.message
