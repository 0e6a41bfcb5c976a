"""What requests to the stand-in look like: forms with nested brackets, as strict as Stripe is with them."""

import re
from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from paytm.dev.stripe.refusals import Refusal
from paytm.money import format_rupees

# What Stripe takes at least and at most in rupees, in paise.
LEAST, MOST = 50, 99_999_999

_TOO_SMALL, _TOO_LARGE = "amount_too_small", "amount_too_large"
_WORDS = {
    "parameter_missing": "Missing required param: {param}.",
    "parameter_unknown": "Received unknown parameter: {param}",
    "parameter_invalid_integer": "Invalid integer: {param}",
    _TOO_SMALL: f"Amount must be at least {format_rupees(LEAST)} inr",
    _TOO_LARGE: f"Amount must be no more than {format_rupees(MOST)} inr",
}
_BRACKET = re.compile(r"\[([^\]]*)\]")
_REQUIRED: dict[str, Any] = {"required": True, "error_messages": {"required": "parameter_missing"}}


def decode(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Turn ``items[0][name]=Chai`` and its like into nested dictionaries and lists."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        *path, last = [name.partition("[")[0], *_BRACKET.findall(name)]
        node = tree
        for part in path:
            node = node.setdefault(part, {})
            if not isinstance(node, dict):
                raise _invalid(name, "Invalid object")
        node[last] = value
    decoded: dict[str, Any] = _with_lists(tree)
    return decoded


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    values = [_with_lists(value) for value in node.values()]
    is_list = node and list(node) == [str(number) for number in range(len(node))]
    return values if is_list else dict(zip(node, values, strict=True))


def read(schema: type[Schema], given: dict[str, Any]) -> dict[str, Any]:
    """Return what a request asks for.

    :raises Refusal: 400, with the first parameter that is not as it has to be; no key keeps it.
    """
    try:
        loaded: dict[str, Any] = schema().load(given)
    except ValidationError as error:
        path, problem = _first(error.messages)
        param = path[0] + "".join(f"[{part}]" for part in path[1:])
        raise _invalid(param, problem) from error
    return loaded


def _first(problems: Any) -> tuple[list[str], str]:
    """Return where the first problem is, and what it is."""
    path = []
    while isinstance(problems, dict):
        part, problems = next(iter(problems.items()))
        path.append(str(part))
    # Below a mapping marshmallow says whether it is the key or the value; Stripe names the key.
    return [part for part in path if part not in ("value", "key", "_schema")], problems[0]


def _invalid(param: str, problem: str) -> Refusal:
    words = _WORDS.get(problem, f"{problem.rstrip('.')}: {{param}}").format(param=param)
    return Refusal(400, words, code=problem if problem in _WORDS else None, param=param, kept=False)


class _Parameters(Schema):
    error_messages = {"unknown": "parameter_unknown", "type": "Invalid object"}  # noqa: RUF012 - marshmallow's way

    class Meta:
        unknown = RAISE


class _Whole(fields.Integer):
    default_error_messages = {"invalid": "parameter_invalid_integer"}  # noqa: RUF012


class _Metadata(fields.Dict):
    def __init__(self) -> None:
        key = fields.String(validate=validate.Length(1, 40, error="Invalid metadata"))
        value = fields.String(validate=validate.Length(max=500, error="Invalid metadata"))
        super().__init__(keys=key, values=value, load_default=dict, validate=validate.Length(max=50))


def _in_range(amount: int) -> None:
    if amount < LEAST:
        raise ValidationError(_TOO_SMALL)
    if amount > MOST:
        raise ValidationError(_TOO_LARGE)


_RUPEES = validate.Equal("inr", error="Invalid currency, the stand-in has inr only")
_AT_LEAST_ONE = validate.Range(min=1, error="parameter_invalid_integer")


class NewIntent(_Parameters):
    amount = _Whole(validate=_in_range, **_REQUIRED)
    currency = fields.String(validate=_RUPEES, **_REQUIRED)
    metadata = _Metadata()
    description = fields.String(load_default=None)


class Nothing(_Parameters):
    pass


class Cancellation(_Parameters):
    cancellation_reason = fields.String(load_default=None)


class _Product(_Parameters):
    name = fields.String(validate=validate.Length(1, 250, error="Invalid string"), **_REQUIRED)
    description = fields.String()


class _Price(_Parameters):
    currency = fields.String(validate=_RUPEES, **_REQUIRED)
    unit_amount = _Whole(validate=validate.Range(min=0, max=MOST, error="parameter_invalid_integer"), **_REQUIRED)
    product_data = fields.Nested(_Product, **_REQUIRED)


class _LineItem(_Parameters):
    price_data = fields.Nested(_Price, **_REQUIRED)
    quantity = _Whole(validate=_AT_LEAST_ONE, **_REQUIRED)


class _IntentData(_Parameters):
    metadata = _Metadata()
    description = fields.String(load_default=None)


class NewSession(_Parameters):
    """Adds ``amount``, what the items cost together."""

    mode = fields.String(validate=validate.Equal("payment", error="Invalid mode"), **_REQUIRED)
    line_items = fields.List(
        fields.Nested(_LineItem), validate=validate.Length(1, 100, error="Invalid array"), **_REQUIRED
    )
    success_url = fields.Url(require_tld=False, error_messages={"required": "parameter_missing"}, required=True)
    cancel_url = fields.Url(require_tld=False, load_default=None)
    client_reference_id = fields.String(load_default=None, validate=validate.Length(max=200, error="Invalid string"))
    expires_at = _Whole(load_default=None)
    metadata = _Metadata()
    payment_intent_data = fields.Nested(_IntentData, load_default=lambda: {"metadata": {}, "description": None})

    @post_load
    def _add_up(self, loaded: dict[str, Any], **_: Any) -> dict[str, Any]:
        total = sum(item["price_data"]["unit_amount"] * item["quantity"] for item in loaded["line_items"])
        try:
            _in_range(total)
        except ValidationError as error:
            raise ValidationError({"line_items": error.messages}) from error
        return loaded | {"amount": total}


class NewRefund(_Parameters):
    payment_intent = fields.String(load_default=None)
    charge = fields.String(load_default=None)
    amount = _Whole(load_default=None, validate=_AT_LEAST_ONE)
    metadata = _Metadata()
    reason = fields.String(
        load_default=None,
        validate=validate.OneOf(["duplicate", "fraudulent", "requested_by_customer"], error="Invalid reason"),
    )


class _Created(_Parameters):
    gt = _Whole()
    gte = _Whole()
    lt = _Whole()
    lte = _Whole()


class Page(_Parameters):
    limit = _Whole(load_default=10, validate=validate.Range(1, 100, error="parameter_invalid_integer"))
    starting_after = fields.String(load_default=None)
    created = fields.Nested(_Created, load_default=dict)


class Intents(Page):
    pass


class Sessions(Page):
    payment_intent = fields.String()
    status = fields.String()


class Refunds(Page):
    payment_intent = fields.String()
    charge = fields.String()


class Events(Page):
    type = fields.String()
