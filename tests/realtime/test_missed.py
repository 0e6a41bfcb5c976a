"""GET /event: what happened since one last looked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from paytm import clock, db, feed
from paytm.feed import Feed
from paytm.realtime import cursors
from paytm.realtime.changes import FEEDS
from tests.catching_up import catch_up, here, names, page
from tests.ordering import act, order, seen
from tests.people import Call, Person, sign_up
from tests.shop import merchant, offer
from tests.talking import ask, mark, say, thread

_ID = "0" * 24


def _amounts(events: list[tuple[str, Any]]) -> list[float]:
    return [data["amount"] for name, data in events if name == "transfer"]


def _ids(events: list[tuple[str, Any]], event: str = "newMessage") -> list[str]:
    return [data["id"] for name, data in events if name == event]


def _request(payee: Person, payer: Person) -> str:
    form = {"from": payer.id, "amount": 5}
    return payee.call("POST", "/transaction/request", json=form, headers=payee.headers).body["request"]["id"]


@pytest.fixture
def settle(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let everything be older than any change needs to appear."""
    return lambda: monkeypatch.setattr(feed, "_CLOCKS_DIFFER", timedelta(days=-1))


def test_the_first_call_brings_the_cursor_and_nothing_else(asha: Person, ravi: Person) -> None:
    say(asha, ravi)

    cursor = here(ravi)

    assert catch_up(ravi, cursor)[0] == []


def test_pages_follow_one_another_oldest_first(asha: Person, ravi: Person) -> None:
    cursor = here(ravi)
    for amount in (1, 2, 3):
        asha.send(ravi, amount)

    first = page(ravi, cursor, limit=2)
    second = page(ravi, first["cursor"], limit=2)

    assert [[event["data"]["amount"] for event in found["events"]] for found in (first, second)] == [[1, 2], [3]]
    assert (first["more"], second["more"]) == (True, False)


def test_what_both_said_and_read_is_told_as_rest_shows_it(asha: Person, ravi: Person) -> None:
    cursors_ = here(asha), here(ravi)
    one, two = say(asha, ravi, "one"), say(asha, ravi, "two")
    mark(ravi, asha)
    ask(asha, "DELETE", f"/{one}")

    by_asha, by_ravi = (catch_up(person, cursor)[0] for person, cursor in zip((asha, ravi), cursors_, strict=True))

    assert names(by_asha) == ["newMessage", "newMessage", "messagesRead", "messageDeleted"]
    assert names(by_ravi) == ["newMessage", "newMessage", "messageDeleted"]
    assert [data for _, data in by_ravi] == [*thread(ravi, asha), thread(ravi, asha)[0]]
    assert by_asha[2][1] == {"userId": ravi.id, "upTo": two, "count": 2}


def test_orders_and_requests_are_told_with_what_became_of_them(asha: Person, ravi: Person) -> None:
    lamp = offer(merchant(asha))
    buyer, seller = here(ravi), here(asha)
    made = order(ravi, {lamp: 1}, "hold")
    known, buyer = catch_up(ravi, buyer)
    asked = _request(asha, ravi)
    act(asha, made, "capture")
    asha.call("POST", f"/transaction/request/{asked}/cancel", headers=asha.headers)

    assert [(name, data["status"]) for name, data in known] == [("orderUpdated", "authorised")]
    for person, cursor in ((ravi, buyer), (asha, seller)):
        transfer, paid, cancelled = catch_up(person, cursor)[0]
        assert (transfer[0], paid) == ("transfer", ("orderUpdated", seen(person, made)))
        assert cancelled == ("requestUpdated", ravi.get("/transaction/request").body["requests"][0])


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_of_all_kinds_lose_and_repeat_nothing(asha: Person, ravi: Person, call: Call, limit: int) -> None:
    mira, cursor = sign_up(call, "Mira"), here(ravi)
    sent = [say(person, ravi) for person in (asha, mira, asha)]
    asha.send(ravi, 1)
    requests = [_request(ravi, asha), _request(mira, ravi)]
    say(mira, asha, "not for Ravi")
    ask(mira, "DELETE", f"/{sent[1]}")

    events, cursor = catch_up(ravi, cursor, limit)

    assert names(events) == [*["newMessage"] * 3, "transfer", *["requestUpdated"] * 2, "messageDeleted"]
    assert (_ids(events), _ids(events, "requestUpdated")) == (sent, requests)
    assert catch_up(ravi, cursor, limit)[0] == []


def test_what_is_committed_after_what_was_made_later_is_told(
    asha: Person, ravi: Person, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    mira, cursor = sign_up(call, "Mira"), here(ravi)
    quick = say(asha, ravi)
    first, cursor = catch_up(ravi, cursor)
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now - timedelta(seconds=4))
        slow = say(mira, ravi)

    events, cursor = catch_up(ravi, cursor)

    assert (_ids(first), _ids(events)) == ([quick], [slow])
    assert catch_up(ravi, cursor)[0] == []


