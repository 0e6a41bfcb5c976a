"""The cash book's routes: what you are owed and owe, outside the wallet; everybody sees the own book alone."""

from typing import Any

from bson import ObjectId
from flask import g

from paytm import etags
from paytm.api import FORM, PREFIX, Blueprint, idempotency_key, replayed, required_idempotency_key, takes
from paytm.cashbook import exporting, importing, people, reading, schemas, settlement, writing
from paytm.ratelimit import rate

blp = Blueprint("cashbook", __name__, url_prefix=f"{PREFIX}/cashbook", description="What you are owed and owe")


def _shown(record: Any, headers: dict[str, str] | None = None) -> Any:
    return {"record": reading.shown(record)}, etags.header(record["version"]) | (headers or {})


@blp.post("")
@blp.arguments(schemas.NewRecord)
@blp.response(201, schemas.OneRecord, headers=etags.ETAG)
@blp.idempotent
@rate("RATELIMIT_CASHBOOK")
def create(arguments: dict[str, Any]) -> Any:
    """Note down money that you got or gave; a repetition with the same key brings the same record."""
    key = idempotency_key(arguments.pop("key"))
    record, is_replay = writing.create(g.caller.user_id, arguments, key=key)
    return _shown(record, replayed(is_replay))


@blp.get("")
@blp.arguments(schemas.Search, location="query")
@blp.response(200, schemas.Records)
@rate("RATELIMIT_READ")
def search(arguments: dict[str, Any]) -> Any:
    """Find your records by name, type, date and amount."""
    order, after, limit = (arguments.pop(name) for name in ("order", "cursor", "limit"))
    wanted = reading.Filter(**arguments)
    records, following = reading.page(g.caller.user_id, wanted, order=order, after=after, limit=limit)
    return {"records": records, "nextCursor": following}


@blp.get("/balances")
@blp.arguments(schemas.PeoplePage, location="query")
@blp.response(200, schemas.Balances)
@rate("RATELIMIT_STATEMENT")
def balances(arguments: dict[str, Any]) -> Any:
    """Who owes whom how much, person by person, by the records that are not settled."""
    order, after, limit = (arguments[name] for name in ("order", "cursor", "limit"))
    found, following = people.page(g.caller.user_id, order=order, after=after, limit=limit)
    return {"balances": found, "nextCursor": following}


@blp.post("/import")
@blp.arguments(schemas.Import, location="query")
@blp.response(200, schemas.Imported)
@blp.doc(requestBody={"content": {"text/csv": {"schema": schemas.Table}, FORM: {"schema": schemas.TableForm}}})
@blp.idempotent
@rate("RATELIMIT_IMPORT")
@takes(importing.MOST_BYTES)
def import_(arguments: dict[str, Any]) -> Any:
    """Add the lines of a table, up to 10,000 of them; a repetition with the same key adds nothing."""
    key = idempotency_key(None)
    report, is_replay = importing.take(g.caller.user_id, importing.received(), key=key, **arguments)
    return report, replayed(is_replay)


@blp.get("/export")
@blp.response(200, schemas.Table, content_type="text/csv")
@rate("RATELIMIT_STATEMENT")
def export() -> Any:
    """Your whole book as a table, as an import takes it."""
    return exporting.file(g.caller.user_id)


@blp.get("/<id:record_id>")
@blp.response(200, schemas.OneRecord, headers=etags.ETAG)
@rate("RATELIMIT_READ")
def read(record_id: ObjectId) -> Any:
    """A record of yours, and how its settlement stands."""
    record = reading.one(g.caller.user_id, record_id)
    return {"record": record}, etags.header(record["version"])


@blp.put("/<id:record_id>")
@blp.arguments(schemas.RecordContent)
@blp.response(200, schemas.OneRecord, headers=etags.ETAG)
@blp.heeds({**etags.IF_MATCH, "required": True})
@rate("RATELIMIT_CASHBOOK")
def replace(arguments: dict[str, Any], record_id: ObjectId) -> Any:
    """Write a record anew, if it is still as you read it and not settled."""
    condition = etags.condition(required=True)
    return _shown(writing.replace(g.caller.user_id, record_id, arguments, condition=condition))


@blp.patch("/<id:record_id>")
@blp.arguments(schemas.RecordChanges)
@blp.response(200, schemas.OneRecord, headers=etags.ETAG)
@blp.heeds({**etags.IF_MATCH, "required": True})
@rate("RATELIMIT_CASHBOOK")
def change(arguments: dict[str, Any], record_id: ObjectId) -> Any:
    """Change a part of a record, if it is still as you read it and not settled."""
    condition = etags.condition(required=True)
    return _shown(writing.change(g.caller.user_id, record_id, arguments, condition=condition))


@blp.delete("/<id:record_id>")
@blp.response(204)
@blp.heeds(etags.IF_MATCH)
@rate("RATELIMIT_CASHBOOK")
def delete(record_id: ObjectId) -> None:
    """Delete a record; for a while it can be restored."""
    writing.delete(g.caller.user_id, record_id, condition=etags.condition())


@blp.post("/<id:record_id>/restore")
@blp.response(200, schemas.OneRecord, headers=etags.ETAG)
@rate("RATELIMIT_CASHBOOK")
def restore(record_id: ObjectId) -> Any:
    """Undo that a record was deleted, within an hour; again is as good as once."""
    return _shown(writing.restore(g.caller.user_id, record_id))


@blp.post("/<id:record_id>/settle")
@blp.arguments(schemas.SettleRecord)
@blp.response(201, schemas.OneRecord, headers=etags.ETAG)
@blp.idempotent
@blp.heeds(etags.IF_MATCH)
@rate("RATELIMIT_TRANSFER")
def settle(arguments: dict[str, Any], record_id: ObjectId) -> Any:
    """Ask a user for what a debit says, or send a user what a credit says; once for each record."""
    key, condition = required_idempotency_key(arguments.pop("key")), etags.condition()
    record, is_replay = settlement.settle(g.caller, record_id, key=key, condition=condition, **arguments)
    return _shown(record, replayed(is_replay))
