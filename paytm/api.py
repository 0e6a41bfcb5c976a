"""What all routes share: strict JSON, schemas and their fields, blueprints, idempotency keys."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, TypeVar, cast

import marshmallow
from bson import ObjectId
from flask import Flask, Request, current_app, request
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import EXCLUDE, ValidationError, fields
from webargs.core import missing
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import BaseConverter

from paytm import alternatives
from paytm.document import LazyApi
from paytm.errors import (
    ApiError,
    InvalidAccount,
    InvalidAmount,
    InvalidIdempotencyKey,
    InvalidInput,
    NoIdempotencyKey,
    UnsupportedBody,
)
from paytm.money import to_paise, to_rupees

View = TypeVar("View", bound=Callable[..., Any])

PREFIX = "/api/v1"
FORM = "multipart/form-data"

_LARGEST_PAGE = 100
_LONGEST_KEY = 255
# In a body that is larger than usual; the longest text of a message may be commas alone.
_MOST_VALUES = 2100

# What is wrong with a request that moves money, the first one of these.
_MONEY_REFUSALS: tuple[tuple[str, type[ApiError]], ...] = (
    ("amount", InvalidAmount),
    ("to", InvalidAccount),
    ("toAccount", InvalidAccount),
    ("idempotencyKey", InvalidIdempotencyKey),
)

api = LazyApi()


class Schema(marshmallow.Schema):
    """What a request or an answer looks like; unknown fields are ignored, as clients send all kinds.

    ``takes_forms`` says whether a request may be a form with files, too, whose fields have the same names.
    """

    takes_forms = False

    class Meta:
        unknown = EXCLUDE

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        """Return the refusal of a malformed request; ``errors`` tells what is wrong with which field."""
        return InvalidInput(errors=errors)


class Error(marshmallow.Schema):
    """The body of every refusal and fault."""

    message = fields.String(required=True, metadata={"description": "for people"})
    code = fields.String(required=True, metadata={"description": "stable, for programs"})
    errors = fields.Dict(metadata={"description": "what is wrong with which field"})
    requestId = fields.String(required=True)


class Id(fields.String):
    """The id of a document."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not ObjectId.is_valid(value):
            raise ValidationError("Not an id.")
        return ObjectId(value)


class Line(fields.String):
    """A line of text, trimmed and without control characters."""

    _allowed = ""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, *args, **kwargs).strip()
        if any(unicodedata.category(character) == "Cc" and character not in self._allowed for character in text):
            raise ValidationError("Control characters are not allowed.")
        return text


class Text(Line):
    """A text of several lines, trimmed and without other control characters."""

    _allowed = "\t\n\r"


class Switch(fields.Boolean):
    """``true`` or ``false``, and nothing that only looks like it."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Rupees(fields.Field[int]):
    """Money: rupees with at most two decimals outside, integer paise inside."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        try:
            return to_paise(value)
        except ValueError as error:
            raise ValidationError("Not an amount in rupees with at most two decimals.") from error

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> int | float | None:
        return None if value is None else to_rupees(value)


class Instant(fields.AwareDateTime):
    """A point in time, in ISO 8601 and with its offset; UTC inside."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="iso", **options)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        try:
            return super()._deserialize(value, *args, **kwargs).astimezone(UTC)
        except (ValidationError, OverflowError) as error:
            # In an address a plus sign means a blank, which is the usual mistake.
            hint = "Not a point in time with its offset, as in 2026-11-21T09:30:00Z or ...%2B05:30."
            raise ValidationError(hint) from error


class Day(fields.Date):
    """A day of India's, as YYYY-MM-DD."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> date:
        # Other forms of ISO 8601 would be read, and far years be beyond what a computer's time can hold.
        if not isinstance(value, str) or not re.fullmatch(r"2\d{3}-\d\d-\d\d", value, re.ASCII):
            raise ValidationError("Not a date as YYYY-MM-DD.")
        day: date = super()._deserialize(value, *args, **kwargs)
        return day


