"""People at browsers: Debian's Chromium, steered by a node process."""

import json
import secrets
import subprocess
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.people import PASSWORD, Call


class Chromium:
    """One browser.

    :param folder: has browser.js and its node_modules.
    :param program: Chromium's.
    """

    def __init__(self, folder: Path, program: str) -> None:
        self._process = subprocess.Popen(
            ["node", "browser.js", program], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._numbers = count()
        self._open: list[Visitor] = []

    def open(self, url: str, **options: Any) -> "Visitor":
        """Let somebody new look at a page; options are those of a browser context of playwright's."""
        visitor = Visitor(self, next(self._numbers), url)
        self.do(visitor.number, "open", options=options)
        self._open.append(visitor)
        visitor.visit("/")
        return visitor

    def admit(self, call: Call, url: str, first_name: str, last_name: str) -> "Visitor":
        """Let somebody look at the wallet who has signed up a moment ago."""
        email = f"{first_name.lower()}.{secrets.token_hex(4)}@example.com"
        form = {"email": email, "password": PASSWORD, "firstName": first_name, "lastName": last_name}
        answer = call("POST", "/auth/register", json=form)
        assert answer.status == 201, answer
        visitor = self.open(url, storageState=_signed_in(url, answer.body))
        visitor.email = email
        visitor.sees(f"Hello, {first_name}")
        return visitor

    def tab(self, visitor: "Visitor") -> "Visitor":
        """Let somebody open another tab."""
        other = Visitor(self, next(self._numbers), visitor.url)
        self.do(visitor.number, "tab", other=other.number)
        return other

    def do(self, number: int, command: str, **content: Any) -> Any:
        """Carry a command out, and return what it found.

        :raises AssertionError: it was not possible in time.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"id": number, "do": command, **content}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "error" not in answer, f"{command} {content}: {answer['error']}"
        return answer["answer"]

    def leave(self) -> None:
        """Close what everybody looks at."""
        for visitor in self._open:
            self.do(visitor.number, "close")
        self._open.clear()

    def stop(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()
        self._process.wait(20)


def _signed_in(url: str, entered: dict[str, Any]) -> dict[str, Any]:
    """Return what a browser keeps of somebody who signed in."""
    cookie = {"domain": urlsplit(url).hostname, "httpOnly": True, "sameSite": "Strict", "secure": False, "expires": -1}
    paths = {"accessToken": "/", "refreshToken": "/api/v1/auth/refresh"}
    session = json.dumps({"userId": entered["user"]["id"]})
    return {
        "cookies": [{**cookie, "name": name, "value": entered[name], "path": path} for name, path in paths.items()],
        "origins": [{"origin": url, "localStorage": [{"name": "wallet.session", "value": session}]}],
    }


class Visitor:
    """Somebody who looks at a page: what they do, and what they wait to see."""

    def __init__(self, browser: Chromium, number: int, url: str) -> None:
        self._browser = browser
        self.number = number
        self.url = url
        self.email = ""

    def visit(self, path: str) -> None:
        self._do("goto", url=self.url + path)

    def reload(self) -> None:
        self._do("reload")

    def click(self, name: str, role: str = "button", **options: bool) -> None:
        self._do("click", name=name, role=role, **options)

    def fill(self, **fields: str) -> None:
        """Fill fields in; blanks in their labels are written as underscores."""
        for label, value in fields.items():
            self._do("fill", label=label.replace("_", " "), value=value)

    def fill_in(self, label: str, value: str) -> None:
        self._do("fill", label=label, value=value)

    def press(self, key: str) -> None:
        self._do("press", key=key)

    def attach(self, label: str, path: Path) -> None:
        self._do("attach", label=label, path=str(path))

    def sees(self, *texts: str) -> None:
        for text in texts:
            self._do("sees", text=text)

    def misses(self, text: str) -> None:
        self._do("misses", text=text)

    def is_at(self, path: str) -> None:
        self._do("at", url=self.url + path)

    def keep_cookies(self, *names: str) -> None:
        """Lose all other cookies, as they expire."""
        self._do("cookies", keep=names)

    def lose_answers(self, of: str) -> None:
        """Let the answers of some requests get lost."""
        self._do("loseAnswers", of=of)

    def get_answers(self, of: str) -> None:
        self._do("getAnswers", of=of)

    def ask(self, method: str, path: str, body: Any) -> int:
        """Make a request with the visitor's cookies that the page knows nothing of, and return the status."""
        status: int = self._do("ask", method=method, path=f"/api/v1{path}", body=body)
        return status

    def cookie_names(self) -> list[str]:
        found: list[str] = self._do("cookieNames")
        return found

    def leave(self) -> None:
        """Look at an empty page."""
        self._do("goto", url="about:blank")

    def settles(self) -> None:
        """Wait until nothing is being loaded."""
        self._do("settles")

    def judge(self, scheme: str) -> list[str]:
        """Return what keeps people out, in light or dark colors."""
        found: list[str] = self._do("judge", scheme=scheme)
        return found

    def complaints(self) -> list[str]:
        """Return what the page complained of."""
        found: list[str] = self._do("complaints")
        return found

    def _do(self, command: str, **content: Any) -> Any:
        return self._browser.do(self.number, command, **content)

    # What people do again and again.

    def sign_up(self, first_name: str, last_name: str) -> None:
        self.visit("/sign-up")
        self.fill(First_name=first_name, Last_name=last_name, Password=PASSWORD)
        self.email = f"{first_name.lower()}.{secrets.token_hex(4)}@example.com"
        self.fill_in("E-mail", self.email)
        self.click("Open the wallet")
        self.sees(f"Hello, {first_name}")

    def sign_in(self, email: str) -> None:
        self.fill_in("E-mail", email)
        self.fill(Password=PASSWORD)
        self.click("Sign in")

    def find(self, name: str, search: str = "Find people by name") -> None:
        """Find somebody by the beginning of the name, and choose them."""
        self.fill_in(search, name[:4])
        self.click(name, role="link")
