"""Texts that nobody reads in the database, and that are found there all the same.

A text is encrypted by AES-256-GCM for one place: in another document or another field its bytes mean nothing. What
finds it is a blind index, an HMAC of it, which tells no more than that two texts are the same. The keys of both are
derived from the configured one.
"""

import hmac
import os
from collections.abc import Sequence

from bson import ObjectId
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask, current_app

from paytm.errors import EncryptionNotConfigured
from paytm.keys import KEY_BYTES, Key

_NONCE_BYTES = 12


class Undecipherable(Exception):
    """It was not encrypted for this place, was changed since, or its key is not among the configured ones."""


class Keyring:
    """The keys of an installation, the newest first: that one encrypts, and each decrypts what it has encrypted."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._newest = keys[0].id
        self._ciphers = {key.id: AESGCM(_derived(key, "encryption")) for key in keys}
        self._indexes = {key.id: _derived(key, "blind index") for key in keys}

    def __len__(self) -> int:
        return len(self._ciphers)

    @property
    def newest(self) -> str:
        """The id of the key that encrypts."""
        return self._newest

    def encrypt(self, text: str, place: bytes) -> bytes:
        """Return a text encrypted for a place: the length of the key's id, the id, a nonce, and the ciphertext."""
        nonce, id_ = os.urandom(_NONCE_BYTES), self._newest.encode()
        return bytes([len(id_)]) + id_ + nonce + self._ciphers[self._newest].encrypt(nonce, text.encode(), place)

    def decrypt(self, data: bytes, place: bytes) -> str:
        """Return the text that was encrypted for a place.

        :raises Undecipherable: these bytes are not that.
        """
        id_ = key_id(data)
        start = 1 + len(id_)
        try:
            nonce, ciphertext = data[start : start + _NONCE_BYTES], data[start + _NONCE_BYTES :]
            return self._ciphers[id_].decrypt(nonce, ciphertext, place).decode()
        except KeyError:
            raise Undecipherable("its key is not configured") from None
        except (InvalidTag, ValueError) as error:
            raise Undecipherable("it was not encrypted for this place, or was changed") from error

    def is_current(self, data: bytes) -> bool:
        """Tell whether the newest key has encrypted this."""
        return key_id(data) == self._newest

    def index(self, text: str, place: bytes) -> bytes:
        """Return what finds a text at a place."""
        return _hmac(self._indexes[self._newest], text, place)

    def indexes(self, text: str, place: bytes) -> list[bytes]:
        """Return what finds a text at a place, whichever key was the newest when it was indexed."""
        return [_hmac(key, text, place) for key in self._indexes.values()]


def place(collection: str, field: str, *ids: ObjectId) -> bytes:
    """Return what binds a text to where it stands.

    :param ids: of the document, and of whom it belongs to.
    """
    # Neither name has a zero byte, and ids have one length: no two places look the same.
    return f"{collection}\0{field}\0".encode() + b"".join(id_.binary for id_ in ids)


def key_id(data: bytes) -> str:
    """Return the id of the key that has encrypted something; of bytes that nobody encrypted, one that there is not."""
    return data[1 : 1 + data[0]].decode("ascii", "replace") if data else ""


def keyring() -> Keyring:
    """Return the keys of this installation.

    :raises EncryptionNotConfigured: there are none.
    """
    ring: Keyring | None = current_app.extensions["keyring"]
    if ring is None:
        raise EncryptionNotConfigured
    return ring


def init_app(app: Flask) -> None:
    """Take the keys from the app's settings."""
    keys = app.config["ENCRYPTION_KEYS"]
    app.extensions["keyring"] = Keyring(keys) if keys else None


def _hmac(key: bytes, text: str, place: bytes) -> bytes:
    return hmac.digest(key, place + text.encode(), "sha256")


def _derived(key: Key, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"paytm {purpose}".encode()).derive(key.secret)
