"""One of several objects, told apart by a field that all of them have: in the API document, ``oneOf``."""

from collections.abc import Mapping
from typing import Any

import marshmallow
from flask_smorest import Api


class Alternatives(marshmallow.fields.Raw):
    """An object that one of several schemas describes; it is passed on as it is.

    :param by: the field that tells them apart.
    :param schemas: by what stands in that field.
    """

    def __init__(self, by: str, schemas: Mapping[str, type[marshmallow.Schema]], **options: Any) -> None:
        super().__init__(**options)
        self.by = by
        self.schemas = schemas


def init_api(api: Api) -> None:
    """Let the API document describe alternatives."""
    api.ma_plugin.converter.add_attribute_function(_alternatives2properties)


def _alternatives2properties(converter: Any, field: marshmallow.fields.Field[Any], **_: Any) -> dict[str, Any]:
    if not isinstance(field, Alternatives):
        return {}
    named = {value: converter.resolve_nested_schema(schema) for value, schema in field.schemas.items()}
    mapping = {value: reference["$ref"] for value, reference in named.items()}
    return {
        "type": "object",
        "oneOf": list(named.values()),
        "discriminator": {"propertyName": field.by, "mapping": mapping},
    }
