"""Finding people."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern

from paytm import db
from paytm.user import disabling
from tests.people import Call, Person, sign_up


def _found(call: Call, text: str) -> list[str]:
    return [person["firstName"] for person in call("GET", "/user/bulk", query_string={"filter": text}).body["user"]]


def test_people_stand_under_both_names(asha: Person, ravi: Person) -> None:
    answer = asha.call("GET", "/user/bulk")

    assert answer.body["user"] == answer.body["users"]
    assert answer.body["user"][0] == {
        **{"_id": asha.id, "id": asha.id, "firstName": "Asha", "lastName": "Rao"},
        "picture": None,
    }


def test_nobody_sees_more_than_names_pictures_and_ids(asha: Person, ravi: Person) -> None:
    for headers in ({}, asha.headers):
        answer = asha.call("GET", "/user/bulk", headers=headers)
        assert {name for person in answer.body["user"] for name in person} == {
            *("_id", "id", "firstName", "lastName", "picture")
        }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a", ["Asha", "Arjun", "Bo"]),
        ("as", ["Asha"]),
        ("ASHA", ["Asha"]),
        ("sh", ["Asha"]),
        ("iyer", ["Arjun"]),
        ("ye", ["Arjun"]),
        ("arjun iyer", ["Arjun"]),
        ("n i", ["Arjun"]),
        ("  iyer  ", ["Arjun"]),
        ("arjun  iyer", ["Arjun"]),
        ("bo", ["Bo"]),
        ("rjun iy", ["Arjun"]),
        ("zz", []),
        ("asha iyer", []),
        ("shaa", []),
    ],
)
def test_a_filter_finds_a_part_of_a_name(call: Call, text: str, found: list[str]) -> None:
    for first, last in (("Asha", "Rooo"), ("Arjun", "Iyer"), ("Bo", "Da")):
        sign_up(call, first, last)

    assert _found(call, text) == found


@pytest.mark.parametrize("text", ["müll", "MÜLL", "mu\u0308ll", "MU\u0308LL"])
def test_a_letter_is_found_however_it_is_composed(call: Call, text: str) -> None:
    sign_up(call, "Jörg", "Müller")

    assert _found(call, text) == ["Jörg"]


@pytest.mark.parametrize("text", ["straße", "STRASSE", "strasse"])
def test_case_is_folded_as_unicode_has_it(call: Call, text: str) -> None:
    sign_up(call, "Eva", "Straße")

    assert _found(call, text) == ["Eva"]


def test_pages_show_everybody_once_in_a_stable_order(call: Call) -> None:
    ids = [sign_up(call, f"Person{number}").id for number in range(7)]

    shown, cursor = [], ""
    for _ in range(4):
        page = call("GET", f"/user/bulk?limit=2{cursor}").body
        shown += [person["_id"] for person in page["user"]]
        cursor = f"&cursor={page['nextCursor']}"

    assert shown == ids
    assert page["nextCursor"] is None


def test_a_page_that_is_just_full_is_the_last(asha: Person, ravi: Person) -> None:
    assert asha.call("GET", "/user/bulk?limit=2").body["nextCursor"] is None


def test_a_filter_goes_on_with_its_cursor(call: Call) -> None:
    for number in range(6):
        sign_up(call, "Even" if number % 2 == 0 else "Odd", f"Number{number}")

    first = call("GET", "/user/bulk?filter=even&limit=2").body
    second = call("GET", f"/user/bulk?filter=even&limit=2&cursor={first['nextCursor']}").body

    assert [person["lastName"] for person in first["user"] + second["user"]] == ["Number0", "Number2", "Number4"]


@pytest.mark.parametrize(("query", "size"), [("", 50), ("?limit=100", 100), ("?limit=1000", 100), ("?limit=0", 1)])
def test_a_page_has_fifty_and_at_most_a_hundred(app: Flask, call: Call, query: str, size: int) -> None:
    people = {"passwordHash": "$argon2id$", "firstName": "A", "lastName": "B", "status": "active"}
    db.database()["users"].insert_many([{**people, "username": f"{number}"} for number in range(103)])

    answer = call("GET", f"/user/bulk{query}").body

    assert len(answer["user"]) == size
    assert answer["nextCursor"] == answer["user"][-1]["_id"]


def test_a_disabled_user_is_not_found(app: Flask, asha: Person, ravi: Person) -> None:
    with app.app_context():
        disabling.set_status(ravi.username, "disabled")

    assert [person["_id"] for person in asha.call("GET", "/user/bulk").body["user"]] == [asha.id]


def test_a_setting_requires_a_token(call_with: Callable[..., Call], asha: Person) -> None:
    call = call_with(BULK_REQUIRES_TOKEN="true")

    assert call("GET", "/user/bulk").status == 403
    assert call("GET", "/user/bulk", headers={"Authorization": "Bearer null"}).status == 403
    assert call("GET", "/user/bulk", headers=asha.headers).status == 200


@pytest.mark.parametrize("text", ["a", "as", "ash", "asha", "sha r", "(a+)+$"])
def test_every_search_uses_the_index(asha: Person, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    plans: list[str] = []
    find = Collection.find

    def watched(self: Collection[Any], *arguments: Any, **options: Any) -> Any:
        # explain takes no read concern.
        plain = self.with_options(read_concern=ReadConcern())
        plans.append(repr(find(plain, *arguments, **options).explain()["queryPlanner"]["winningPlan"]))
        return find(self, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Collection, "find", watched)
        _found(asha.call, text)

    assert "'IXSCAN'" in plans[-1]
    assert "'COLLSCAN'" not in plans[-1]
