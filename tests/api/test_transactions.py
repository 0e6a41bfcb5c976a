"""Money between accounts by their ids, and finding it again."""

from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from bson.int64 import Int64
from flask import Flask

from paytm import clock, db
from paytm.ledger.posting import BANK_ACCOUNTS
from paytm.user import roles
from tests.api.stored import MONEY, count, stored
from tests.people import Answer, Call, Person, sign_up

UNKNOWN = "f" * 24


def post(person: Person, path: str = "", *, key: str | None = "k", **body: Any) -> Answer:
    sent = {"idempotencyKey": key, **body} if key is not None else body
    return person.call("POST", f"/transaction{path}", json=sent, headers=person.headers)


def pay(payer: Person, payee: Person | str, amount: Any = 10, *, key: str | None = "k", **body: Any) -> Answer:
    to = payee.id if isinstance(payee, Person) else payee
    return post(payer, key=key, **{"fromAccount": payer.id, "toAccount": to, "amount": amount, **body})


def find(person: Person, **query: Any) -> list[str]:
    answer = person.call("GET", "/transaction", query_string=query, headers=person.headers)
    assert answer.status == 200, answer
    return [transaction["id"] for transaction in answer.body["transactions"]]


def second_account(person: Person) -> str:
    """Give a person an empty account more, past the application."""
    account = db.database()["accounts"].find_one({"_id": ObjectId(person.id)})
    assert account
    other = {**account, "_id": ObjectId(), "balance": Int64(0), "seq": Int64(0)}
    db.database()["accounts"].insert_one(other)
    return str(other["_id"])


@pytest.fixture
def operator(call: Call) -> Person:
    person = sign_up(call, "Olga", "Operator")
    roles.grant(person.username, roles.OPERATOR)
    return person


def test_a_payment_moves_money_and_shows_its_record(asha: Person, ravi: Person) -> None:
    answer = pay(asha, ravi, "12.50", note=" rent ")

    assert answer.status == 201
    made = answer.body["transaction"]
    assert {name: made[name] for name in ("kind", "status", "fromAccount", "toAccount", "amount", "note")} == {
        "kind": "transfer",
        "status": "completed",
        "fromAccount": asha.id,
        "toAccount": ravi.id,
        "amount": 12.5,
        "note": "rent",
    }
    assert (asha.balance(), ravi.balance()) == (87.5, 112.5)


def test_a_payment_goes_between_any_accounts(asha: Person, ravi: Person) -> None:
    savings = second_account(asha)

    assert pay(asha, savings, 40).status == 201
    assert pay(asha, ravi, 15, key="2", fromAccount=savings).status == 201
    assert (asha.balance(), ravi.balance()) == (60, 115)


def test_a_payment_needs_a_key(asha: Person, ravi: Person) -> None:
    answer = pay(asha, ravi, key=None)

    assert (answer.status, answer.body["code"]) == (400, "idempotency_key_required")
    assert asha.balance() == 100


def test_a_key_in_the_header_will_do(asha: Person, ravi: Person) -> None:
    body = {"fromAccount": asha.id, "toAccount": ravi.id, "amount": 1}
    headers = asha.headers | {"Idempotency-Key": "k"}

    assert asha.call("POST", "/transaction", json=body, headers=headers).status == 201
    assert asha.call("POST", "/transaction", json=body, headers=headers).headers["Idempotent-Replayed"] == "true"
    assert asha.balance() == 99


