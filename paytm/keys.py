"""Keys that encrypt, as settings have them: ``id:base64,id:base64``, the newest first."""

import base64
import binascii
import os
import re
from dataclasses import dataclass, field

KEY_BYTES = 32

_KEY = re.compile(r"([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/=]+)", re.ASCII)


@dataclass(frozen=True)
class Key:
    """A configured key, under the name that stands in front of what it encrypts."""

    id: str
    secret: bytes = field(repr=False)


def read(text: str) -> tuple[Key, ...]:
    """Return the keys of a setting; none of an empty one.

    :raises ValueError: they are not of this form; without the text, which is secret.
    """
    keys = tuple(_read_key(part.strip()) for part in text.split(",")) if text.strip() else ()
    if len({key.id for key in keys}) != len(keys) or len({key.secret for key in keys}) != len(keys):
        raise ValueError("two keys are the same")
    return keys


def generate() -> str:
    """Return a new key in base64, as settings have it behind its id."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def _read_key(text: str) -> Key:
    match = _KEY.fullmatch(text)
    if match is None:
        raise ValueError("not of the form id:base64")
    try:
        secret = base64.b64decode(match[2], validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return Key(match[1], secret)
