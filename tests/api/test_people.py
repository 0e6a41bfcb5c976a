"""Who people are whose ids somebody knows."""

from tests.people import Call, Person


def test_people_are_named_by_their_ids_and_shown_without_what_is_theirs(asha: Person, ravi: Person) -> None:
    answer = asha.get(f"/user/people?ids={ravi.id},{asha.id},{'0' * 24}")

    assert answer.status == 200
    assert sorted(answer.body["people"], key=lambda person: person["name"]) == [
        {"id": asha.id, "name": "Asha Rao", "picture": None},
        {"id": ravi.id, "name": "Ravi Iyer", "picture": None},
    ]


def test_not_everybody_is_asked_for_at_once(asha: Person) -> None:
    for ids in ("", "x", ",".join([asha.id] * 101)):
        assert asha.get(f"/user/people?ids={ids}").body["code"] == "invalid_input"


def test_it_takes_a_token(call: Call, asha: Person) -> None:
    assert call("GET", f"/user/people?ids={asha.id}").status == 403