def test_a_repetition_gets_the_first_answer(asha: Person, ravi: Person) -> None:
    first, again = pay(asha, ravi), pay(asha, ravi)

    assert (again.status, again.body) == (first.status, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert asha.balance() == 90


@pytest.mark.parametrize("changed", [{"amount": 11}, {"note": "x"}, {"toAccount": UNKNOWN}], ids=str)
def test_a_key_is_for_one_payment_only(asha: Person, ravi: Person, changed: dict[str, Any]) -> None:
    pay(asha, ravi)

    assert post(asha, **{"fromAccount": asha.id, "toAccount": ravi.id, "amount": 10, **changed}).status == 422
    assert asha.balance() == 90


def test_a_refusal_is_kept_under_its_key(asha: Person, ravi: Person) -> None:
    first = pay(asha, ravi, 500)
    assert (first.status, first.body["code"]) == (400, "insufficient_balance")
    assert ravi.send(asha, 100).status == 200

    assert pay(asha, ravi, 500).body == first.body


@pytest.mark.parametrize("of", ["somebody else", "nobody", "the bank"])
def test_nobody_pays_from_an_account_of_others(asha: Person, ravi: Person, of: str) -> None:
    source = {"somebody else": ravi.id, "nobody": UNKNOWN, "the bank": "0" * 24}[of]
    before = stored(*MONEY)

    answer = post(asha, fromAccount=source, toAccount=asha.id, amount=1)

    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert stored(*MONEY) == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"toAccount": "0" * 24}, "invalid_account"),
        ({"toAccount": UNKNOWN}, "invalid_account"),
        ({"toAccount": "me"}, "invalid_account"),
        ({"toAccount": {"$ne": None}}, "invalid_account"),
        ({"amount": 0}, "invalid_amount"),
        ({"amount": -1}, "invalid_amount"),
        ({"amount": 0.001}, "invalid_amount"),
        ({"amount": True}, "invalid_amount"),
        ({"amount": None}, "invalid_amount"),
        ({"amount": 10**15}, "invalid_amount"),
        ({"idempotencyKey": ""}, "invalid_idempotency_key"),
        ({"idempotencyKey": {"$gt": ""}}, "invalid_idempotency_key"),
        ({"fromAccount": None}, "invalid_input"),
        ({"note": "x" * 201}, "invalid_input"),
    ],
    ids=str,
)
def test_bad_payments_change_nothing(asha: Person, ravi: Person, changed: dict[str, Any], code: str) -> None:
    body = {"fromAccount": asha.id, "toAccount": ravi.id, "amount": 1} | changed
    answer = post(asha, **body)

    assert (answer.status, answer.body["code"]) == (400, code)
    assert asha.balance() == ravi.balance() == 100


def test_a_payment_to_itself_is_refused(asha: Person) -> None:
    assert pay(asha, asha).body["code"] == "self_transfer"


def test_what_moved_is_told_once(asha: Person, ravi: Person) -> None:
    made = pay(asha, ravi).body["transaction"]["id"]
    pay(asha, ravi)
    pay(asha, ravi, 500, key="too much")

    told = list(db.database()["outbox"].find({"kind": "transaction.completed"}))
    assert [[str(transaction) for transaction in event["transactions"]] for event in told] == [[made]]


def test_transactions_are_found_newest_first_in_pages(asha: Person, ravi: Person) -> None:
    made = [pay(asha, ravi, 1, key=str(number)).body["transaction"]["id"] for number in range(7)][::-1]

    seen, cursor = [], None
    while cursor is not None or not seen:
        query = {"limit": 3, "kind": "transfer"} | ({"cursor": cursor} if cursor else {})
        page = asha.call("GET", "/transaction", query_string=query, headers=asha.headers).body
        seen += [transaction["id"] for transaction in page["transactions"]]
        cursor = page["nextCursor"]

    assert seen == made


def test_pages_end_where_two_accounts_have_the_same_time_and_number(asha: Person, ravi: Person) -> None:
    accounts = [second_account(asha) for _ in range(3)]
    for number, account in enumerate(accounts):
        assert pay(asha, account, 1, key=f"to {number}").status == 201
        assert pay(asha, ravi, 1, key=f"from {number}", fromAccount=account).status == 201
    at = stored("entries")["entries"][0]["createdAt"]
    db.database()["entries"].update_many({}, {"$set": {"createdAt": at}})

    pages: list[list[str]] = []
    cursor = ""
    while cursor is not None:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = asha.call("GET", "/transaction", query_string=query, headers=asha.headers).body
        pages.append([transaction["id"] for transaction in page["transactions"]])
        cursor = page["nextCursor"]

    seen = [found for page in pages for found in page]
    assert len(pages) > 1
    assert sorted(seen) == sorted(set(seen))
    # The opening posting, and six payments.
    assert len(seen) == 7


