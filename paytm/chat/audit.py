"""The proof that what people see of their conversations agrees with the messages, from the records alone."""

from typing import Any

import pymongo
from pymongo.client_session import ClientSession

from paytm import db
from paytm.ledger.audit import Unbalanced, collection


def check(session: ClientSession | None = None) -> int:
    """Prove that each conversation has both its rows, ends with its last message, and counts what is unread.

    :param session: whose snapshot is read; else one of its own.
    :returns: how many messages there are.
    :raises Unbalanced: names what does not agree.
    """
    if session is None:
        # As in the audit of the ledger, which takes as long as the collections are.
        with pymongo.timeout(None), db.database().client.start_session(snapshot=True) as own:
            return check(own)
    _check_ends(session)
    _check_unread(session)
    count: int = collection("messages").count_documents({}, session=session)
    return count


def _check_ends(session: ClientSession) -> None:
    rows = [{"$project": {"_id": "$pair", "ends": ["$lastAt", "$lastMessage.createdAt"]}}]
    pipeline: list[dict[str, Any]] = [
        {"$group": {"_id": "$pair", "last": {"$max": "$createdAt"}}},
        {"$unionWith": {"coll": "conversations", "pipeline": rows}},
        {"$group": {"_id": "$_id", "last": {"$max": "$last"}, "ends": {"$push": "$ends"}}},
        {"$match": {"$expr": {"$ne": ["$ends", [["$last", "$last"], ["$last", "$last"]]]}}},
    ]
    for found in _first("messages", pipeline, session=session):
        raise Unbalanced(
            f"conversation {found['_id']} ends at {found['last']}, and for the two people at {found['ends']}"
        )


def _check_unread(session: ClientSession) -> None:
    came = {"$eq": ["$sender", "$$other"]}
    is_unread = {"$gt": ["$createdAt", "$$readUpTo"]}
    pipeline: list[dict[str, Any]] = [
        {
            "$lookup": {
                "from": "messages",
                "localField": "pair",
                "foreignField": "pair",
                # Of who never read there is no time, and any is after it.
                "let": {"other": "$other", "readUpTo": "$readUpTo"},
                "pipeline": [{"$match": {"$expr": {"$and": [came, is_unread]}}}, {"$count": "messages"}],
                "as": "counted",
            }
        },
        {"$set": {"counted": {"$sum": "$counted.messages"}}},
        {"$match": {"$expr": {"$ne": ["$unread", "$counted"]}}},
    ]
    for found in _first("conversations", pipeline, session=session):
        raise Unbalanced(
            f"conversation {found['_id']} has {found['unread']} unread, and {found['counted']} came unread"
        )


def _first(name: str, pipeline: list[dict[str, Any]], *, session: ClientSession) -> Any:
    return collection(name).aggregate([*pipeline, {"$limit": 1}], session=session, allowDiskUse=True)
