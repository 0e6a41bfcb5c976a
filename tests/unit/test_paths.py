"""How paths are read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.paths import LenientPaths


def _read(path: str) -> tuple[str, str]:
    """Return who answers a path, and the path as it is then."""

    def answering(name: str) -> Any:
        return lambda environ, _: (name, environ["PATH_INFO"])

    read: Any = LenientPaths(answering("api"), answering("others"))
    who, seen = read({"PATH_INFO": path}, lambda *_: None)
    return who, seen


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
    assert _read(path) == ("api", read)


@pytest.mark.parametrize(
    "path", ["/", "", "/health/live", "/api/docs/Swagger-UI.css", "/Assets/Index-AbC.js", "/a//b/"]
)
def test_other_paths_stay_as_they_are(path: str) -> None:
    assert _read(path) == ("others", path)


@given(st.text(alphabet="aA/1vVpPiI%.é\0", max_size=20))
def test_reading_twice_is_reading_once(tail: str) -> None:
    who, once = _read(f"/api/v1/{tail}")

    assert _read(once) == (who, once)
