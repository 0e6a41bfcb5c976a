"""Merchants' endpoints: where their systems listen to what happens."""

import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bson import ObjectId
from pymongo import ASCENDING
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from paytm import clock, db
from paytm.errors import InvalidInput, NotFound, TooManyEndpoints
from paytm.notify import addresses, deliveries
from paytm.notify.models import DUE, WEBHOOK

KINDS = ("transaction.completed", "request.created")
MOST = 10
LONGEST_URL = 2048

_PRINTABLE = re.compile(r"[!-~]+")

Endpoint = Mapping[str, Any]


def register(merchant: ObjectId, *, url: str, events: Sequence[str], allow_private: bool) -> Endpoint:
    """Register an endpoint, and return it with the secret that its deliveries are signed with.

    :raises InvalidInput: the URL is not one that a stranger may make this server call.
    :raises TooManyEndpoints: the merchant has ``MOST`` already.
    """
    check_url(url, allow_private=allow_private)
    endpoint = {
        "_id": ObjectId(),
        "merchant": merchant,
        "url": url,
        "secret": f"whsec_{secrets.token_urlsafe(32)}",
        "events": sorted(set(events)),
        "createdAt": clock.now(),
    }
    while True:
        taken = {other["slot"] for other in db.database()["webhook_endpoints"].find({"merchant": merchant})}
        free = set(range(MOST)) - taken
        if not free:
            raise TooManyEndpoints
        try:
            db.database()["webhook_endpoints"].insert_one(endpoint | {"slot": min(free)})
        except DuplicateKeyError:
            # Another request of the merchant took the slot at the same moment.
            continue
        return endpoint


def check_url(url: str, *, allow_private: bool) -> None:
    """Refuse a URL that is not an absolute https one with a public host.

    A host that cannot be resolved now may be registered: what counts is the address that each delivery connects to.

    :raises InvalidInput: tells why.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidInput(errors={"url": ["Not a URL."]}) from None
    if not _PRINTABLE.fullmatch(url) or not parts.hostname or port == 0:
        raise InvalidInput(errors={"url": ["Not a URL."]})
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise InvalidInput(errors={"url": ["It has to begin with https://."]})
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(errors={"url": ["It cannot have a user or a password in it."]})
    try:
        addresses.resolve(parts.hostname, port or 443, allow_private=allow_private)
    except addresses.Refused:
        raise InvalidInput(errors={"url": ["It leads to an address that is not public."]}) from None
    except OSError:
        pass


def all_of(merchant: ObjectId) -> list[Endpoint]:
    """Return a merchant's endpoints, oldest first."""
    return list(db.database()["webhook_endpoints"].find({"merchant": merchant}).sort("_id", ASCENDING).limit(MOST))


def of(merchants: Iterable[ObjectId]) -> dict[ObjectId, list[Endpoint]]:
    """Return the endpoints of many merchants, by merchant."""
    found: dict[ObjectId, list[Endpoint]] = {}
    for endpoint in db.database()["webhook_endpoints"].find({"merchant": {"$in": list(merchants)}}):
        found.setdefault(endpoint["merchant"], []).append(endpoint)
    return found


def get(endpoint_id: ObjectId) -> Endpoint | None:
    """Return an endpoint, whosever it is; None where there is none any more."""
    return db.database()["webhook_endpoints"].find_one({"_id": endpoint_id})


def delete(merchant: ObjectId, endpoint_id: ObjectId) -> None:
    """Remove an endpoint of a merchant, and what it would still have been told.

    :raises NotFound: the merchant has no such endpoint.
    """

    def body(session: ClientSession) -> None:
        own = {"_id": endpoint_id, "merchant": merchant}
        if db.database()["webhook_endpoints"].delete_one(own, session=session).deleted_count == 0:
            raise NotFound
        pending = {"recipient": endpoint_id, "channel": WEBHOOK, "state": DUE}
        db.database()["deliveries"].delete_many(pending, session=session)

    db.transaction(body)


def history(
    merchant: ObjectId, endpoint_id: ObjectId, *, cursor: str | None, limit: int
) -> tuple[list[deliveries.Delivery], str | None]:
    """Return a page of the deliveries to an endpoint of a merchant, newest first, and the cursor of the next page.

    :raises NotFound: the merchant has no such endpoint.
    """
    _check_owner(merchant, endpoint_id)
    return deliveries.to(endpoint_id, before=cursor, limit=limit)


def replay(merchant: ObjectId, delivery_id: str) -> None:
    """Send a delivery to an endpoint of a merchant once more; one that is due already stays so.

    :raises NotFound: the merchant has no endpoint with such a delivery.
    """
    delivery = db.database()["deliveries"].find_one({"_id": delivery_id, "channel": WEBHOOK}, {"recipient": 1})
    if delivery is None:
        raise NotFound
    _check_owner(merchant, delivery["recipient"])
    deliveries.repeat(_id=delivery_id)


def _check_owner(merchant: ObjectId, endpoint_id: ObjectId) -> None:
    own = {"_id": endpoint_id, "merchant": merchant}
    if db.database()["webhook_endpoints"].find_one(own, {"_id": 1}) is None:
        raise NotFound