def test_what_moves_between_ones_own_accounts_is_listed_once(asha: Person) -> None:
    savings = second_account(asha)
    made = pay(asha, savings, 5).body["transaction"]["id"]

    assert find(asha, kind="transfer") == [made]
    assert find(asha, account=savings) == [made]


def test_filters(asha: Person, ravi: Person, call: Call) -> None:
    mira = sign_up(call, "Mira")
    small = pay(asha, ravi, 5, key="small").body["transaction"]
    large = pay(asha, mira, 50, key="large").body["transaction"]
    came = pay(ravi, asha, 20, key="came").body["transaction"]
    pay(asha, ravi, 900, key="declined")
    at = large["createdAt"]

    assert find(asha, kind="transfer", counterparty=ravi.id) == [came["id"], small["id"]]
    assert find(asha, kind="transfer", min=20) == [came["id"], large["id"]]
    assert find(asha, kind="transfer", max=20) == [came["id"], small["id"]]
    assert find(asha, min=6, max=49) == [came["id"]]
    assert large["id"] in find(asha, **{"from": at})
    assert large["id"] not in find(asha, to=at)
    assert find(asha, kind="funding") == find(asha, min=100)
    assert len(find(asha)) == 4
    assert find(mira, kind="transfer") == [large["id"]]


def test_declined_payments_are_found_by_who_made_them(asha: Person, ravi: Person) -> None:
    for number in range(3):
        pay(asha, ravi, 900 + number, key=str(number))

    assert len(find(asha, status="declined")) == 3
    assert len(find(asha, status="declined", min=901, max=901)) == 1
    assert find(ravi, status="declined") == []
    page = asha.call("GET", "/transaction", query_string={"status": "declined", "limit": 2}, headers=asha.headers).body
    assert len(find(asha, status="declined", cursor=page["nextCursor"])) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "x"},
        {"cursor": "1-2-3"},
        {"cursor": "9" * 40 + "-1"},
        {"cursor": "x", "status": "declined"},
        {"account": "x"},
        {"from": "yesterday"},
        {"from": "2026-01-01T00:00:00"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"min": "-1"},
        {"status": "lost"},
    ],
    ids=str,
)
def test_bad_filters_are_refused(asha: Person, query: dict[str, str]) -> None:
    assert asha.call("GET", "/transaction", query_string=query, headers=asha.headers).status == 400


def test_operators_in_a_filter_select_nothing(asha: Person, ravi: Person) -> None:
    pay(asha, ravi)
    answer = ravi.call("GET", "/transaction?account[$ne]=x&kind[$ne]=x&__raw__=1", headers=ravi.headers)

    assert answer.status == 200
    assert {transaction["kind"] for transaction in answer.body["transactions"]} == {"transfer", "funding"}


def test_a_transaction_is_seen_by_those_who_have_a_part_in_it(
    asha: Person, ravi: Person, operator: Person, call: Call
) -> None:
    made = pay(asha, ravi).body["transaction"]["id"]
    path = f"/transaction/{made}"

    assert asha.get(path).body["transaction"]["refunded"] == 0
    assert ravi.get(path).status == operator.get(path).status == 200
    stranger = sign_up(call)
    seen, missing = stranger.get(path), stranger.get(f"/transaction/{UNKNOWN}")
    assert (seen.status, seen.body["code"]) == (missing.status, missing.body["code"]) == (404, "not_found")


def test_an_account_of_others_is_not_searched(asha: Person, ravi: Person) -> None:
    answer = asha.call("GET", "/transaction", query_string={"account": ravi.id}, headers=asha.headers)

    assert answer.status == 404


def test_an_operator_issues_money(operator: Person, asha: Person) -> None:
    answer = post(operator, "/system/initial-funds", toAccount=asha.id, amount=500)

    assert (answer.status, answer.body["transaction"]["kind"]) == (201, "funding")
    assert asha.balance() == 600
    assert post(operator, "/system/initial-funds", toAccount=asha.id, amount=500).headers["Idempotent-Replayed"]
    assert asha.balance() == 600
    (event,) = db.database()["audit_events"].find({"what": "funds.issued"})
    assert (str(event["who"]), str(event["subject"]["account"]), event["details"]) == (
        operator.id,
        asha.id,
        {"amount": 50000},
    )


