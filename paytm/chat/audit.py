"""The proof that what people see of their conversations agrees with the messages, from the records alone."""

from typing import Any

from pymongo.client_session import ClientSession

from paytm.ledger import audit
from paytm.ledger.audit import Unbalanced


def check() -> int:
    """Prove that each conversation has both its rows, ends with its last message, and counts what is unread.

    :returns: how many messages there are.
    :raises Unbalanced: names what does not agree.
    """
    with audit.snapshot() as session:
        _check_ends(session)
        _check_unread(session)
        return audit.count("messages", session=session)


def _check_ends(session: ClientSession) -> None:
    rows = [{"$project": {"_id": "$pair", "ends": ["$lastAt", "$lastMessage.createdAt"]}}]
    pipeline: list[dict[str, Any]] = [
        {"$group": {"_id": "$pair", "last": {"$max": "$createdAt"}}},
        {"$unionWith": {"coll": "conversations", "pipeline": rows}},
        {"$group": {"_id": "$_id", "last": {"$max": "$last"}, "ends": {"$push": "$ends"}}},
        {"$match": {"$expr": {"$ne": ["$ends", [["$last", "$last"], ["$last", "$last"]]]}}},
    ]
    for found in audit.first("messages", pipeline, session=session):
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
    for found in audit.first("conversations", pipeline, session=session):
        raise Unbalanced(
            f"conversation {found['_id']} has {found['unread']} unread, and {found['counted']} came unread"
        )
