"""What the routes of notifications and webhooks take and give."""

from marshmallow import fields, validate

from paytm.api import PageSize, Schema, Switch
from paytm.notify import endpoints
from paytm.notify.models import CHANNELS, DEAD, STATES, UNCLEAR


class Preferences(Schema):
    moneySent = Switch()
    moneyReceived = Switch(metadata={"description": "refunds too"})
    paymentRequests = Switch()
    webhooks = Switch(metadata={"description": "of a merchant, to all endpoints"})
    newSignIn = Switch(metadata={"description": "always true"})
    passwordChanged = Switch(metadata={"description": "always true"})


class NewEndpoint(Schema):
    url = fields.String(required=True, validate=validate.Length(max=endpoints.LONGEST_URL))
    events = fields.List(
        fields.String(validate=validate.OneOf(endpoints.KINDS)),
        load_default=list(endpoints.KINDS),
        validate=validate.Length(min=1, max=len(endpoints.KINDS)),
    )


class Endpoint(Schema):
    id = fields.String(attribute="_id")
    url = fields.String()
    events = fields.List(fields.String())
    createdAt = fields.DateTime()


class RegisteredEndpoint(Endpoint):
    secret = fields.String(metadata={"description": "signs the deliveries; shown this once"})


class Endpoints(Schema):
    webhooks = fields.List(fields.Nested(Endpoint))


class Page(Schema):
    cursor = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-z.]{1,64}$"))
    limit = PageSize(load_default=50)


class Delivery(Schema):
    id = fields.String(attribute="_id")
    event = fields.String()
    kind = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    attempts = fields.Integer()
    reason = fields.String(metadata={"description": "why the last attempt failed"})
    createdAt = fields.DateTime()
    sentAt = fields.DateTime()


class Deliveries(Schema):
    deliveries = fields.List(fields.Nested(Delivery))
    nextCursor = fields.String(allow_none=True)


class SearchOutbox(Page):
    state = fields.String(load_default=DEAD, validate=validate.OneOf([*STATES, UNCLEAR]))


class OutboxRow(Delivery):
    """What operators see of something to be told; its text they do not."""

    state = fields.String(
        validate=validate.OneOf([*STATES, UNCLEAR]),
        metadata={"description": "unclear: an event that nobody could make a message from"},
    )
    channel = fields.String(validate=validate.OneOf(CHANNELS))
    recipient = fields.String(metadata={"description": "a user, an endpoint, or a refund"})
    dueAt = fields.DateTime()


class OutboxRows(Schema):
    outbox = fields.List(fields.Nested(OutboxRow))
    nextCursor = fields.String(allow_none=True)


class Replayed(Schema):
    message = fields.String()
