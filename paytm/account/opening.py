"""Opening a user's primary account, with money in it from the system account."""

from bson import ObjectId
from bson.int64 import Int64
from pymongo.client_session import ClientSession

from paytm import db
from paytm.account.models import Account
from paytm.ledger import store
from paytm.ledger.posting import SYSTEM_ACCOUNT, Balance, Books, Posting, movement


def grant(user_id: ObjectId, amount: int) -> Posting | None:
    """Return the posting of an opening balance of ``amount`` paise; None when it is 0."""
    if amount == 0:
        return None
    return Posting(
        kind="funding",
        owner=user_id,
        source=SYSTEM_ACCOUNT,
        destination=user_id,
        amount=amount,
        legs=movement(SYSTEM_ACCOUNT, user_id, amount),
    )


def open_primary(user_id: ObjectId, opening: Posting | None, *, session: ClientSession) -> None:
    """Insert a user's primary account and its opening posting, inside the given transaction."""
    books = Books({user_id: Balance("wallet", "active", 0, 0)})
    if opening is not None:
        books.post(opening)
    opened = books.accounts[user_id]
    account = Account(
        id=user_id,
        userId=user_id,
        name="Wallet",
        kind=opened.kind,
        status=opened.status,
        balance=Int64(opened.balance),
        seq=Int64(opened.seq),
        movedAt=opened.moved_at,
    )
    account.validate()
    db.database()["accounts"].insert_one(account.to_mongo(), session=session)
    store.write_journal(session, books)
