"""Messages between people."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from paytm import clock, db
from paytm.chat import audit
from paytm.user import disabling
from tests.api.stored import count, stored
from tests.people import Answer, Call, Person, sign_up
from tests.talking import ask, mark, pages, say, thread, unread, write

UNKNOWN = "f" * 24
CHAT = ("messages", "conversations", "blocks", "outbox")


@pytest.fixture(autouse=True)
def _adds_up(app: Flask) -> Iterator[None]:
    yield
    audit.check()


@pytest.fixture
def mira(call: Call) -> Person:
    return sign_up(call, "Mira", "Das")


def _texts(person: Person, other: Person, **query: Any) -> list[str | None]:
    return [message.get("text") for message in thread(person, other, **query)]


def _events(kind: str) -> list[dict[str, Any]]:
    return [event for event in stored("outbox")["outbox"] if event["kind"] == kind]


def test_a_message_is_shown_to_who_sent_it(asha: Person, ravi: Person) -> None:
    answer = write(asha, ravi, "  chai?\n☕ ", clientId="c-1")

    assert answer.status == 201
    message = answer.body["message"]
    assert message["_id"] == message["id"]
    assert {name: message[name] for name in message if name not in ("_id", "id", "createdAt")} == {
        "kind": "text",
        "senderId": asha.id,
        "receiverId": ravi.id,
        "text": "chai?\n☕",
        "image": None,
        "clientId": "c-1",
        "read": False,
    }


def test_both_read_a_conversation_oldest_first(asha: Person, ravi: Person) -> None:
    sent = [say(asha, ravi, "one"), say(ravi, asha, "two"), say(asha, ravi, "three")]

    for reader, other in ((asha, ravi), (ravi, asha)):
        assert [(message["id"], message["text"]) for message in thread(reader, other)] == list(
            zip(sent, ["one", "two", "three"], strict=True)
        )


def test_pages_go_back_in_time(asha: Person, ravi: Person) -> None:
    sent = [say(*((asha, ravi) if number % 3 else (ravi, asha)), str(number)) for number in range(7)]

    found = pages(ravi, f"/{asha.id}", "messages", limit=3)

    assert [[message["text"] for message in page] for page in found] == [["4", "5", "6"], ["1", "2", "3"], ["0"]]
    assert [message["id"] for page in reversed(found) for message in page] == sent


def test_a_conversation_never_goes_back_in_time(asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    for number, minutes in enumerate((5, 0, 3)):
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        say(asha, ravi, str(number))

    assert _texts(ravi, asha) == ["0", "1", "2"]


def test_a_repetition_gets_the_first_message(asha: Person, ravi: Person) -> None:
    first, again = write(asha, ravi, clientId="c"), write(asha, ravi, clientId="c")

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert unread(ravi) == {asha.id: 1}
    assert len(_events("message.sent")) == 1


def test_a_repetition_gets_the_first_message_whatever_became_of_it(asha: Person, ravi: Person) -> None:
    sent = say(asha, ravi, clientId="c")
    ask(asha, "DELETE", f"/{sent}")
    ask(ravi, "PUT", f"/block/{asha.id}")

    again = write(asha, ravi, clientId="c").body["message"]

    assert (again["id"], again["deleted"]) == (sent, True)
    assert "text" not in again


def test_a_client_id_is_for_one_message(asha: Person, ravi: Person, mira: Person) -> None:
    say(asha, ravi, clientId="c")

    for answer in (write(asha, ravi, "other", clientId="c"), write(asha, mira, clientId="c")):
        assert (answer.status, answer.body["code"]) == (422, "idempotency_key_reused")
    assert write(ravi, asha, clientId="c").status == 201
    assert count("messages") == 2


def test_messages_without_a_client_id_are_all_sent(asha: Person, ravi: Person) -> None:
    assert say(asha, ravi) != say(asha, ravi, clientId=None)
    assert unread(ravi) == {asha.id: 2}


BODIES = [
    {},
    {"text": ""},
    {"text": " \n "},
    {"text": "x" * 2001},
    {"text": "a\0b"},
    {"text": 7},
    {"text": None},
    {"text": ["a"]},
    {"text": {"$ne": ""}},
    {"text": True},
    {"text": "a", "clientId": ""},
    {"text": "a", "clientId": "c" * 65},
    {"text": "a", "clientId": "c\n"},
    {"text": "a", "clientId": "\x85"},
    {"text": "a", "clientId": 7},
    {"text": "a", "clientId": {"$gt": ""}},
    ["text"],
    "text",
]


def test_a_bad_message_changes_nothing(asha: Person, ravi: Person) -> None:
    before = stored(*CHAT)

    for body in BODIES:
        answer = asha.call("POST", f"/message/send/{ravi.id}", json=body, headers=asha.headers)
        assert (answer.status, answer.body["code"]) == (400, "invalid_input"), body
    assert stored(*CHAT) == before


def test_half_a_surrogate_pair_is_refused(asha: Person, ravi: Person) -> None:
    for body in ('{"text": "\\ud800"}', '{"text": "a", "clientId": "\\udfff"}'):
        answer = asha.call(
            "POST", f"/message/send/{ravi.id}", data=body, content_type="application/json", headers=asha.headers
        )
        assert answer.status == 400


def test_the_longest_text_is_counted_in_characters(asha: Person, ravi: Person) -> None:
    say(asha, ravi, "ü" * 2000)

    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    assert conversation["lastMessage"]["text"] == "ü" * 99 + "…"


def test_nobody_writes_to_nobody(app: Flask, asha: Person, ravi: Person) -> None:
    disabling.set_status(ravi.username, "disabled")
    before = stored(*CHAT)

    answers = [write(asha, to) for to in (asha.id, UNKNOWN, "undefined", "0" * 24, ravi.id)]

    assert [answer.status for answer in answers] == [400, 404, 404, 404, 404]
    assert stored(*CHAT) == before


def test_conversations_are_listed_newest_first(asha: Person, ravi: Person, mira: Person) -> None:
    say(asha, ravi, "to Ravi")
    say(mira, asha, "from Mira")
    say(ravi, asha, "from Ravi")

    answer = ask(asha, "GET", "/users")

    first, second = answer.body["users"]
    assert first["user"] == {"_id": ravi.id, "id": ravi.id, "firstName": "Ravi", "lastName": "Iyer"}
    assert (first["lastMessage"]["text"], first["lastMessage"]["senderId"], first["unread"]) == (
        "from Ravi",
        ravi.id,
        1,
    )
    assert (second["user"]["id"], second["unread"]) == (mira.id, 1)
    assert answer.body["nextCursor"] is None


def test_conversations_come_in_pages(
    asha: Person, ravi: Person, mira: Person, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [ravi, mira, *(sign_up(call) for _ in range(3))]
    now = clock.now()
    # Several at one instant, which pages have to tell apart.
    monkeypatch.setattr(clock, "now", lambda: now)
    for other in others:
        say(other, asha)

    found = pages(asha, "/users", "users", limit=2)

    assert [len(page) for page in found] == [2, 2, 1]
    assert sorted(line["user"]["id"] for page in found for line in page) == sorted(other.id for other in others)


def test_what_came_is_read_until_now(asha: Person, ravi: Person, mira: Person) -> None:
    say(asha, ravi, "one")
    last = say(asha, ravi, "two")
    say(mira, ravi)

    assert [mark(ravi, asha), mark(ravi, asha)] == [2, 0]

    assert unread(ravi) == {asha.id: 0, mira.id: 1}
    assert [message["read"] for message in thread(asha, ravi)] == [True, True]
    (event,) = _events("messages.read")
    assert (str(event["reader"]), str(event["other"]), str(event["upTo"]), event["count"]) == (
        ravi.id,
        asha.id,
        last,
        2,
    )


def test_what_comes_after_the_mark_is_unread(asha: Person, ravi: Person) -> None:
    say(asha, ravi)
    mark(ravi, asha)
    say(ravi, asha)
    say(asha, ravi)

    assert [message["read"] for message in thread(ravi, asha)] == [True, False, False]
    assert (unread(ravi), unread(asha)) == ({asha.id: 1}, {ravi.id: 1})
    assert (mark(ravi, asha), mark(asha, ravi)) == (1, 1)


def test_nobodys_messages_are_read(asha: Person, ravi: Person) -> None:
    assert mark(asha, ravi) == 0
    assert ask(asha, "PUT", f"/mark/{UNKNOWN}").status == 404
    assert ask(asha, "PUT", f"/mark/{asha.id}").status == 400
    assert count("conversations") == 0


def test_a_deleted_message_keeps_its_place(asha: Person, ravi: Person) -> None:
    sent = [say(asha, ravi, "one"), say(asha, ravi, "a secret")]

    answers = [ask(asha, "DELETE", f"/{sent[1]}").status for _ in range(2)]

    assert answers == [204, 204]
    assert [(line["id"], line.get("text"), line.get("deleted")) for line in thread(ravi, asha)] == [
        (sent[0], "one", None),
        (sent[1], None, True),
    ]
    assert "secret" not in str(stored(*CHAT))
    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    assert (conversation["lastMessage"]["deleted"], conversation["unread"]) == (True, 2)
    (event,) = _events("message.deleted")
    assert (str(event["message"]), str(event["recipient"])) == (sent[1], ravi.id)


def test_deleting_an_earlier_message_leaves_the_last_one(asha: Person, ravi: Person) -> None:
    sent = say(asha, ravi, "one")
    say(ravi, asha, "two")

    ask(asha, "DELETE", f"/{sent}")

    (conversation,) = ask(ravi, "GET", "/users").body["users"]
    assert conversation["lastMessage"]["text"] == "two"


def test_nobody_deletes_a_message_of_others(asha: Person, ravi: Person, mira: Person) -> None:
    sent = say(asha, ravi)
    before = stored(*CHAT)

    answers = [ask(ravi, "DELETE", f"/{sent}"), ask(mira, "DELETE", f"/{sent}"), ask(asha, "DELETE", f"/{UNKNOWN}")]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "not_found")}
    assert stored(*CHAT) == before


def test_a_conversation_of_others_is_not_to_be_had(asha: Person, ravi: Person, mira: Person) -> None:
    say(asha, ravi, "a secret")
    ravi.send(asha, 5, note="a secret")
    cursor = ask(asha, "GET", f"/{ravi.id}", limit=1).body["nextCursor"]

    seen = [thread(mira, asha), thread(mira, ravi), thread(mira, asha, cursor=cursor)]

    assert cursor is not None
    assert seen == [[]] * 3
    assert unread(mira) == {}
    assert mark(mira, asha) == 0
    assert unread(ravi) == {asha.id: 1}


def test_a_conversation_with_nobody_is_missing(asha: Person) -> None:
    assert ask(asha, "GET", f"/{UNKNOWN}").status == 404
    assert ask(asha, "GET", f"/{asha.id}").status == 400


@pytest.mark.parametrize("path", ["/users", "/block", "/{ravi}"])
def test_bad_cursors_are_refused(asha: Person, ravi: Person, path: str) -> None:
    for cursor in ("x", "1-x", f"{'9' * 20}-{'0' * 24}", f"1-{'0' * 12}", "1" * 51):
        assert ask(asha, "GET", path.format(ravi=ravi.id), cursor=cursor).status == 400, cursor
    assert ask(asha, "GET", path.format(ravi=ravi.id), limit="x").status == 400


def test_what_is_blocked_is_said_neither_way(asha: Person, ravi: Person) -> None:
    say(asha, ravi)
    assert [ask(ravi, "PUT", f"/block/{asha.id}").status for _ in range(2)] == [204, 204]
    before = stored("messages", "conversations")

    for sender, recipient in ((asha, ravi), (ravi, asha)):
        answer = write(sender, recipient)
        assert (answer.status, answer.body["code"]) == (403, "blocked")
    assert stored("messages", "conversations") == before
    assert _texts(asha, ravi) == ["hello"]


def _request(payee: Person, payer: Person) -> Answer:
    return payee.call("POST", "/transaction/request", json={"from": payer.id, "amount": 5}, headers=payee.headers)


def test_who_is_blocked_asks_for_no_money_and_may_send_some(asha: Person, ravi: Person) -> None:
    ask(ravi, "PUT", f"/block/{asha.id}")

    answer = _request(asha, ravi)

    assert (answer.status, answer.body["code"]) == (403, "blocked")
    assert count("payment_requests") == 0
    assert asha.send(ravi, 5).status == 200


def test_who_is_blocked_no_more_is_heard(asha: Person, ravi: Person) -> None:
    ask(ravi, "PUT", f"/block/{asha.id}")

    assert [ask(ravi, "DELETE", f"/block/{asha.id}").status for _ in range(2)] == [204, 204]
    assert write(asha, ravi).status == 201
    assert _request(asha, ravi).status == 201


def test_blocked_people_are_shown_to_who_blocked_them(asha: Person, ravi: Person, mira: Person) -> None:
    for other in (asha, mira):
        ask(ravi, "PUT", f"/block/{other.id}")

    found = pages(ravi, "/block", "users", limit=1)

    assert [[person["id"] for person in page] for page in found] == [[mira.id], [asha.id]]
    assert found[0][0]["firstName"] == "Mira"
    assert ask(asha, "GET", "/block").body["users"] == []


def test_nobody_blocks_nobody(asha: Person) -> None:
    assert ask(asha, "PUT", f"/block/{UNKNOWN}").status == 404
    assert ask(asha, "PUT", f"/block/{asha.id}").status == 400
    assert count("blocks") == 0


def test_what_happened_is_told_with_its_ids_alone(asha: Person, ravi: Person) -> None:
    sent = say(asha, ravi, "a secret")

    (event,) = _events("message.sent")

    subject = {name: str(event[name]) for name in event.keys() - {"_id", "kind", "createdAt"}}
    assert subject == {"message": sent, "sender": asha.id, "recipient": ravi.id}


def test_messages_are_limited_by_their_setting(call_with: Callable[..., Call], asha: Person, ravi: Person) -> None:
    call = call_with(RATELIMIT_ENABLED="true", RATELIMIT_MESSAGE="2 per hour")
    sender = Person(call, asha.token, asha.id, asha.username)

    assert [write(sender, ravi).status for _ in range(3)] == [201, 201, 429]


CORRUPTIONS = {
    "unread": ("conversations", {"unread": 1}, {"$inc": {"unread": 1}}),
    "read": ("conversations", {"unread": 1}, {"$set": {"readUpTo": clock.now() + timedelta(days=1)}}),
    "end": ("conversations", {}, {"$set": {"lastAt": clock.now()}}),
    "last message": ("conversations", {}, {"$set": {"lastMessage.createdAt": clock.now()}}),
    "lost row": ("conversations", {}, None),
    "lost message": ("messages", {}, None),
}


@pytest.mark.parametrize(("name", "wanted", "change"), CORRUPTIONS.values(), ids=CORRUPTIONS)
def test_the_audit_names_a_conversation_that_does_not_agree(
    app: Flask, asha: Person, ravi: Person, name: str, wanted: dict[str, Any], change: dict[str, Any] | None
) -> None:
    say(asha, ravi)
    assert audit.check() == 1
    target = db.database()[name]

    if change is None:
        target.delete_one(wanted)
    else:
        target.update_one(wanted, change)

    result = app.test_cli_runner().invoke(args=["audit"])
    assert (result.exit_code, "WRONG: conversation" in result.stderr) == (1, True)
    for emptied in ("messages", "conversations"):
        db.database()[emptied].delete_many({})
