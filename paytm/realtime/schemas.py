"""What is told over sockets and of what was missed; a socket tells exactly what REST shows."""

from typing import cast

from marshmallow import fields, validate

from paytm.alternatives import Alternatives
from paytm.api import PageSize, Rupees, Schema
from paytm.realtime.changes import FEEDS

TRANSFER = "transfer"


class MovedWith(Schema):
    id = fields.String()
    name = fields.String(allow_none=True)


class Movement(Schema):
    """Money that came into an account of one's own, or left it."""

    transactionId = fields.String(attribute="id")
    account = fields.String()
    kind = fields.String()
    direction = fields.String(validate=validate.OneOf(["in", "out"]))
    amount = Rupees(metadata={"type": "number"})
    balance = Rupees(metadata={"type": "number", "description": "after it"})
    counterparty = fields.Nested(MovedWith)
    note = fields.String(allow_none=True)
    createdAt = fields.DateTime()
    cursor = fields.String(metadata={"description": "up to and with this event"})


class Since(Schema):
    since = fields.String(
        load_default=None,
        validate=validate.Length(max=4000),
        metadata={"description": "of the last answer, or of a transfer; without it nothing but the current one"},
    )
    limit = PageSize(load_default=50)


def _happening(event: str, told: type[Schema]) -> type[Schema]:
    """Return what an event looks like: its name, and what the socket would have told, or what became of it since."""
    shape = {
        "event": fields.String(required=True, validate=validate.Equal(event)),
        "data": fields.Nested(told, required=True),
    }
    return cast(type[Schema], Schema.from_dict(shape, name=f"{event[0].upper()}{event[1:]}Event"))


_HAPPENINGS = {
    TRANSFER: _happening(TRANSFER, Movement),
    **{feed.event: _happening(feed.event, feed.schema) for feed in FEEDS},
}


class Missed(Schema):
    events = fields.List(Alternatives("event", _HAPPENINGS))
    cursor = fields.String()
    more = fields.Boolean(metadata={"description": "whether there is more after the cursor already"})
