"""What a user may be called, and may take as a password, on every route that asks for it."""

from typing import Any

from marshmallow import validate

from paytm.api import Line

LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3
LONGEST_NAME = 50

EMAIL = [validate.Email(), validate.Length(max=LONGEST_EMAIL)]
NAME = validate.Length(min=1, max=LONGEST_NAME)
PASSWORD = validate.Length(min=6, max=256)


class Username(Line):
    """An e-mail address, trimmed and in lower case."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, *args, **kwargs).lower()


def without_untouched_password(data: Any) -> Any:
    """Return what a form holds: frontends send the untouched password field as an empty string."""
    if isinstance(data, dict) and data.get("password") == "":
        return {name: value for name, value in data.items() if name != "password"}
    return data
