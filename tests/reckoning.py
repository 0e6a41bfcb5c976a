"""Reports as anybody would make them: by going through every entry, one after the other."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from bson import ObjectId

from paytm import db
from paytm.ledger.posting import BANK_ACCOUNTS
from paytm.money import to_rupees

DAY = timedelta(days=1)
# date, the other account, kind, signed paise, transaction, createdAt, seq, account
Line = dict[str, Any]


def lines(user_id: str, zone: str) -> list[Line]:
    """Return every entry of a user's accounts, with the day that it is on in a time zone."""
    accounts = [account["_id"] for account in db.database()["accounts"].find({"userId": ObjectId(user_id)})]
    entries = db.database()["entries"].find({"account": {"$in": accounts}})
    return [
        entry
        | {
            "date": entry["createdAt"].astimezone(ZoneInfo(zone)).date(),
            "own": entry["other"] in accounts,
            "person": entry["other"] not in {None, *BANK_ACCOUNTS, *accounts},
        }
        for entry in entries
    ]


def report(user_id: str, start: date, end: date, zone: str) -> dict[str, Any]:
    """Return what a report on the wallet has to say, without names."""
    known, length = lines(user_id, zone), end - start + DAY
    found = [line for line in known if start <= line["date"] <= end]
    before = [line for line in known if start - length <= line["date"] < start]
    now, then = _totals(found), _totals(before)
    days = [start + number * DAY for number in range(length.days)]
    return {
        "from": str(start),
        "to": str(end),
        "timezone": zone,
        "source": "wallet",
        **now,
        "busiestDay": _busiest(found),
        "ownTransfers": to_rupees(sum(line["amount"] for line in found if line["own"] and line["amount"] > 0)),
        "series": {
            "days": _grouped(found, days, lambda day: day),
            "weeks": _grouped(found, days, lambda day: day - day.weekday() * DAY),
            "months": _grouped(found, days, lambda day: day.replace(day=1)),
        },
        "kinds": {kind: _sums(line for line in found if line["kind"] == kind) for kind in _kinds(found)},
        "people": _people(found),
        "biggest": [
            (str(line["transaction"]), to_rupees(abs(line["amount"])), str(line["date"]))
            for line in sorted((line for line in found if not line["own"]), key=_rank, reverse=True)[:10]
        ],
        "previous": {"from": str(start - length), "to": str(start - DAY), **then},
        "change": {name: _difference(now[name], then[name]) for name in now if name != "averageTransactionValue"},
    }


def comparable(body: dict[str, Any]) -> dict[str, Any]:
    """Return a report of the API in the form of :func:`report`."""
    shown = {name: value for name, value in body.items() if name != "fullName"}
    kinds = {row.pop("kind"): row for row in shown["kinds"]}
    people = [(row["id"], {name: row[name] for name in ("transactions", "credit", "debit")}) for row in shown["people"]]
    biggest = [(row["id"], row["amount"], row["date"]) for row in shown["biggest"]]
    return shown | {"kinds": kinds, "people": people, "biggest": biggest}


def _rank(line: Line) -> Any:
    return abs(line["amount"]), line["createdAt"], line["seq"], line["account"]


def _paise(found: Iterable[Line]) -> tuple[int, int, int]:
    count = credit = debit = 0
    for line in found:
        amount = line["amount"]
        if line["own"]:
            # What a payout brought to an own account was not spent.
            debit -= amount if amount > 0 and line["kind"] == "payout" else 0
        else:
            count, credit, debit = count + 1, credit + max(amount, 0), debit + max(-amount, 0)
    return count, credit, debit


def _sums(found: Iterable[Line]) -> dict[str, Any]:
    count, credit, debit = _paise(found)
    return {"transactions": count, "credit": to_rupees(credit), "debit": to_rupees(debit)}


def _totals(found: Iterable[Line]) -> dict[str, Any]:
    count, credit, debit = _paise(found)
    average = round(Fraction(credit + debit, count)) if count else 0
    return {
        "totalTransactions": count,
        "totalCredit": to_rupees(credit),
        "totalDebit": to_rupees(debit),
        "averageTransactionValue": to_rupees(average),
    }


def _difference(now: float, then: float) -> float:
    return (
        to_rupees(round(now * 100) - round(then * 100))
        if isinstance(now, float) or isinstance(then, float)
        else now - then
    )


def _kinds(found: Iterable[Line]) -> set[str]:
    kinds = defaultdict(list)
    for line in found:
        kinds[line["kind"]].append(line)
    return {kind for kind, lines in kinds.items() if _paise(lines) != (0, 0, 0)}


def _busiest(found: Iterable[Line]) -> str | None:
    counts: defaultdict[date, int] = defaultdict(int)
    for line in found:
        counts[line["date"]] += not line["own"]
    most = max(counts.values(), default=0)
    return str(min(day for day, count in counts.items() if count == most)) if most else None


def _grouped(found: list[Line], days: list[date], group: Any) -> list[dict[str, Any]]:
    return [
        {"date": str(begin), **_sums(line for line in found if group(line["date"]) == begin)}
        for begin in dict.fromkeys(map(group, days))
    ]


def _people(found: list[Line]) -> list[tuple[str, dict[str, Any]]]:
    others = {line["other"] for line in found if line["person"]}
    moved = {other: [line for line in found if line["other"] == other] for other in others}
    first = sorted(others, key=lambda other: (-sum(abs(line["amount"]) for line in moved[other]), other))[:10]
    return [(str(other), _sums(moved[other])) for other in first]
