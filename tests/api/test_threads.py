"""Money that moved and requests for it, between the messages of two people."""

import random
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId

from paytm import clock, db
from paytm.user import roles
from tests.people import Call, Person, sign_up
from tests.talking import pages, say, thread

_OWN = {"_id", "id", "createdAt"}


def _ask(payee: Person, payer: Person, amount: Any = 30, **body: Any) -> str:
    wanted = {"from": payer.id, "amount": amount, **body}
    answer = payee.call("POST", "/transaction/request", json=wanted, headers=payee.headers)
    assert answer.status == 201, answer
    return answer.body["request"]["id"]


def _pay(person: Person, **body: Any) -> str:
    answer = person.call(
        "POST", "/transaction", json={"idempotencyKey": str(ObjectId()), **body}, headers=person.headers
    )
    assert answer.status == 201, answer
    return answer.body["transaction"]["id"]


def _savings(person: Person) -> str:
    answer = person.call("POST", "/account", json={"name": "Savings"}, headers=person.headers)
    return answer.body["account"]["id"]


def _kinds(person: Person, other: Person) -> list[str]:
    return [remark["kind"] for remark in thread(person, other)]


def test_a_transfer_stands_between_the_messages_of_both(asha: Person, ravi: Person) -> None:
    say(asha, ravi, "here you are")
    made = asha.send(ravi, "12.50", note="chai").body["transactionId"]
    say(ravi, asha, "thanks")

    for person, other, direction in ((asha, ravi, "out"), (ravi, asha, "in")):
        before, transfer, after = thread(person, other)
        assert (before["text"], after["text"]) == ("here you are", "thanks")
        assert {name: value for name, value in transfer.items() if name not in _OWN} == {
            "kind": "transfer",
            "senderId": asha.id,
            "receiverId": ravi.id,
            "amount": 12.5,
            "direction": direction,
            "transactionId": made,
            "note": "chai",
        }


def test_a_request_is_shown_as_it_counts_now(asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    soon = (now + timedelta(hours=1)).isoformat()
    paid, lapsing = _ask(ravi, asha, note="lunch"), _ask(asha, ravi, 7, expiresAt=soon)
    headers = asha.headers | {"Idempotency-Key": "k"}
    assert asha.call("POST", f"/transaction/request/{paid}/pay", json={}, headers=headers).status == 201
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))

    first, second, transfer = thread(asha, ravi)

    assert (first["kind"], first["requestId"], first["status"], first["note"]) == ("request", paid, "paid", "lunch")
    assert (first["senderId"], first["receiverId"], first["amount"]) == (ravi.id, asha.id, 30)
    assert (second["requestId"], second["status"], second["senderId"]) == (lapsing, "expired", asha.id)
    assert second["expiresAt"].startswith(soon[:19])
    assert (transfer["kind"], transfer["transactionId"]) == ("transfer", first["transactionId"])


def test_money_of_any_of_their_accounts_is_shown(asha: Person, ravi: Person) -> None:
    mine, theirs = _savings(asha), _savings(ravi)
    _pay(asha, fromAccount=asha.id, toAccount=mine, amount=20)
    made = _pay(asha, fromAccount=mine, toAccount=theirs, amount=20)

    for person, other in ((asha, ravi), (ravi, asha)):
        assert [remark["transactionId"] for remark in thread(person, other)] == [made]


def test_others_are_shown_nothing_of_it(asha: Person, ravi: Person, call: Call) -> None:
    mira = sign_up(call)
    asha.send(ravi, 1)
    _ask(ravi, asha)
    mira.send(asha, 2)

    assert _kinds(mira, ravi) == _kinds(ravi, mira) == []
    assert [remark["amount"] for remark in thread(mira, asha)] == [2]


def test_a_payout_is_shown_to_who_is_paid(asha: Person, ravi: Person) -> None:
    roles.grant(asha.username, roles.MERCHANT)
    body = {"idempotencyKey": "p", "transfers": [{"toAccount": ravi.id, "amount": part} for part in (1, 2)]}
    assert asha.call("POST", "/transaction/bulk", json=body, headers=asha.headers).status == 201

    assert [(remark["amount"], remark["direction"]) for remark in thread(ravi, asha)] == [(3, "in")]
    assert thread(asha, ravi) == []


def _world(asha: Person, ravi: Person) -> int:
    """Let much happen, a good part of it at the same instants; return how many things."""
    savings, at, chance = _savings(asha), clock.now(), random.Random(7)
    _pay(asha, fromAccount=asha.id, toAccount=savings, amount=30)
    for number in range(20):
        one, other = chance.sample((asha, ravi), 2)
        say(one, other)
        _ask(other, one)
        # Of two accounts, whose numbers and ids have another order each.
        source = savings if one is asha and number % 2 else one.id
        _pay(one, fromAccount=source, toAccount=other.id, amount=1)
    for name in ("entries", "messages", "payment_requests"):
        for found in list(db.database()[name].find()):
            moment = at + timedelta(milliseconds=chance.randrange(3))
            db.database()[name].update_one({"_id": found["_id"]}, {"$set": {"createdAt": moment}})
    return 60


@pytest.mark.parametrize("limit", [1, 4, 7, 100])
def test_pages_lose_and_repeat_nothing_at_the_same_instants(asha: Person, ravi: Person, limit: int) -> None:
    size = _world(asha, ravi)

    found = pages(asha, f"/{ravi.id}", "messages", limit=limit)[::-1]

    seen = [(remark["createdAt"], remark["id"]) for page in found for remark in page]
    assert len(seen) == len(set(seen)) == size
    assert seen == sorted(seen)
    assert all(len(page) == limit for page in found[1:])


def test_what_comes_while_one_pages_moves_no_page(asha: Person, ravi: Person) -> None:
    sent = [say(asha, ravi, str(number)) for number in range(4)]
    newest = ravi.call("GET", f"/message/{asha.id}", query_string={"limit": 2}, headers=ravi.headers).body
    asha.send(ravi, 1)
    say(asha, ravi)

    older = thread(ravi, asha, limit=2, cursor=newest["nextCursor"])

    assert [remark["id"] for remark in older] == sent[:2]
