"""Whether this process lives, and whether it can serve."""

from typing import Any

import pymongo
from marshmallow import fields
from pymongo.read_concern import ReadConcern

from paytm import db
from paytm.api import Blueprint, Schema
from paytm.ledger.posting import SYSTEM_ACCOUNT
from paytm.user.auth import public

_READY_SECONDS = 2

blp = Blueprint("health", __name__, url_prefix="/health", description="For load balancers")


class Health(Schema):
    status = fields.String()


@blp.get("/live")
@blp.response(200, Health)
@public
def live() -> Any:
    """Whether the process answers at all."""
    return {"status": "live"}


@blp.get("/ready")
@blp.response(200, Health)
@public
def ready() -> Any:
    """Whether the database can be written to; 503 while it cannot."""
    # Only a primary that a majority still follows answers a linearizable read.
    accounts = db.database()["accounts"].with_options(read_concern=ReadConcern("linearizable"))
    with pymongo.timeout(_READY_SECONDS):
        accounts.find_one({"_id": SYSTEM_ACCOUNT})
    return {"status": "ready"}
