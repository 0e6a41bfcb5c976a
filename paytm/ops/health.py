"""Whether this process lives, and whether it can serve."""

from typing import Any

import pymongo
import structlog
from flask import current_app
from marshmallow import fields
from pymongo.read_concern import ReadConcern

from paytm import db
from paytm.api import Blueprint, Schema
from paytm.errors import DatabaseOutdated
from paytm.ledger.posting import SYSTEM_ACCOUNT
from paytm.migrations.upgrade import Upgrade
from paytm.user.auth import public

log = structlog.get_logger()

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
    """Whether the database can be written to and has all that this version needs; 503 while it is not so."""
    # Only a primary that a majority still follows answers a linearizable read.
    accounts = db.database()["accounts"].with_options(read_concern=ReadConcern("linearizable"))
    with pymongo.timeout(_READY_SECONDS):
        accounts.find_one({"_id": SYSTEM_ACCOUNT})
        _require_current()
    return {"status": "ready"}


def _require_current() -> None:
    upgrade: Upgrade = current_app.extensions["upgrade"]
    if not upgrade.is_done():
        log.error("database_outdated", missing=upgrade.missing()[:10])
        raise DatabaseOutdated(retry_after=5)