def test_money_is_issued_to_a_user_as_well(operator: Person, asha: Person) -> None:
    assert post(operator, "/system/initial-funds", userId=asha.id, amount=1).status == 201
    assert post(operator, "/system/initial-funds", key="2", userId=asha.id, toAccount=asha.id, amount=1).status == 400
    assert post(operator, "/system/initial-funds", key="3", amount=1).status == 400
    assert post(operator, "/system/initial-funds", key="4", toAccount=UNKNOWN, amount=1).status == 400
    assert asha.balance() == 101


def test_nobody_but_an_operator_issues_money(asha: Person, call: Call) -> None:
    merchant = sign_up(call)
    roles.grant(merchant.username, roles.MERCHANT)

    for person in (asha, merchant):
        answer = post(person, "/system/initial-funds", toAccount=person.id, amount=500)
        assert (answer.status, answer.body["code"]) == (403, "forbidden")
        assert person.balance() == 100


def test_an_operator_who_was_disabled_issues_nothing(app: Flask, operator: Person, asha: Person) -> None:
    db.database()["users"].update_one({"_id": ObjectId(operator.id)}, {"$set": {"status": "disabled"}})

    assert post(operator, "/system/initial-funds", toAccount=asha.id, amount=500).status == 403


def refund(person: Person, transaction: str, amount: Any = None, *, key: str = "r") -> Answer:
    return post(person, f"/{transaction}/refund", key=key, **({} if amount is None else {"amount": amount}))


def test_a_payee_gives_back_in_parts_and_then_the_rest(asha: Person, ravi: Person) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]
    before = db.database()["transactions"].find_one({"_id": ObjectId(paid)})

    assert refund(ravi, paid, 20, key="1").status == 201
    assert asha.get(f"/transaction/{paid}").body["transaction"]["refunded"] == 20
    rest = refund(ravi, paid, key="2").body["transaction"]
    assert (rest["kind"], rest["amount"], rest["original"]) == ("refund", 30, paid)
    assert asha.balance() == ravi.balance() == 100
    assert refund(ravi, paid, key="3").body["code"] == "refund_too_large"
    assert refund(ravi, paid, 1, key="4").body["code"] == "refund_too_large"
    assert db.database()["transactions"].find_one({"_id": ObjectId(paid)}) == before


def test_a_refund_happens_once_for_its_key(asha: Person, ravi: Person) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]
    first, again = refund(ravi, paid), refund(ravi, paid)

    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert refund(ravi, paid, 10).status == 422
    assert (asha.balance(), count("refunds")) == (100, 1)


def test_a_refund_is_never_above_the_original(asha: Person, ravi: Person) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]

    assert refund(ravi, paid, 50.01).body["code"] == "refund_too_large"
    assert refund(ravi, paid, 0).body["code"] == "invalid_amount"
    assert ravi.balance() == 150


def test_a_payee_who_spent_the_money_cannot_give_it_back(asha: Person, ravi: Person) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]
    ravi.send(asha, 120)

    assert refund(ravi, paid).body["code"] == "insufficient_balance"
    assert count("refunds") == 0


def test_who_may_refund(asha: Person, ravi: Person, operator: Person, call: Call) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]

    assert refund(asha, paid).status == 403
    assert refund(sign_up(call), paid).status == 404
    assert refund(ravi, UNKNOWN).status == 404
    assert refund(operator, paid, 10).status == 201
    assert (asha.balance(), operator.balance()) == (60, 100)


def test_what_is_no_payment_is_not_refunded(asha: Person, ravi: Person) -> None:
    paid = pay(asha, ravi, 50).body["transaction"]["id"]
    back = refund(ravi, paid).body["transaction"]["id"]
    (opening,) = find(asha, kind="funding")
    pay(asha, ravi, 900, key="declined")
    (declined,) = find(asha, status="declined")

    assert refund(asha, back, key="1").status == 409
    assert refund(asha, opening, key="2").status == 409
    assert refund(asha, declined, key="3").status == 403


def payout(person: Person, *lines: tuple[str, Any], key: str = "p", **body: Any) -> Answer:
    transfers = [{"toAccount": to, "amount": amount} for to, amount in lines]
    return post(person, "/bulk", key=key, transfers=transfers, **body)