class PageSize(fields.Integer):
    """How many a page shows: whatever a client asks for, a page has 1 to 100."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        try:
            # Clamped before it is an int: 1e9999999999 would fill the memory.
            return int(max(Decimal(1), min(Decimal(value), Decimal(_LARGEST_PAGE))))
        except (InvalidOperation, ValueError) as error:
            raise ValidationError("Not a number.") from error


class Payment(Schema):
    """What every request that moves money has; amounts in paise."""

    amount = Rupees(required=True, metadata={"type": ["number", "string"], "description": "rupees"})
    note = Line(load_default=None, allow_none=True, validate=marshmallow.validate.Length(max=200))
    key = fields.String(load_default=None, data_key="idempotencyKey")

    @classmethod
    def refuse(cls, errors: Any) -> ApiError:
        for name, refusal in _MONEY_REFUSALS:
            if name in errors:
                return refusal(errors=errors)
        return InvalidInput(errors=errors)


class Parser(FlaskParser):
    """Reads request bodies more strictly than Flask does, and refuses them as their schema says."""

    def load_json(self, req: Request, schema: Schema) -> Any:  # type: ignore[override]
        body = read_body(req)
        if not body:
            return missing
        if schema.takes_forms and req.mimetype == FORM and not req.content_encoding:
            return req.form.to_dict() | {name: file.read() for name, file in req.files.items()}
        if not req.is_json or req.content_encoding:
            raise UnsupportedBody
        if len(body) > current_app.config["MAX_CONTENT_LENGTH"] and body.count(b",") > _MOST_VALUES:
            # What may be larger is one long text. Very many small values would hold the event loop for a second.
            raise RequestEntityTooLarge
        try:
            return read_json(body)
        except (ValueError, RecursionError) as error:
            raise schema.refuse({"body": ["Malformed JSON."]}) from error

    def handle_error(  # type: ignore[override]
        self, error: ValidationError, req: Request, schema: Schema, **_: Any
    ) -> NoReturn:
        # webargs puts the messages under the part of the request that they are about, json or query.
        (messages,) = error.messages_dict.values()
        raise schema.refuse(messages) from error


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A feature's routes."""

    ARGUMENTS_PARSER = Parser()

    def arguments(self, schema: type[Schema], **options: Any) -> Any:
        """Validate what a view takes; the schema is made once and not anew for each request."""
        one = schema()
        # A body without a field that has to be there may be missing itself.
        options.setdefault("required", any(field.required for field in one.fields.values()))
        arguments = super().arguments(one, error_status_code=schema.refuse({}).status, **options)
        if not schema.takes_forms:
            return arguments
        form = self.doc(requestBody={"content": {FORM: {"schema": one}}})
        return lambda view: form(arguments(view))

    def idempotent(self, view: Callable[..., Any]) -> Any:
        """Document that a view takes an ``Idempotency-Key``."""
        header = {
            "name": "Idempotency-Key",
            "schema": {"type": "string", "minLength": 1, "maxLength": _LONGEST_KEY},
            "description": "Repeat a request with its key, and it happens once: the first answer comes again.",
        }
        return self.heeds(header)(view)

    def heeds(self, header: Mapping[str, Any]) -> Callable[[View], View]:
        """Document a header that a view takes, as OpenAPI describes a parameter."""

        def document(view: View) -> View:
            documented: Any = self.doc()(view)
            # Beside what schemas say of parameters: a document that is written by hand would replace it.
            arguments = documented._apidoc.setdefault("arguments", {})
            arguments.setdefault("parameters", []).append({"in": "header", **header})
            return cast(View, documented)

        return document


def takes(limit: int) -> Callable[[View], View]:
    """Mark a view whose requests may be larger than ``MAX_CONTENT_LENGTH``.

    :param limit: bytes, of the whole body.
    """

    def mark(view: View) -> View:
        view._takes = limit  # type: ignore[attr-defined]
        return view

    return mark


