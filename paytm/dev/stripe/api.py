"""The routes below ``/v1``, as Stripe documents them."""

from collections.abc import Callable
from functools import wraps
from time import sleep
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from paytm.dev.stripe import objects, parameters, wiring
from paytm.dev.stripe.controls import AFTER, BEFORE, WITHIN, Fault
from paytm.dev.stripe.objects import Object
from paytm.dev.stripe.refusals import Refusal

blp = Blueprint("api", __name__, url_prefix="/v1")

_View = Callable[..., Object]


def _answered(view: _View) -> Any:
    """Let a view answer with an object: under the store's lock, once for a key, and with whatever goes wrong."""

    @wraps(view)
    def answer(**ids: str) -> Response:
        fault = wiring.here().controls.fault(f"{request.method} {request.path}")
        fault.strike(BEFORE)
        status, body, is_replay = _run(view, ids, fault)
        fault.strike(AFTER)
        response = jsonify(body)
        response.status_code = status
        if is_replay:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    return answer


def _run(view: _View, ids: dict[str, str], fault: Fault) -> tuple[int, Object, bool]:
    here = wiring.here()

    def work() -> Object:
        sleep(fault.delay)
        fault.strike(WITHIN)
        with here.store.open():
            return objects.shown(view(**ids))

    key = request.headers.get("Idempotency-Key")
    if request.method == "POST" and key:
        return here.keys.run(key, request.path, _form(), work)
    return 200, work(), False


def _form() -> dict[str, Any]:
    return parameters.decode(request.form.items(multi=True))


def _list(kind: str, schema: type[parameters.Page]) -> Object:
    asked = parameters.read(schema, parameters.decode(request.args.items(multi=True)))
    found, has_more = wiring.here().store.page(kind, **asked)
    shown = [objects.shown(object_) for object_ in found]
    return {"object": "list", "data": shown, "has_more": has_more, "url": request.path}


@blp.before_request
def _authenticate() -> None:
    g.request_id = objects.new_id("req", 14)
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not key:
        raise Refusal(401, "You did not provide an API key.")
    if not key.startswith("sk_test_"):
        raise Refusal(401, f"Invalid API Key provided: {key[:3]}***")


@blp.after_request
def _label(response: Response) -> Response:
    response.headers["Request-Id"] = g.request_id
    for name in ("Idempotency-Key", "Stripe-Version"):
        if name in request.headers:
            response.headers[name] = request.headers[name]
    return response


@blp.post("/payment_intents")
@_answered
def create_intent() -> Object:
    return wiring.here().account.create_intent(parameters.read(parameters.NewIntent, _form()))


@blp.get("/payment_intents")
@_answered
def intents() -> Object:
    return _list("payment_intents", parameters.Intents)


@blp.get("/payment_intents/<id_>")
@_answered
def intent(id_: str) -> Object:
    return wiring.here().store.get("payment_intents", id_, param="intent")


@blp.post("/payment_intents/<id_>/cancel")
@_answered
def cancel_intent(id_: str) -> Object:
    asked = parameters.read(parameters.Cancellation, _form())
    return wiring.here().account.cancel_intent(id_, reason=asked["cancellation_reason"])


@blp.post("/checkout/sessions")
@_answered
def create_session() -> Object:
    here = wiring.here()
    asked = parameters.read(parameters.NewSession, _form())
    least = here.controls.settings.least_lifetime
    return here.account.create_session(asked, base=request.host_url.rstrip("/"), least_lifetime=least)


@blp.get("/checkout/sessions")
@_answered
def sessions() -> Object:
    return _list("sessions", parameters.Sessions)


@blp.get("/checkout/sessions/<id_>")
@_answered
def session(id_: str) -> Object:
    return wiring.here().store.get("sessions", id_, param="session")


@blp.post("/checkout/sessions/<id_>/expire")
@_answered
def expire_session(id_: str) -> Object:
    parameters.read(parameters.Nothing, _form())
    return wiring.here().account.expire_session(id_)


@blp.post("/refunds")
@_answered
def refund() -> Object:
    return wiring.here().account.refund(parameters.read(parameters.NewRefund, _form()))


@blp.get("/refunds")
@_answered
def refunds() -> Object:
    return _list("refunds", parameters.Refunds)


@blp.get("/refunds/<id_>")
@_answered
def one_refund(id_: str) -> Object:
    return wiring.here().store.get("refunds", id_)


@blp.get("/charges/<id_>")
@_answered
def charge(id_: str) -> Object:
    return wiring.here().store.get("charges", id_, param="charge")


@blp.get("/events")
@_answered
def events() -> Object:
    return _list("events", parameters.Events)


@blp.get("/events/<id_>")
@_answered
def event(id_: str) -> Object:
    return wiring.here().store.get("events", id_)
