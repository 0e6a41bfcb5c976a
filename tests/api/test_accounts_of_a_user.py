"""The accounts that one has: opening, looking, renaming, closing."""

from collections.abc import Callable

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.user import roles
from tests.api.holding import NOBODYS, another, ask, move, operator, set_status
from tests.api.stored import MONEY, stored
from tests.people import Call, Person, sign_up


def test_another_account_is_opened_with_nothing_in_it(asha: Person) -> None:
    answer = ask(asha, "POST", "", name="  Savings  ")

    assert answer.status == 201
    account = answer.body["account"]
    assert account == {
        "id": account["id"],
        "name": "Savings",
        "kind": "wallet",
        "status": "active",
        "currency": "INR",
        "balance": 0,
        "available": 0,
        "isPrimary": False,
    }
    assert asha.get(f"/account/{account['id']}").body == answer.body


def test_ones_accounts_are_listed_with_the_primary_one_first(asha: Person, ravi: Person) -> None:
    opened = [another(asha, name) for name in ("Rent", "Travel")]
    another(ravi)

    listed = asha.get("/account").body["accounts"]

    assert [account["id"] for account in listed] == [asha.id, *opened]
    assert [account["isPrimary"] for account in listed] == [True, False, False]
    assert listed[0]["balance"] == 100


def test_a_slash_behind_and_another_case_mean_the_same_route(asha: Person) -> None:
    account = another(asha)

    assert asha.get("/account/").body == asha.get("/account").body
    assert asha.get(f"/Account/{account.upper()}/").body["account"]["id"] == account


@pytest.mark.parametrize("name", [None, "", "   ", "x" * 51, 5, ["a"], "a\u0000b"])
def test_a_name_that_is_none_opens_nothing(asha: Person, name: object) -> None:
    before = stored(*MONEY)

    answer = ask(asha, "POST", "", name=name)

    assert (answer.status, list(answer.body["errors"])) == (400, ["name"])
    assert stored(*MONEY) == before


def test_fields_of_the_account_itself_are_not_taken_from_a_request(asha: Person) -> None:
    account = another(asha, balance=1000, status="frozen", userId=NOBODYS, limits={})

    (found,) = db.database()["accounts"].find({"_id": ObjectId(account)})
    assert (found["balance"], found["status"], str(found["userId"])) == (0, "active", asha.id)


def test_only_a_merchant_opens_a_merchant_account(asha: Person) -> None:
    assert ask(asha, "POST", "", name="Shop", kind="merchant").status == 403
    roles.grant(asha.username, roles.MERCHANT)

    answer = ask(asha, "POST", "", name="Shop", kind="merchant")

    assert (answer.status, answer.body["account"]["kind"]) == (201, "merchant")


@pytest.mark.parametrize("kind", ["system", "", None, 1])
def test_no_other_kind_is_opened(asha: Person, kind: object) -> None:
    assert ask(asha, "POST", "", name="Shop", kind=kind).status == 400


def test_one_has_as_many_accounts_as_the_setting_says(call_with: Callable[..., Call]) -> None:
    asha = sign_up(call_with(ACCOUNTS_MAX="3"))
    first, _ = another(asha), another(asha)

    refused = ask(asha, "POST", "", name="One more")

    assert (refused.status, refused.body["code"]) == (409, "conflict")
    assert ask(asha, "POST", f"/{first}/close").status == 200
    assert ask(asha, "POST", "", name="One more").status == 201


def test_an_account_is_renamed(asha: Person) -> None:
    account = another(asha)

    answer = ask(asha, "PATCH", f"/{account}", name="Holidays")

    assert (answer.status, answer.body["account"]["name"]) == (200, "Holidays")
    assert asha.get(f"/account/{account}").body == answer.body


def test_the_primary_account_can_be_renamed_too(asha: Person) -> None:
    assert ask(asha, "PATCH", f"/{asha.id}", name="Purse").body["account"]["name"] == "Purse"


def test_a_closed_account_leaves_the_list_and_can_still_be_read(asha: Person) -> None:
    account = another(asha)

    assert ask(asha, "POST", f"/{account}/close").body["account"]["status"] == "closed"
    assert [found["id"] for found in asha.get("/account").body["accounts"]] == [asha.id]
    assert asha.get(f"/account/{account}").body["account"]["status"] == "closed"
    assert asha.get(f"/account/balance/{account}").body["balance"] == 0


def test_a_closed_account_is_not_paid(app: Flask, asha: Person) -> None:
    account = another(asha)
    ask(asha, "POST", f"/{account}/close")

    with pytest.raises(AssertionError, match="unknown_payee"):
        move(app, asha.id, account, 100)


