"""What the user routes take and give."""

from typing import Any

from marshmallow import fields, pre_load, validate
from webargs.fields import DelimitedList

from paytm.api import Id, Line, PageSize, Rupees, Schema
from paytm.errors import ApiError, SignInMalformed, SignUpRefused, UpdateRefused
from paytm.media.fields import PictureData, PictureUrl
from paytm.user import roles
from paytm.user.models import ACTIVE, DISABLED
from paytm.user.particulars import EMAIL, LONGEST_EMAIL, NAME, PASSWORD, Username, without_untouched_password


class SignUp(Schema):
    username = Username(required=True, validate=EMAIL)
    password = fields.String(required=True, validate=PASSWORD)
    first_name = Line(required=True, validate=NAME, data_key="firstName")
    last_name = Line(required=True, validate=NAME, data_key="lastName")

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        return SignUpRefused(errors=errors)


class SignIn(Schema):
    username = Username(required=True, validate=validate.Length(min=1, max=LONGEST_EMAIL))
    password = fields.String(required=True, validate=validate.Length(min=1, max=256))

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        return SignInMalformed(errors=errors)


class Update(Schema):
    password = fields.String(validate=PASSWORD)
    first_name = Line(validate=NAME, data_key="firstName")
    last_name = Line(validate=NAME, data_key="lastName")

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        return UpdateRefused(errors=errors)

    @pre_load
    def untouched_password(self, data: Any, **_: Any) -> Any:
        return without_untouched_password(data)


class SignedUp(Schema):
    message = fields.String()
    token = fields.String()


class SignedIn(Schema):
    token = fields.String()


class Updated(Schema):
    message = fields.String()
    token = fields.String(metadata={"description": "After a password change, which ends all earlier sessions."})


class SignedOut(Schema):
    message = fields.String()


class Search(Schema):
    filter = fields.String(load_default="", metadata={"description": "literal text in either name, in any case"})
    cursor = Id(load_default=None)
    limit = PageSize(load_default=50)


class Person(Schema):
    """What everybody may see of somebody."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    firstName = fields.String()
    lastName = fields.String()
    picture = PictureUrl()


class Named(Schema):
    """People by their ids."""

    ids = DelimitedList(
        Id(),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "up to 100, separated by commas"},
    )


class Card(Schema):
    """What others call somebody, and see."""

    id = fields.String()
    name = fields.String()
    picture = PictureUrl()


class Cards(Schema):
    people = fields.List(fields.Nested(Card))


class NewPicture(Schema):
    takes_forms = True

    picture = PictureData(required=True)


class OnePicture(Schema):
    picture = PictureUrl()


class People(Schema):
    user = fields.List(fields.Nested(Person))
    users = fields.List(fields.Nested(Person), metadata={"description": "the same list"})
    nextCursor = fields.String(allow_none=True)


class SearchUsers(Search):
    email = Username(load_default=None, validate=validate.Length(min=1, max=LONGEST_EMAIL))


class PrimaryAccount(Schema):
    status = fields.String(validate=validate.OneOf(["active", "frozen", "closed"]))
    balance = Rupees(metadata={"type": "number"})
    available = Rupees(metadata={"type": "number", "description": "the balance without what is set aside"})


class Holder(Person):
    """What operators see of somebody."""

    username = fields.String(metadata={"description": "the e-mail address"})
    status = fields.String(validate=validate.OneOf([ACTIVE, DISABLED]))
    roles = fields.Function(roles.of, metadata={"type": "array", "items": {"type": "string"}})
    account = fields.Nested(PrimaryAccount, metadata={"description": "the primary one, which has the user's id"})
    createdAt = fields.DateTime()
    lastSignInAt = fields.DateTime()


class OneHolder(Schema):
    user = fields.Nested(Holder)


class Holders(Schema):
    users = fields.List(fields.Nested(Holder))
    nextCursor = fields.String(allow_none=True)


class Why(Schema):
    reason = Line(required=True, validate=validate.Length(min=1, max=200))


class Me(Person):
    """What only you see of yourself."""

    username = fields.String()
    createdAt = fields.DateTime()
