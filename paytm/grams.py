"""Finding texts by any part of them, in any case.

Beside a text stand its folded form (``searchName``) and all pieces of up to three letters (``grams``). The pieces are
indexed, so that any part of the text is found without a scan.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

_LONGEST_GRAM = 3


def fields(text: str) -> dict[str, Any]:
    """Return what a document needs so that its text is found: ``searchName`` and ``grams``."""
    folded = fold(text)
    return {"searchName": folded, "grams": sorted(_grams(folded, range(1, _LONGEST_GRAM + 1)))}


def containing(text: str, *, longest: int) -> dict[str, Any] | None:
    """Return the conditions that find the documents whose text contains another; None when none does.

    :param text: literal, in any case; empty is in every text.
    :param longest: how many characters the documents' texts have at most.
    """
    if "\0" in text or len(text.strip()) > longest:
        return None  # No text is like that, and MongoDB is spared the query.
    folded = fold(text)
    conditions: dict[str, Any] = {}
    if folded:
        conditions["grams"] = {"$all": sorted(_grams(folded, [min(len(folded), _LONGEST_GRAM)]))}
    if len(folded) > _LONGEST_GRAM:
        conditions["searchName"] = {"$regex": re.escape(folded)}
    return conditions


def fold(text: str) -> str:
    """Return a text without what searching and sorting overlook: case, width, the kind and number of blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _grams(text: str, sizes: Iterable[int]) -> set[str]:
    return {text[start : start + size] for size in sizes for start in range(len(text) - size + 1)}
