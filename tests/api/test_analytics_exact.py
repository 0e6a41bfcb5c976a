"""Reports agree, to the paisa, with what anybody finds who goes through all entries."""

import random
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from bson import ObjectId
from flask import Flask
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from paytm.analytics import summaries
from paytm.ledger import store
from paytm.ledger.posting import CARD_ACCOUNT, SYSTEM_ACCOUNT, Leg, Posting, movement
from tests import reckoning
from tests.api.holding import another
from tests.conftest import caller
from tests.people import Person, sign_up

DAY = timedelta(days=1)
# Around days on which clocks are changed, by an hour or half of one, or never.
PLACES = {
    "America/New_York": date(2027, 3, 14),
    "America/Havana": date(2027, 3, 14),
    "Europe/London": date(2027, 10, 31),
    "Australia/Lord_Howe": date(2027, 4, 4),
    "Asia/Kathmandu": date(2027, 4, 14),
    "Asia/Kolkata": date(2027, 12, 31),
}
KINDS = ("transfer", "purchase", "refund", "topup", "funding", "payout")


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few entries be enough for a summary."""
    monkeypatch.setattr(summaries, "SIZES", (32, 8))


def _posting(accounts: list[ObjectId], at: datetime, choice: random.Random) -> Posting:
    source, destination = choice.sample(accounts, 2)
    kind = choice.choice(KINDS)
    # Equal amounts are told apart by their times.
    amount = choice.choice([1, 50, 10**9, choice.randrange(1, 10**6)])
    if kind == "payout":
        others = choice.sample([account for account in accounts if account != source], 3)
        legs = (Leg(source, -3 * amount), *(Leg(other, amount) for other in others))
        return Posting(kind=kind, owner=source, source=source, destination=None, amount=3 * amount, legs=legs, at=at)
    legs = movement(source, destination, amount)
    return Posting(kind=kind, owner=source, source=source, destination=destination, amount=amount, legs=legs, at=at)


def _fill(accounts: list[ObjectId], zone: ZoneInfo, middle: date, choice: random.Random) -> None:
    """Move money within some days, much of it about midnight, after everybody has got enough."""
    midnights = [datetime.combine(middle + n * DAY, time(), zone).astimezone(UTC) for n in range(-5, 6)]
    near = [midnight + choice.randrange(-2, 3) * timedelta(milliseconds=1) for midnight in midnights for _ in range(4)]
    any_time = [midnights[0] + choice.random() * (midnights[-1] - midnights[0]) for _ in range(80)]
    postings = [_grant(account, midnights[0] - 90 * DAY) for account in accounts]
    for at in sorted(near + any_time):
        postings.append(_posting([*accounts, choice.choice([SYSTEM_ACCOUNT, CARD_ACCOUNT])], at, choice))
    store.commit(postings, timeout=30)


def _grant(account: ObjectId, at: datetime) -> Posting:
    legs = movement(SYSTEM_ACCOUNT, account, 10**12)
    return Posting(
        kind="funding", owner=account, source=SYSTEM_ACCOUNT, destination=account, amount=10**12, legs=legs, at=at
    )


@pytest.mark.parametrize("zone", PLACES)
@example(seed=1, wanted=(-4, 4))
@given(seed=st.integers(0, 2**32), wanted=st.tuples(*[st.integers(-5, 5)] * 2))
# A smaller seed makes nothing simpler.
@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_report_is_what_all_entries_add_up_to(
    app: Flask, short_runs: None, zone: str, seed: int, wanted: tuple[int, int]
) -> None:
    asha, *others = (sign_up(caller(app.test_client())) for _ in range(3))
    accounts = [ObjectId(id_) for id_ in (asha.id, another(asha), another(asha), *(other.id for other in others))]
    _fill(accounts, ZoneInfo(zone), PLACES[zone], random.Random(seed))
    start, end = (PLACES[zone] + number * DAY for number in sorted(wanted))

    shown = _report(asha, f"from={start}&to={end}&timezone={zone}")

    assert reckoning.comparable(shown) == reckoning.report(asha.id, start, end, zone)


def _report(person: Person, query: str) -> dict[str, Any]:
    answer = person.get(f"/analytics?{query}")
    assert answer.status == 200, answer
    return answer.body
