"""Cookies: what they look like, what they open, and that no foreign page can use them."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.api.identity import FOREIGN, OWN, Browser, bearer, browser, log_in, register
from tests.api.stored import stored
from tests.people import PASSWORD, Answer, Call, Person, claims, sign_up

NAMED = "https://wallet.example"
LOG_IN = ("POST", "/auth/login")


@pytest.fixture
def page(app: Flask) -> Browser:
    """A browser that somebody registered with, on a page of the host's own."""
    page = browser(app)
    assert register(page.call).status == 201
    return page


def _cookies(answer: Answer) -> dict[str, set[str]]:
    """Return the attributes of each cookie that an answer sets."""
    found = {}
    for line in answer.headers.getlist("Set-Cookie"):  # type: ignore[attr-defined]
        pair, *attributes = line.split("; ")
        found[pair.partition("=")[0]] = {part for part in attributes if not part.startswith("Expires=")}
    return found


def _email(page: Browser) -> str:
    return page.call("GET", "/auth/check").body["user"]["email"]


def test_no_script_and_no_other_site_gets_at_the_cookies(app: Flask) -> None:
    answer = register(browser(app).call)

    assert _cookies(answer) == {
        "accessToken": {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=900"},
        "refreshToken": {"HttpOnly", "SameSite=Strict", "Path=/api/v1/auth/refresh", "Max-Age=2592000"},
    }


def test_cookies_hold_the_tokens_of_the_answer(page: Browser) -> None:
    answer = log_in(page.call, _email(page))

    assert page.cookie("accessToken") == answer.body["accessToken"]
    assert page.cookie("refreshToken") == answer.body["refreshToken"]


@pytest.mark.parametrize("route", ["register", "login", "refresh", "logout"])
def test_in_production_cookies_go_over_encrypted_connections_only(
    app: Flask, make_app: Callable[..., Flask], route: str
) -> None:
    page = browser(make_app(PAYTM_ENV="production", ARGON2_MEMORY_KIB="19456", ARGON2_TIME_COST="2"))
    entered = register(page.call)
    email, access, token = (entered.body["user"]["email"], entered.body["accessToken"], entered.body["refreshToken"])
    answers: dict[str, Callable[[], Answer]] = {
        "register": lambda: entered,
        "login": lambda: log_in(page.call, email),
        "refresh": lambda: page.call("POST", "/auth/refresh", json={"refreshToken": token}),
        "logout": lambda: page.call("POST", "/auth/logout", headers=bearer(access)),
    }

    cookies = _cookies(answers[route]())

    assert cookies.keys() == {"accessToken", "refreshToken"}
    assert all({"Secure", "HttpOnly", "SameSite=Strict"} <= attributes for attributes in cookies.values())


def test_the_cookie_opens_every_protected_route(page: Browser, asha: Person) -> None:
    assert page.call("GET", "/account/balance").body["balance"] == 100
    assert page.call("GET", "/user/me").status == 200
    assert page.call("PUT", "/user", json={"firstName": "Anita"}).status == 200
    assert page.call("POST", "/account/transfer", json={"to": asha.id, "amount": 5}).status == 200
    assert asha.balance() == 105


@pytest.mark.parametrize("bad", ["null", "a.b.c", ""])
def test_a_bearer_token_stands_above_the_cookie(page: Browser, asha: Person, bad: str) -> None:
    assert page.call("GET", "/auth/check", headers=asha.headers).body["user"]["id"] == asha.id
    assert page.call("GET", "/auth/check", headers={"Authorization": f"Bearer {bad}"}).status == 403


@pytest.mark.parametrize("value", ["", "null", "a.b.c", "x" * 5000, "%00", '"'])
def test_a_bad_cookie_is_as_none(app: Flask, value: str) -> None:
    answer = browser(app).call("GET", "/auth/check", headers={"Cookie": f"accessToken={value}"})

    assert (answer.status, answer.body["code"]) == (403, "unauthorized")


def _requests(page: Browser, asha: Person) -> dict[str, Callable[..., Answer]]:
    send = {"to": asha.id, "amount": 5}
    text = f'{{"to": "{asha.id}", "amount": 5}}'
    return {
        "transfer": lambda **request: page.call("POST", "/account/transfer", json=send, **request),
        "text": lambda **request: page.call(
            "POST", "/account/transfer", data=text, content_type="text/plain", **request
        ),
        "form": lambda **request: page.call("POST", "/account/transfer", data=send, **request),
        "profile": lambda **request: page.call("PUT", "/auth/update-profile", json={"name": "X Y"}, **request),
        "update": lambda **request: page.call("PUT", "/user", json={"password": "of-the-thief"}, **request),
        "logout": lambda **request: page.call("POST", "/auth/logout", **request),
        "sign-out": lambda **request: page.call("POST", "/user/signout", **request),
        "session": lambda **request: page.call("DELETE", f"/auth/sessions/{'0' * 24}", **request),
    }


WRITES = ["transfer", "text", "form", "profile", "update", "logout", "sign-out", "session"]
STRANGERS: dict[str, dict[str, str]] = {
    "no origin": {},
    "foreign": {"Origin": FOREIGN},
    "null": {"Origin": "null"},
    "empty": {"Origin": ""},
    "another port": {"Origin": f"{OWN}:5173"},
    "a part of the name": {"Origin": f"{OWN}.evil.example"},
    "the name as a user": {"Origin": "http://localhost@evil.example"},
    "another scheme": {"Origin": "ftp://localhost"},
    "not a URL": {"Origin": "http://[localhost"},
    "foreign, and an own referrer": {"Origin": FOREIGN, "Referer": f"{OWN}/"},
    "foreign referrer": {"Referer": f"{FOREIGN}/{OWN}"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
    "by hand": {"Sec-Fetch-Site": "none"},
    "forwarded": {"Origin": FOREIGN, "X-Forwarded-Host": "evil.example"},
}


@pytest.mark.parametrize("write", WRITES)
def test_a_foreign_page_writes_nothing_with_a_cookie(page: Browser, asha: Person, write: str) -> None:
    before = stored()

    answer = _requests(page.on(FOREIGN), asha)[write]()

    assert (answer.status, answer.body["code"]) == (403, "foreign_origin")
    assert "Set-Cookie" not in answer.headers
    assert stored() == before


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_write_of_no_page_that_is_ours_is_refused(page: Browser, asha: Person, headers: dict[str, str]) -> None:
    before = stored()

    answer = _requests(page.on(None), asha)["transfer"](headers=headers)

    assert (answer.status, answer.body["code"]) == (403, "foreign_origin")
    assert stored() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": OWN},
        {"Origin": "https://localhost"},
        {"Origin": OWN, "Sec-Fetch-Site": "same-origin"},
        {"Referer": f"{OWN}/wallet?tab=send"},
        {"Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_page_of_the_host_writes_with_its_cookie(page: Browser, asha: Person, headers: dict[str, str]) -> None:
    assert _requests(page.on(None), asha)["transfer"](headers=headers).status == 200


def test_an_unencrypted_page_does_not_speak_for_an_encrypted_host(page: Browser, asha: Person) -> None:
    answer = _requests(page, asha)["transfer"](base_url="https://localhost")

    assert (answer.status, answer.body["code"]) == (403, "foreign_origin")


def test_a_foreign_page_may_use_a_bearer_token(page: Browser, asha: Person) -> None:
    answer = page.on(FOREIGN).call("PUT", "/user", json={"firstName": "Anita"}, headers=asha.headers)

    assert answer.status == 200


def test_reading_needs_no_origin(page: Browser) -> None:
    assert page.on(None).call("GET", "/auth/check").status == 200
    assert page.on(None).call("HEAD", "/auth/check").status == 200


@pytest.mark.parametrize("naming", [{"CORS_ORIGINS": NAMED}, {"FRONTEND_URL": f"{NAMED}/"}])
def test_a_named_origin_may_use_cookies(app: Flask, make_app: Callable[..., Flask], naming: dict[str, str]) -> None:
    page = browser(make_app(**naming)).on(NAMED)
    assert register(page.call).status == 201

    answer = page.call("POST", "/auth/refresh")

    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == NAMED
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert page.call("PUT", "/user", json={"firstName": "Anita"}).status == 200
    assert page.on(FOREIGN).call("PUT", "/user", json={"firstName": "Anita"}).status == 403


def test_everybody_is_never_given_credentials(call_with: Callable[..., Call]) -> None:
    call = call_with(CORS_ORIGINS="*")

    for method in ("GET", "OPTIONS"):
        asked = {"Origin": FOREIGN, "Access-Control-Request-Method": "GET"}
        answer = call(method, "/auth/check", headers=asked)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_everybody_beside_a_named_origin_is_only_that_one(call_with: Callable[..., Call]) -> None:
    call = call_with(CORS_ORIGINS=f"*,{NAMED}")

    answers = [call("GET", "/user/bulk", headers={"Origin": origin}).headers for origin in (NAMED, FOREIGN)]

    assert answers[0]["Access-Control-Allow-Origin"] == NAMED
    assert "Access-Control-Allow-Origin" not in answers[1]


@pytest.mark.parametrize("origin", [FOREIGN, "null"])
def test_a_foreign_page_signs_nobodys_browser_in(app: Flask, asha: Person, origin: str) -> None:
    page = browser(app).on(origin)

    for answer in (log_in(page.call, asha.username), register(page.call)):
        assert answer.status in (200, 201)
        assert "Set-Cookie" not in answer.headers
    body = f'{{"email": "{asha.username}", "password": "{PASSWORD}"}}'
    assert page.call(*LOG_IN, data=body, content_type="text/plain").status == 415
    assert page.call(*LOG_IN, data={"email": asha.username, "password": PASSWORD}).status in (400, 415)
    assert page.cookie("accessToken") is None


def test_what_is_no_browser_gets_cookies_too(app: Flask, asha: Person) -> None:
    tool = browser(app).on(None)

    assert log_in(tool.call, asha.username).status == 200
    assert tool.call("GET", "/account/balance").status == 200


def test_the_refresh_cookie_is_renewed(page: Browser) -> None:
    before = page.cookie("refreshToken")

    answer = page.call("POST", "/auth/refresh")

    assert answer.status == 200
    assert page.cookie("refreshToken") == answer.body["refreshToken"] != before
    assert page.cookie("accessToken") == answer.body["accessToken"]


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS.keys())
def test_a_foreign_page_does_not_use_the_refresh_cookie(page: Browser, headers: dict[str, str]) -> None:
    before, token = stored(), page.cookie("refreshToken")

    answer = page.on(None).call("POST", "/auth/refresh", headers=headers)

    assert (answer.status, answer.body["code"]) == (403, "foreign_origin")
    assert page.cookie("refreshToken") == token
    assert stored() == before


def test_a_token_in_the_body_is_refreshed_for_any_page_without_cookies(page: Browser) -> None:
    token = page.cookie("refreshToken")

    answer = page.on(FOREIGN).call("POST", "/auth/refresh", json={"refreshToken": token})

    assert answer.status == 200
    assert "Set-Cookie" not in answer.headers


def test_the_access_cookie_is_no_refresh_token(page: Browser) -> None:
    page.client.set_cookie("refreshToken", page.cookie("accessToken") or "", path="/api/v1/auth/refresh")

    assert page.call("POST", "/auth/refresh").status == 401


def test_logging_out_takes_the_cookies_away(page: Browser) -> None:
    token = page.cookie("accessToken") or ""

    answer = page.call("POST", "/auth/logout")

    assert answer.status == 200
    assert {frozenset(attributes) for attributes in _cookies(answer).values()} == {
        frozenset({"HttpOnly", "SameSite=Strict", "Max-Age=0", path})
        for path in ("Path=/", "Path=/api/v1/auth/refresh")
    }
    assert (page.cookie("accessToken"), page.cookie("refreshToken")) == (None, None)
    assert page.call("GET", "/auth/check").status == 403
    assert page.call("GET", "/auth/check", headers=bearer(token)).status == 403


def test_the_tutorials_routes_set_no_cookies(app: Flask) -> None:
    page = browser(app)
    asha = sign_up(page.call)

    answer = page.call("POST", "/user/signin", json={"username": asha.username, "password": PASSWORD})

    assert claims(answer.body["token"])["userId"] == asha.id
    assert page.cookie("accessToken") is None