@pytest.mark.parametrize("state", ["primary", "with money", "frozen", "closed"])
def test_an_account_in_use_is_not_closed(app: Flask, asha: Person, state: str) -> None:
    account = asha.id if state == "primary" else another(asha)
    move(app, asha.id, another(asha), 100_00)
    if state == "with money":
        move(app, "0" * 24, account, 1)
    if state in ("frozen", "closed"):
        set_status(account, state)
    before = stored(*MONEY)

    answer = ask(asha, "POST", f"/{account}/close")

    assert (answer.status, answer.body["code"]) == (409, "conflict")
    assert stored(*MONEY) == before


ROUTES = {
    "read": ("GET", "/{}", {}),
    "balance": ("GET", "/balance/{}", {}),
    "balance then": ("GET", "/balance/{}?at=2026-01-01T00:00:00Z", {}),
    "rename": ("PATCH", "/{}", {"name": "Mine"}),
    "close": ("POST", "/{}/close", {}),
    "limits": ("GET", "/{}/limits", {}),
    "statement": ("GET", "/{}/statement", {}),
    "statement as CSV": ("GET", "/{}/statement?format=csv", {}),
    "statement as PDF": ("GET", "/{}/statement?format=pdf", {}),
}


@pytest.mark.parametrize("whose", ["primary", "further", "nobody's", "the system's"])
def test_what_is_not_ones_own_is_not_there(asha: Person, ravi: Person, whose: str) -> None:
    target = {"primary": ravi.id, "further": another(ravi), "nobody's": NOBODYS, "the system's": "0" * 24}[whose]
    before = stored(*MONEY)

    for name, (method, path, body) in ROUTES.items():
        answer = ask(asha, method, path.format(target), **body)

        assert (answer.status, answer.body | {"requestId": ""}) == (
            404,
            {"message": "Not found", "code": "not_found", "requestId": ""},
        ), name
        assert stored(*MONEY) == before, name


@pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES)
def test_the_same_routes_answer_for_an_account_of_ones_own(
    asha: Person, route: tuple[str, str, dict[str, str]]
) -> None:
    method, path, body = route

    assert ask(asha, method, path.format(another(asha)), **body).status == 200


@pytest.mark.parametrize("name", ["x", "undefined", "0" * 23, "0" * 25, "g" * 24, "%24ne", "..%2fuser"])
def test_what_is_no_id_is_no_account(asha: Person, name: str) -> None:
    assert asha.get(f"/account/{name}").status == 404


def test_fixed_paths_are_no_accounts(asha: Person) -> None:
    assert asha.get("/account/balance").body["balance"] == 100
    assert "transactions" in asha.get("/account/transactions").body


def test_an_operator_sees_no_more_accounts_than_others(asha: Person, ravi: Person) -> None:
    assert operator(asha).get(f"/account/{ravi.id}").status == 404


def test_ones_own_accounts_are_called_by_their_names_in_the_history(app: Flask, asha: Person, ravi: Person) -> None:
    savings = another(asha, "Savings")
    move(app, asha.id, savings, 50_00)
    move(app, savings, ravi.id, 20_00)

    assert asha.get("/account/transactions").body["transactions"][0]["counterparty"] == {
        "id": savings,
        "name": "Savings",
    }
    assert ravi.get("/account/transactions").body["transactions"][0]["counterparty"] == {
        "id": savings,
        "name": "Asha Rao",
    }


def test_money_that_an_operator_issued_is_no_opening_balance(asha: Person, ravi: Person) -> None:
    body = {"toAccount": asha.id, "amount": 5, "idempotencyKey": "k"}
    issuer = operator(ravi)
    issued = issuer.call("POST", "/transaction/system/initial-funds", json=body, headers=issuer.headers)

    assert issued.status == 201
    names = [line["counterparty"]["name"] for line in asha.get("/account/transactions").body["transactions"]]
    assert names == ["Funding", "Opening balance"]


def test_who_is_paid_with_others_sees_who_paid_and_the_payer_nobody_in_particular(asha: Person, ravi: Person) -> None:
    roles.grant(asha.username, roles.MERCHANT)
    savings = another(asha)
    transfers = [{"toAccount": ravi.id, "amount": 5}, {"toAccount": savings, "amount": 6}]
    body = {"transfers": transfers, "idempotencyKey": "k"}

    assert asha.call("POST", "/transaction/bulk", json=body, headers=asha.headers).status == 201
    (paid, received) = (person.get(f"/account/{person.id}/statement").body["lines"][-1] for person in (asha, ravi))
    assert (paid["debit"], paid["counterparty"]) == (11, {"id": None, "name": None})
    assert (received["credit"], received["counterparty"]) == (5, {"id": asha.id, "name": "Asha Rao"})
