"""What moved in the cash book of a user, on the days that are written there."""

from datetime import date

from bson import ObjectId
from pymongo.client_session import ClientSession

from paytm import db
from paytm.analytics import sums
from paytm.analytics.movements import CASHBOOK, TOP, Movements, Row
from paytm.analytics.period import Period
from paytm.analytics.sums import Sum
from paytm.cashbook import turnover
from paytm.errors import Unavailable


def movements(owner: ObjectId, period: Period, *, version: int) -> Movements:
    """Return what moved in a period, all of it as it was at one moment.

    :param version: what the book was seen to have already.
    :raises Unavailable: that is not to be seen any more, as right after a failover.
    """
    days, before = (period.start, period.end), (period.before.start, period.before.end)
    with db.database().client.start_session(snapshot=True) as session:
        if turnover.version(owner, session=session) < version:
            raise Unavailable(retry_after=1)
        found = _by_day(owner, *days, session)
        earlier = _by_day(owner, *before, session)
        people = turnover.by_person(owner, *days, limit=TOP, session=session) if found else []
        records = turnover.biggest(owner, *days, limit=TOP, session=session) if found else []
    return Movements(
        days=found,
        kinds={CASHBOOK: sums.total(found.values())} if found else {},
        before=sums.total(earlier.values()),
        people=[{"source": CASHBOOK, "who": row["record"], "id": None, **row} for row in people],
        biggest=[_movement(record) for record in records],
    )


def _by_day(owner: ObjectId, start: date, end: date, session: ClientSession) -> dict[date, Sum]:
    rows = turnover.by_day(owner, start, end, session=session)
    return {date.fromisoformat(row["_id"]): sums.read(row) for row in rows}


def _movement(record: Row) -> Row:
    return {
        "source": CASHBOOK,
        "who": record["_id"],
        "id": record["_id"],
        "kind": CASHBOOK,
        "direction": "in" if record["type"] == "credit" else "out",
        "amount": record["amount"],
        "date": record["date"],
        "counterparty": {"id": None, "name": None},
    }
