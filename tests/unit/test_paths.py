"""How paths are read."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.paths import LenientPaths


def _read(path: str) -> str:
    """Return the path that the application behind sees."""
    seen: list[str] = []

    def application(environ: dict[str, Any], _: Any) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        return [b""]

    LenientPaths(application)({"PATH_INFO": path}, lambda *_: None)  # type: ignore[arg-type]
    return seen[0]


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("/api/v1/user/signup", "/api/v1/user/signup"),
        ("/api/v1/user/signUp", "/api/v1/user/signup"),
        ("/API/V1/USER/BULK", "/api/v1/user/bulk"),
        ("/api/v1/user/", "/api/v1/user"),
        ("/api/v1/user///", "/api/v1/user"),
        ("//api//v1///user", "/api/v1/user"),
        ("/Api/V1/Account//Transfer/", "/api/v1/account/transfer"),
    ],
)
def test_an_api_path_has_one_form(path: str, read: str) -> None:
    assert _read(path) == read


@pytest.mark.parametrize(
    "path", ["/", "", "/health/live", "/api/docs/Swagger-UI.css", "/Assets/Index-AbC.js", "/a//b/"]
)
def test_other_paths_stay_as_they_are(path: str) -> None:
    assert _read(path) == path


@given(st.text(alphabet="aA/1vVpPiI%.é\0", max_size=20))
def test_reading_twice_is_reading_once(tail: str) -> None:
    once = _read(f"/api/v1/{tail}")

    assert _read(once) == once
