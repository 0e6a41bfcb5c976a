"""Who may call which route: every one, in every role, as this table says; a new route has to be entered."""

import re
from collections.abc import Callable

import pytest
from bson import ObjectId
from flask import Flask

from paytm import db
from paytm.user import disabling
from paytm.user.auth import allow
from paytm.user.roles import ADMIN, MERCHANT, OPERATOR
from tests.conftest import caller
from tests.people import sign_up

NOBODY, USER, DISABLED = "nobody", "user", "disabled"
CALLERS = (NOBODY, DISABLED, USER, MERCHANT, OPERATOR, ADMIN)

# A user's roles come on top of being a user, and admins may do what any role may.
ALL = set(CALLERS)
USERS = {USER, MERCHANT, OPERATOR, ADMIN}
MERCHANTS, OPERATORS, ADMINS = {MERCHANT, ADMIN}, {OPERATOR, ADMIN}, {ADMIN}

MAY = {
    "GET /": ALL,
    "GET /<page:address>": ALL,
    "GET /api/docs": ALL,
    "GET /api/docs/<path:name>": ALL,
    "GET /api/openapi.json": ALL,
    "GET /health/live": ALL,
    "GET /health/ready": ALL,
    "GET /metrics": ALL,
    "POST /api/v1/user/signup": ALL,
    "POST /api/v1/user/signin": ALL,
    "POST /api/v1/user/signout": USERS,
    "PUT /api/v1/user": USERS,
    "GET /api/v1/user/me": USERS,
    "PUT /api/v1/user/picture": USERS,
    "DELETE /api/v1/user/picture": USERS,
    "GET /api/v1/user/bulk": ALL,
    "GET /api/v1/user/people": USERS,
    "GET /api/v1/user": OPERATORS,
    "GET /api/v1/user/<id:user_id>": OPERATORS,
    "POST /api/v1/user/<id:user_id>/disable": OPERATORS,
    "POST /api/v1/user/<id:user_id>/enable": OPERATORS,
    "POST /api/v1/auth/register": ALL,
    "POST /api/v1/auth/login": ALL,
    "POST /api/v1/auth/refresh": ALL,
    "POST /api/v1/auth/logout": USERS,
    "GET /api/v1/auth/check": USERS,
    "PUT /api/v1/auth/update-profile": USERS,
    "GET /api/v1/auth/sessions": USERS,
    "DELETE /api/v1/auth/sessions/<session_id>": USERS,
    "GET /api/v1/account/balance": USERS,
    "POST /api/v1/account/transfer": USERS,
    "GET /api/v1/account/transactions": USERS,
    "POST /api/v1/account": USERS,
    "GET /api/v1/account": USERS,
    "GET /api/v1/account/<id:account_id>": USERS,
    "PATCH /api/v1/account/<id:account_id>": USERS,
    "GET /api/v1/account/balance/<id:account_id>": USERS,
    "POST /api/v1/account/<id:account_id>/close": USERS,
    "GET /api/v1/account/<id:account_id>/statement": USERS,
    "GET /api/v1/account/<id:account_id>/limits": USERS,
    "PUT /api/v1/account/<id:account_id>/limits": OPERATORS,
    "POST /api/v1/account/<id:account_id>/freeze": OPERATORS,
    "POST /api/v1/account/<id:account_id>/unfreeze": OPERATORS,
    "GET /api/v1/analytics": USERS,
    "POST /api/v1/transaction": USERS,
    "GET /api/v1/transaction": USERS,
    "GET /api/v1/transaction/<id:transaction_id>": USERS,
    "POST /api/v1/transaction/<id:transaction_id>/refund": USERS,
    "POST /api/v1/transaction/bulk": MERCHANTS | OPERATORS,
    "POST /api/v1/transaction/system/initial-funds": OPERATORS,
    "POST /api/v1/transaction/request": USERS,
    "GET /api/v1/transaction/request": USERS,
    "POST /api/v1/transaction/request/<id:request_id>/pay": USERS,
    "POST /api/v1/transaction/request/<id:request_id>/decline": USERS,
    "POST /api/v1/transaction/request/<id:request_id>/cancel": USERS,
    "GET /api/v1/product": ALL,
    "GET /api/v1/product/<id:product_id>": ALL,
    "POST /api/v1/product": MERCHANTS,
    "PATCH /api/v1/product/<id:product_id>": MERCHANTS,
    "DELETE /api/v1/product/<id:product_id>": MERCHANTS,
    "PUT /api/v1/product/<id:product_id>/image": MERCHANTS,
    "DELETE /api/v1/product/<id:product_id>/image": MERCHANTS,
    "POST /api/v1/product/<id:product_id>/restock": MERCHANTS,
    "POST /api/v1/payment/topup": USERS,
    "GET /api/v1/payment/<id:payment_id>/status": USERS,
    "POST /api/v1/payment/webhook": ALL,
    "POST /api/v1/order": USERS,
    "POST /api/v1/order/pay-later": USERS,
    "POST /api/v1/order/<id:order_id>/pay": USERS,
    "POST /api/v1/order/<id:order_id>/cancel": USERS,
    "POST /api/v1/order/<id:order_id>/capture": USERS,
    "POST /api/v1/order/<id:order_id>/refund": USERS,
    "GET /api/v1/order": USERS,
    "GET /api/v1/order/<id:order_id>": USERS,
    "POST /api/v1/message/send/<id:user_id>": USERS,
    "GET /api/v1/message/users": USERS,
    "GET /api/v1/message/<id:subject_id>": USERS,
    "PUT /api/v1/message/mark/<id:user_id>": USERS,
    "DELETE /api/v1/message/<id:subject_id>": USERS,
    "PUT /api/v1/message/block/<id:user_id>": USERS,
    "DELETE /api/v1/message/block/<id:user_id>": USERS,
    "GET /api/v1/message/block": USERS,
    "POST /api/v1/cashbook": USERS,
    "GET /api/v1/cashbook": USERS,
    "GET /api/v1/cashbook/balances": USERS,
    "POST /api/v1/cashbook/import": USERS,
    "GET /api/v1/cashbook/export": USERS,
    "GET /api/v1/cashbook/<id:record_id>": USERS,
    "PUT /api/v1/cashbook/<id:record_id>": USERS,
    "PATCH /api/v1/cashbook/<id:record_id>": USERS,
    "DELETE /api/v1/cashbook/<id:record_id>": USERS,
    "POST /api/v1/cashbook/<id:record_id>/restore": USERS,
    "POST /api/v1/cashbook/<id:record_id>/settle": USERS,
    "GET /api/v1/event": USERS,
    "GET /api/v1/notification/preferences": USERS,
    "PUT /api/v1/notification/preferences": USERS,
    "GET /api/v1/media/<id:picture_id>": ALL,
    "POST /api/v1/webhook": MERCHANTS,
    "GET /api/v1/webhook": MERCHANTS,
    "DELETE /api/v1/webhook/<id:endpoint_id>": MERCHANTS,
    "GET /api/v1/webhook/<id:endpoint_id>/deliveries": MERCHANTS,
    "POST /api/v1/webhook/deliveries/<delivery_id>/replay": MERCHANTS,
    "GET /api/v1/outbox": OPERATORS,
    "POST /api/v1/outbox/<row_id>/retry": OPERATORS,
}


