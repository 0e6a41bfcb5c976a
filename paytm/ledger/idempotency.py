"""Telling a repeated request from another one that came under the same key."""

import hashlib
from collections.abc import Iterable


def fingerprint(parts: Iterable[object]) -> bytes:
    """Return 16 bytes that stand for what a request asks for: its kind, accounts, paise and note."""
    # repr keeps ("ab", "c") and ("a", "bc"), or None and "None", apart.
    return hashlib.blake2b(repr(tuple(parts)).encode(), digest_size=16).digest()