@pytest.fixture
def merchant(call: Call) -> Person:
    person = sign_up(call, "Meena", "Merchant")
    roles.grant(person.username, roles.MERCHANT)
    return person


def test_a_payout_pays_all_in_one_posting(merchant: Person, asha: Person, ravi: Person) -> None:
    answer = payout(merchant, (asha.id, 10), (ravi.id, 20), (asha.id, 5))

    assert answer.status == 201
    made = answer.body["transaction"]
    assert (made["kind"], made["amount"], len(made["lines"])) == ("payout", 35, 3)
    assert (merchant.balance(), asha.balance(), ravi.balance()) == (65, 115, 120)
    assert asha.get(f"/transaction/{made['id']}").status == 200
    assert find(asha, kind="payout") == find(merchant, kind="payout") == [made["id"]]
    assert asha.get("/account/transactions").body["transactions"][0]["direction"] == "in"
    assert merchant.get("/account/transactions").body["transactions"][0]["amount"] == 35


def test_a_payout_is_all_or_nothing(merchant: Person, asha: Person, ravi: Person) -> None:
    unknown = payout(merchant, (asha.id, 10), (UNKNOWN, 20), key="1")
    too_much = payout(merchant, (asha.id, 60), (ravi.id, 60), key="2")

    assert (unknown.body["code"], unknown.body["errors"]) == ("invalid_account", {"account": UNKNOWN})
    assert too_much.body["code"] == "insufficient_balance"
    assert (merchant.balance(), asha.balance(), ravi.balance()) == (100, 100, 100)


def test_a_payout_happens_once_for_its_key(merchant: Person, asha: Person) -> None:
    first, again = payout(merchant, (asha.id, 10)), payout(merchant, (asha.id, 10))

    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert payout(merchant, (asha.id, 11)).status == 422
    assert asha.balance() == 110


def test_a_dry_run_tells_and_does_nothing(merchant: Person, asha: Person) -> None:
    before = stored(*MONEY, "outbox")

    assert payout(merchant, (asha.id, 10), dryRun=True).body["transaction"]["amount"] == 10
    assert payout(merchant, (asha.id, 101), dryRun=True).body["code"] == "insufficient_balance"
    assert stored(*MONEY, "outbox") == before
    assert payout(merchant, (asha.id, 10)).status == 201


def test_a_payout_of_five_hundred(merchant: Person, asha: Person, ravi: Person) -> None:
    lines = [(person.id, "0.01") for person in (asha, ravi)] * 250

    assert payout(merchant, *lines, (asha.id, 1)).status == 400
    assert payout(merchant, *lines).body["transaction"]["amount"] == 5
    assert (asha.balance(), ravi.balance()) == (102.5, 102.5)


def test_a_payout_is_for_merchants_and_operators(asha: Person, operator: Person, ravi: Person) -> None:
    assert payout(asha, (ravi.id, 1)).status == 403
    assert payout(operator, (ravi.id, 1)).status == 201
    assert payout(operator, (ravi.id, 1), key="2", fromAccount=asha.id).status == 404
    assert payout(operator, (operator.id, 1), key="3").body["code"] == "self_transfer"


@pytest.mark.parametrize("lines", [[], [{}], None, [None], [{"toAccount": UNKNOWN, "amount": 0}]], ids=str)
def test_bad_payouts_are_refused(merchant: Person, lines: Any) -> None:
    assert post(merchant, "/bulk", transfers=lines).status == 400


def ask(payee: Person, payer: Person | str, amount: Any = 30, **body: Any) -> Answer:
    wanted = payer.id if isinstance(payer, Person) else payer
    return post(payee, "/request", key=None, **{"from": wanted, "amount": amount, **body})