def _routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }


def _headers(app: Flask, who: str) -> dict[str, str]:
    """Return the headers of somebody new in a role; what a test does to the session harms no other test."""
    if who == NOBODY:
        return {}
    person = sign_up(caller(app.test_client()))
    if who == DISABLED:
        with app.app_context():
            disabling.set_status(person.username, "disabled")
    elif who != USER:
        db.database()["users"].update_one({"_id": ObjectId(person.id)}, {"$set": {"roles": [who]}})
    return person.headers


def test_every_route_is_entered(app: Flask) -> None:
    assert _routes(app) == MAY.keys()


@pytest.mark.parametrize("who", CALLERS)
def test_a_caller_is_let_in_where_the_table_says(app: Flask, who: str) -> None:
    found = set()
    for route in MAY:
        method, _, rule = route.partition(" ")
        path = re.sub("<[^>]+>", "0" * 24, rule)
        with app.test_client().open(path, method=method, json={}, headers=_headers(app, who)) as response:
            refused = response.status_code == 403 and response.get_json()["code"] in {"unauthorized", "forbidden"}
        if not refused:
            found.add(route)

    assert found == {route for route, allowed in MAY.items() if who in allowed}


def test_a_role_opens_what_its_mark_says(make_app: Callable[..., Flask], app: Flask) -> None:
    marked = make_app()
    marked.add_url_rule("/api/v1/books", view_func=allow(OPERATOR)(lambda: {}), endpoint="books")

    answers = {who: caller(marked.test_client())("GET", "/books", headers=_headers(marked, who)) for who in CALLERS}

    assert {who for who, answer in answers.items() if answer.status == 200} == OPERATORS
    assert {answers[who].body["code"] for who in (NOBODY, DISABLED)} == {"unauthorized"}
    assert {answers[who].body["code"] for who in (USER, MERCHANT)} == {"forbidden"}
