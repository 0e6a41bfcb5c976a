"""What the identity routes take and give."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, pre_load, validate

from paytm.api import Line, Schema, Switch
from paytm.media.fields import PictureData, PictureUrl
from paytm.user import directory, roles
from paytm.user.particulars import (
    EMAIL,
    LONGEST_EMAIL,
    LONGEST_NAME,
    NAME,
    PASSWORD,
    Username,
    without_untouched_password,
)


class _Named(Schema):
    """Names, one by one or both in one; who has a single name has an empty last name."""

    name = Line(metadata={"description": "both names, divided at the first space"})
    first_name = Line(validate=NAME, data_key="firstName")
    last_name = Line(validate=validate.Length(max=LONGEST_NAME), data_key="lastName")

    @post_load
    def divide(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make two names of one; those that are given one by one stand above it."""
        name = data.pop("name", None)
        if name is None:
            return data
        first, _space, last = (part.strip() for part in name.partition(" "))
        if not 0 < len(first) <= LONGEST_NAME or len(last) > LONGEST_NAME:
            raise ValidationError("Each of both names has 50 characters at most.", "name")
        return {"first_name": first, "last_name": last, **data}


class Register(_Named):
    email = Username(required=True, validate=EMAIL)
    password = fields.String(required=True, validate=PASSWORD)

    @post_load
    def divide(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Make two names of what is given, which may not be nothing."""
        data = {"last_name": "", **super().divide(data)}
        if "first_name" not in data:
            raise ValidationError("Give a name, or firstName and lastName.", "name")
        return data


class Login(Schema):
    email = Username(required=True, validate=validate.Length(min=1, max=LONGEST_EMAIL))
    password = fields.String(required=True, validate=validate.Length(min=1, max=256))


class Refresh(Schema):
    token = fields.String(load_default=None, data_key="refreshToken", allow_none=True)


class Logout(Schema):
    everywhere = Switch(load_default=False, data_key="all")


class UpdateProfile(_Named):
    password = fields.String(validate=PASSWORD)
    current_password = fields.String(data_key="currentPassword", validate=validate.Length(max=256))
    picture = PictureData(data_key="profilePic")

    @pre_load
    def untouched_fields(self, data: Any, **_: Any) -> Any:
        """Leave out what a form has and nobody filled in."""
        if isinstance(data, dict) and data.get("profilePic") in ("", None):
            data = {name: value for name, value in data.items() if name != "profilePic"}
        return without_untouched_password(data)


class User(Schema):
    """What you see of yourself."""

    _id = fields.String()
    id = fields.String(attribute="_id", dump_only=True)
    username = fields.String()
    email = fields.String(attribute="username", dump_only=True)
    firstName = fields.String()
    lastName = fields.String()
    name = fields.Function(directory.display_name, metadata={"type": "string"})
    roles = fields.Function(roles.of, metadata={"type": "array", "items": {"type": "string"}})
    picture = PictureUrl()
    profilePic = PictureUrl(attribute="picture", dump_only=True)
    createdAt = fields.DateTime()
    lastSignInAt = fields.DateTime()


class Refreshed(Schema):
    accessToken = fields.String()
    refreshToken = fields.String()


class Entered(Refreshed):
    user = fields.Nested(User)


class Checked(Schema):
    user = fields.Nested(User)


class Done(Schema):
    message = fields.String()


class Session(Schema):
    """A sign-in of yours, and with what it was made."""

    id = fields.String(attribute="_id", dump_only=True)
    device = fields.String()
    address = fields.String()
    createdAt = fields.DateTime()
    lastSeenAt = fields.DateTime()
    current = fields.Boolean()


class Sessions(Schema):
    sessions = fields.List(fields.Nested(Session))
