"""Asking for what was missed, as clients do after a pause."""

from typing import Any

from tests.people import Person


def here(person: Person) -> str:
    """Return the cursor of now."""
    answer = person.get("/event")
    assert (answer.status, answer.body["events"], answer.body["more"]) == (200, [], False), answer
    return answer.body["cursor"]


def page(person: Person, cursor: str, limit: int = 50) -> dict[str, Any]:
    answer = person.get(f"/event?since={cursor}&limit={limit}")
    assert answer.status == 200, answer
    return answer.body


def catch_up(person: Person, cursor: str, limit: int = 50) -> tuple[list[tuple[str, Any]], str]:
    """Walk through all pages, and return the events as a socket tells them, and the last cursor."""
    events: list[tuple[str, Any]] = []
    more = True
    while more:
        body = page(person, cursor, limit)
        assert len(body["events"]) <= limit
        assert body["events"] or not body["more"]
        events += [(event["event"], event["data"]) for event in body["events"]]
        cursor, more = body["cursor"], body["more"]
    return events, cursor


def names(events: list[tuple[str, Any]]) -> list[str]:
    return [name for name, _ in events]
