"""What operators see of payments by card that did not go as they should."""

from collections.abc import Iterator

from pymongo import DESCENDING

from paytm import db
from paytm.money import format_rupees
from paytm.payment.models import DEAD, FAILED, REFUND_DUE, RETURNED, WAITING


def lines(limit: int) -> Iterator[str]:
    """Yield a line for each event without its effect, for money that was returned, and for refunds not made."""
    target = db.database()
    unsettled = {"status": {"$in": [DEAD, FAILED, WAITING]}}
    for event in target["webhook_inbox"].find(unsettled).sort("_id").limit(limit):
        amount = format_rupees(event.get("unasked", event.get("amount", 0)))
        payment = event.get("payment", "no payment")
        yield f"{event['_id']}  {event['status']}  {event['type']}  {payment}  {amount}  {event['reason']}"
    for receipt in target["receipts"].find({"status": RETURNED}).sort("createdAt", DESCENDING).limit(limit):
        amount = format_rupees(receipt["amount"])
        yield f"{receipt['_id']}  {RETURNED}  receipt  {receipt['payment']}  {amount}  {receipt['reason']}"
    for row in target["card_refunds"].find({"status": REFUND_DUE}).sort("_id").limit(limit):
        amount = format_rupees(row["amount"])
        yield f"{row['_id']}  {REFUND_DUE}  refund  {row['payment']}  {amount}  {row['reason']}"