def test_what_changes_again_in_the_same_millisecond_is_told_again(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor, now = here(ravi), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    asked = _request(asha, ravi)
    first, cursor = catch_up(ravi, cursor)
    asha.call("POST", f"/transaction/request/{asked}/cancel", headers=asha.headers)

    second, cursor = catch_up(ravi, cursor)

    assert [data["status"] for _, data in (*first, *second)] == ["pending", "cancelled"]
    assert catch_up(ravi, cursor)[0] == []


def test_a_cursor_of_now_is_not_ahead_of_what_a_majority_has(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(db, "snapshot", lambda *_: ([], now))
        patch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
        cursor = here(ravi)

    said = say(asha, ravi)

    assert _ids(catch_up(ravi, cursor)[0]) == [said]


def test_a_cursor_stays_short_and_rests_when_nothing_happens(
    asha: Person, ravi: Person, settle: Callable[[], None]
) -> None:
    cursor = here(ravi)
    for number in range(5):
        say(asha, ravi, str(number))
    busy = catch_up(ravi, cursor)[1]

    settle()
    rested = catch_up(ravi, busy)[1]

    assert len(rested) < len(busy)
    assert catch_up(ravi, rested) == ([], rested)


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_more_at_once_than_a_cursor_holds_is_told_and_ends(
    asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None], limit: int
) -> None:
    monkeypatch.setattr(cursors, "MOST_TOLD", 3)
    cursor = here(ravi)
    sent = [say(asha, ravi, str(number)) for number in range(9)]

    first, cursor = catch_up(ravi, cursor, limit)
    again, cursor = catch_up(ravi, cursor, limit)
    sent.append(say(asha, ravi))
    last, cursor = catch_up(ravi, cursor, limit)
    settle()

    assert _ids(first) == sent[:9]
    assert set(_ids(again)) <= set(sent[:9])
    assert _ids(last)[-1] == sent[9]
    assert len(catch_up(ravi, catch_up(ravi, cursor)[1])[0]) == 0


def test_a_cursor_of_money_alone_goes_on_and_learns_the_rest(asha: Person, ravi: Person) -> None:
    say(asha, ravi, "long ago")
    db.database()["messages"].update_many({}, {"$set": {"createdAt": clock.now() - timedelta(minutes=1)}})
    asha.send(ravi, 7)

    events, cursor = catch_up(ravi, f"{ravi.id}-1")
    said = say(asha, ravi)

    assert (names(events), _amounts(events)) == (["transfer"], [7])
    assert _ids(catch_up(ravi, cursor)[0]) == [said]


def test_the_cursor_of_a_transfer_leads_to_all_that_followed(asha: Person, ravi: Person) -> None:
    cursor = here(ravi)
    asha.send(ravi, 1)
    ((_, transfer),), _ = catch_up(ravi, cursor)
    said = say(asha, ravi)
    asha.send(ravi, 2)

    events, _ = catch_up(ravi, transfer["cursor"])

    assert (_ids(events), _amounts(events)) == ([said], [2])


def test_an_account_that_was_opened_since_is_new_and_one_that_was_closed_is_left_out(asha: Person) -> None:
    cursor = here(asha)
    opened = asha.call("POST", "/account", json={"name": "Rent"}, headers=asha.headers).body["account"]["id"]
    for source, to in ((asha.id, opened), (opened, asha.id)):
        form = {"fromAccount": source, "toAccount": to, "amount": 5, "idempotencyKey": source}
        assert asha.call("POST", "/transaction", json=form, headers=asha.headers).status == 201
    named = page(asha, cursor, limit=1)["cursor"]
    assert asha.call("POST", f"/account/{opened}/close", headers=asha.headers).status == 200

    events, cursor = catch_up(asha, named)

    assert len(events) == 3
    assert opened in named
    assert opened not in catch_up(asha, cursor)[1]


def test_the_cursor_of_somebody_else_shows_ones_own(asha: Person, ravi: Person, call: Call) -> None:
    cursor, mira = here(ravi), sign_up(call, "Mira")
    asha.send(ravi, 7)
    own, _ = say(asha, ravi), say(mira, ravi)

    events, cursor = catch_up(asha, cursor)

    assert (_amounts(events), _ids(events)) == ([100, 7], [own])
    assert cursors.read(cursor, now=clock.now()).position.keys() == {ObjectId(asha.id)}


@pytest.mark.parametrize(
    "bad", ["", "x", f"{_ID}-", f"{_ID}--1", f"{_ID}-{'9' * 19}", f"{_ID}-1.", f"{_ID}-%D9%A1", "%00", "a" * 5000]
)
def test_what_is_no_cursor_is_refused(asha: Person, bad: str) -> None:
    answer = asha.get(f"/event?since={bad}")

    assert (answer.status, answer.body["code"]) == (400, "invalid_input")


@pytest.mark.parametrize(
    "bad",
    ["~", "~x", "~-1", "~1-", "~1-2-3", f"~{'9' * 14}", "~1~", f"~1~m{_ID}", f"~1~M{_ID}1", f"~1~m{_ID}{'9' * 14}"],
)
def test_what_says_no_time_is_refused_and_what_says_a_strange_one_is_not(asha: Person, bad: str) -> None:
    assert asha.get(f"/event?since={asha.id}-1{bad}").body["code"] == "invalid_input"
    strange = f"~{'9' * 13}-{'9' * 13}~z{_ID}{'9' * 13}"
    assert catch_up(asha, f"{asha.id}-1{strange}")[0] == []


@pytest.mark.parametrize("one", FEEDS, ids=lambda one: one.event)
def test_what_changed_is_found_along_indexes(asha: Person, one: Feed) -> None:
    changed = db.database()[one.collection].find(one.wanted(ObjectId(asha.id), clock.now()))

    plan = changed.sort(one.time, 1).limit(5).explain()["queryPlanner"]["winningPlan"]

    stages = set(_stages(plan))
    assert "IXSCAN" in stages
    assert {"COLLSCAN", "SORT"} & stages == set()


def _stages(plan: dict[str, Any]) -> list[str]:
    below = [plan["inputStage"]] if "inputStage" in plan else plan.get("inputStages", [])
    return [plan["stage"], *(stage for one in below for stage in _stages(one))]


def test_events_have_letters_of_their_own() -> None:
    assert len({one.letter for one in FEEDS}) == len(FEEDS)
