"""Entity tags, by which two devices that change one thing never overwrite each other (RFC 9110, section 13)."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.datastructures import ETags

from paytm.errors import PreconditionFailed, PreconditionRequired

# What the API document says of the two headers.
IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "schema": {"type": "string"},
    "description": "The ETag of what you have read, or * for whatever there is.",
}
ETAG: dict[str, Any] = {
    "ETag": {"schema": {"type": "string"}, "description": "The version, to be sent as If-Match with a change."}
}


@dataclass(frozen=True)
class Condition:
    """Under which a request wants to change something; None is none."""

    wanted: ETags | None

    def check(self, version: int) -> None:
        """See to it that a version is one that is wanted.

        :raises PreconditionFailed: it is not.
        """
        if self.wanted is not None and not self.wanted.contains(str(version)):
            raise PreconditionFailed


def condition(*, required: bool = False) -> Condition:
    """Return the condition of the request, by its ``If-Match``.

    :param required: whether it has to have one.
    :raises PreconditionRequired: it has none.
    """
    if "If-Match" in request.headers:
        return Condition(request.if_match)
    if required:
        raise PreconditionRequired
    return Condition(None)


def header(version: int) -> dict[str, str]:
    """Return the header that tells a version."""
    return {"ETag": f'"{version}"'}
