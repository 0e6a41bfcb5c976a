"""Conversations as people have them over the API."""

from typing import Any
from urllib.parse import urlencode

from tests.people import Answer, Person, walk


def write(sender: Person, recipient: Person | str, text: Any = "hello", **body: Any) -> Answer:
    to = recipient.id if isinstance(recipient, Person) else recipient
    return sender.call("POST", f"/message/send/{to}", json={"text": text, **body}, headers=sender.headers)


def say(sender: Person, recipient: Person, text: str = "hello", **body: Any) -> str:
    """Send a message that is taken, and return its id."""
    answer = write(sender, recipient, text, **body)
    assert answer.status == 201, answer
    return answer.body["message"]["id"]


def ask(person: Person, method: str, path: str, **query: Any) -> Answer:
    return person.call(method, f"/message{path}?{urlencode(query)}", headers=person.headers)


def thread(person: Person, other: Person, **query: Any) -> list[dict[str, Any]]:
    """Return the newest page of what a person sees of the conversation with another one."""
    answer = ask(person, "GET", f"/{other.id}", **query)
    assert answer.status == 200, answer
    return answer.body["messages"]


def pages(person: Person, path: str, name: str, **query: Any) -> list[list[dict[str, Any]]]:
    """Walk through all pages of a list."""
    return walk(lambda **cursor: ask(person, "GET", path, **query, **cursor), name)


def mark(reader: Person, other: Person) -> int:
    answer = ask(reader, "PUT", f"/mark/{other.id}")
    assert answer.status == 200, answer
    return answer.body["read"]


def unread(person: Person) -> dict[str, int]:
    """Return how many messages of whom a person has not read."""
    users = ask(person, "GET", "/users").body["users"]
    return {conversation["user"]["id"]: conversation["unread"] for conversation in users}
