"""Cash books as people keep them over the API."""

from typing import Any
from urllib.parse import urlencode

from tests.people import Answer, Person, walk

RECORD = {
    "fullName": "Mira Das",
    "transactionDate": "2026-11-21",
    "transactionAmount": 12.5,
    "transactionType": "debit",
}


def ask(person: Person, method: str, path: str = "", *, match: str | None = None, **query: Any) -> Answer:
    headers = person.headers | ({"If-Match": match} if match is not None else {})
    return person.call(method, f"/cashbook{path}?{urlencode(query)}", headers=headers)


def note_down(person: Person, **fields: Any) -> Answer:
    return person.call("POST", "/cashbook", json=RECORD | fields, headers=person.headers)


def noted(person: Person, **fields: Any) -> dict[str, Any]:
    """Note something down that is taken, and return the record."""
    answer = note_down(person, **fields)
    assert answer.status == 201, answer
    return answer.body["record"]


def write(person: Person, method: str, record_id: str, match: str | None, **fields: Any) -> Answer:
    headers = person.headers | ({"If-Match": match} if match is not None else {})
    return person.call(method, f"/cashbook/{record_id}", json=fields, headers=headers)


def settle(person: Person, record_id: str, other: Person, key: str = "s", **fields: Any) -> Answer:
    body = {"with": other.id, "idempotencyKey": key, **fields}
    return person.call("POST", f"/cashbook/{record_id}/settle", json=body, headers=person.headers)


def read(person: Person, record_id: str) -> dict[str, Any]:
    answer = ask(person, "GET", f"/{record_id}")
    assert answer.status == 200, answer
    return answer.body["record"]


def pages(person: Person, path: str, name: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Walk through all pages of a list."""
    return walk(lambda **cursor: ask(person, "GET", path, **query, **cursor), name)