def _set_limit() -> None:
    # After authentication, so that nobody unknown is listened to for that long.
    app, asked = current_app._get_current_object(), request._get_current_object()  # type: ignore[attr-defined]
    view = app.view_functions.get(asked.endpoint)
    # Set in any case: what stands in the settings would be looked up each time that somebody asks for it.
    asked.max_content_length = max(getattr(view, "_takes", 0), app.config["MAX_CONTENT_LENGTH"])


def read_body(req: Request) -> bytes:
    """Return the body of a request, whole, before anything looks at it: a form would be parsed as far as it is not cut.

    :raises RequestEntityTooLarge: it is larger than the view takes.
    """
    body = req.get_data()
    if req.max_content_length is not None and len(body) >= req.max_content_length:
        # One that is sent in chunks, without a length, is cut there and not refused by itself.
        raise RequestEntityTooLarge
    return body


def read_json(body: bytes) -> Any:
    """Read JSON as RFC 8259 has it and no looser; fractions become ``Decimal``, never float.

    :raises ValueError: not UTF-8, not JSON, NaN or Infinity, a name given twice, or half a surrogate pair.
    :raises RecursionError: nested too deeply.
    """
    value = _decoder.decode(body.decode())
    if b"\\u" in body:
        # An escape can smuggle in half a surrogate pair, which neither UTF-8 nor BSON can hold.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    return value


def _fraction(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:  # An exponent of twenty digits, which is an ArithmeticError.
        raise ValueError(text) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name is given twice")
    return value


_decoder = json.JSONDecoder(parse_float=_fraction, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)


def idempotency_key(in_body: str | None) -> str | None:
    """Return the request's key, from the ``Idempotency-Key`` header or from the body.

    :raises InvalidIdempotencyKey: it is not 1 to 255 printable ASCII characters, or the two differ.
    """
    in_header = request.headers.get("Idempotency-Key")
    key = in_body if in_header is None else in_header
    if key is None:
        return None
    if in_body not in (None, key) or not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise InvalidIdempotencyKey
    return key


def required_idempotency_key(in_body: str | None) -> str:
    """Return the request's key, on routes that do not go without.

    :raises NoIdempotencyKey: there is none.
    :raises InvalidIdempotencyKey: it is malformed.
    """
    key = idempotency_key(in_body)
    if key is None:
        raise NoIdempotencyKey
    return key


def replayed(is_replay: bool) -> dict[str, str]:
    """Return the header of an answer that tells whether an earlier request did what this one asks for."""
    return {"Idempotent-Replayed": "true"} if is_replay else {}


class _IdConverter(BaseConverter):
    """An id in a path; what is none is an unknown path, and so as missing as an unknown id."""

    regex = "[0-9a-f]{24}"

    def to_python(self, value: str) -> ObjectId:
        return ObjectId(value)


def init_app(app: Flask) -> None:
    """Make the API document ready for the app's blueprints; to be called after authentication."""
    app.url_map.converters["id"] = _IdConverter
    app.config |= {
        "API_TITLE": "Paytm wallet",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "API_SPEC_OPTIONS": {
            "info": {"description": "Sign up, hold a balance, find a friend, send money. Amounts are rupees."},
            "security": [{"bearer": []}, {"cookie": []}],
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                    "cookie": {
                        "type": "apiKey",
                        "in": "cookie",
                        "name": "accessToken",
                        "description": "For browsers; what writes needs an Origin that is the host's own or named.",
                    },
                }
            },
        },
    }
    api.ERROR_SCHEMA = Error
    api.init_app(app)
    alternatives.init_api(api)
    app.before_request(_set_limit)
    # More than a page shows, or half of one, may be asked for.
    api.register_field(PageSize, "number", None)
    api.register_converter(_IdConverter, lambda _: {"type": "string", "pattern": f"^{_IdConverter.regex}$"})
