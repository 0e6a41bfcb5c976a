"""The routes below ``/_test``, which Stripe has not."""

import dataclasses
from typing import Any

from flask import Blueprint, request

from paytm.dev.stripe import wiring
from paytm.dev.stripe.refusals import Refusal

blp = Blueprint("levers", __name__, url_prefix="/_test")


@blp.get("/settings")
def settings() -> Any:
    """How the stand-in behaves now."""
    return dataclasses.asdict(wiring.here().controls.settings)


@blp.post("/settings")
def change() -> Any:
    """Change some settings, given as JSON."""
    here = wiring.here()
    try:
        changed = here.controls.change(dict(request.get_json()))
    except (TypeError, ValueError) as error:
        raise Refusal(400, f"No such setting, or not of its type: {error}") from error
    here.webhooks.wake()
    return dataclasses.asdict(changed)


@blp.post("/deliver/<event_id>")
def deliver(event_id: str) -> Any:
    """Send an event once more, now, and tell how it was answered; 0 for not at all."""
    return {"status": wiring.here().webhooks.post(event_id)}