def test_a_request_is_paid_exactly_once(asha: Person, ravi: Person) -> None:
    asked = ask(ravi, asha, note="lunch").body["request"]
    assert (asked["status"], asked["payer"], asked["payee"], asked["amount"]) == ("pending", asha.id, ravi.id, 30)

    paid = post(asha, f"/request/{asked['id']}/pay")

    assert (paid.status, paid.body["transaction"]["request"]) == (201, asked["id"])
    assert post(asha, f"/request/{asked['id']}/pay").body == paid.body
    assert post(asha, f"/request/{asked['id']}/pay", key="2").status == 409
    assert (asha.balance(), ravi.balance()) == (70, 130)
    (seen,) = ravi.get("/transaction/request?role=payee").body["requests"]
    assert (seen["status"], seen["transaction"]) == ("paid", paid.body["transaction"]["id"])


def test_a_request_that_cannot_be_paid_stays_open(asha: Person, ravi: Person) -> None:
    asked = ask(ravi, asha, 150).body["request"]["id"]
    assert post(asha, f"/request/{asked}/pay", key="1").body["code"] == "insufficient_balance"
    ravi.send(asha, 60)

    assert post(asha, f"/request/{asked}/pay", key="2").status == 201
    assert asha.balance() == 10


@pytest.mark.parametrize(("ending", "by_payer"), [("decline", True), ("cancel", False)])
def test_a_request_that_ended_is_not_paid(asha: Person, ravi: Person, ending: str, by_payer: bool) -> None:
    asked = ask(ravi, asha).body["request"]["id"]
    who, other = (asha, ravi) if by_payer else (ravi, asha)

    assert post(other, f"/request/{asked}/{ending}", key=None).status == 404
    for _ in range(2):
        assert post(who, f"/request/{asked}/{ending}", key=None).status == 200
    assert post(asha, f"/request/{asked}/pay").body["code"] == "conflict"
    assert asha.balance() == 100


@pytest.mark.parametrize("ending", ["decline", "cancel", "pay"])
def test_what_becomes_of_a_request_is_told_once(asha: Person, ravi: Person, ending: str) -> None:
    asked = ask(ravi, asha).body["request"]["id"]
    for _ in range(2):
        post(ravi if ending == "cancel" else asha, f"/request/{asked}/{ending}")

    events = stored("outbox")["outbox"]
    told = [(event["kind"], event["payer"], event["payee"]) for event in events if "request" in event]
    assert told == [(f"request.{what}", ObjectId(asha.id), ObjectId(ravi.id)) for what in ("created", "updated")]


def test_a_paid_request_is_not_ended(asha: Person, ravi: Person) -> None:
    asked = ask(ravi, asha).body["request"]["id"]
    post(asha, f"/request/{asked}/pay")

    assert post(asha, f"/request/{asked}/decline", key=None).status == 409
    assert post(ravi, f"/request/{asked}/cancel", key=None).status == 409


def test_a_request_expires(asha: Person, ravi: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now()
    asked = ask(ravi, asha, expiresAt=(now + timedelta(hours=1)).isoformat()).body["request"]["id"]
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))

    assert post(asha, f"/request/{asked}/pay").status == 409
    assert asha.get("/transaction/request").body["requests"][0]["status"] == "expired"
    assert asha.balance() == 100


def test_others_see_and_pay_no_request(asha: Person, ravi: Person, call: Call) -> None:
    asked = ask(ravi, asha).body["request"]["id"]
    stranger = sign_up(call)

    for person in (stranger, ravi):
        assert post(person, f"/request/{asked}/pay").status == 404
    assert stranger.get("/transaction/request").body["requests"] == []
    assert ravi.get("/transaction/request").body["requests"] == []


@pytest.mark.parametrize(
    "changed",
    [{"from": UNKNOWN}, {"from": "x"}, {"amount": 0}, {"expiresAt": "2020-01-01T00:00:00Z"}, {"expiresAt": "soon"}],
    ids=str,
)
def test_bad_requests_are_refused(asha: Person, ravi: Person, changed: dict[str, Any]) -> None:
    assert ask(ravi, asha, **changed).status == 400
    assert ask(ravi, ravi).status == 400
    assert count("payment_requests") == 0


def test_the_bank_issues_no_money_to_itself(operator: Person) -> None:
    before = stored(*MONEY)

    for own in BANK_ACCOUNTS:
        assert post(operator, "/system/initial-funds", toAccount=str(own), amount=1).status == 400
    assert stored(*MONEY) == before
