"""What an account may pay in a day and in a month, counted in the account itself."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paytm.ledger.limits import Excess, Limits, charge, used

# The last minute of 30 November in India, which is still the afternoon in UTC.
LAST_MINUTE = datetime(2026, 11, 30, 18, 29, 59, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, 18, 30, tzinfo=UTC)
NOON = datetime(2026, 11, 21, 6, 30, tzinfo=UTC)
SOMETIME = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda instant: instant.replace(tzinfo=UTC))


def paid(*payments: tuple[int, datetime], limits: Limits | None = None) -> dict[str, Any]:
    """Return the usage after payments that all pass."""
    usage: dict[str, Any] = {}
    for amount, at in payments:
        charged = charge(usage, limits or Limits(), amount, at)
        assert not isinstance(charged, Excess)
        usage = charged
    return usage


def test_payments_add_up_in_the_day_and_the_month() -> None:
    assert paid((100, NOON), (50, NOON)) == {
        "day": "2026-11-21",
        "dayAmount": 150,
        "dayCount": 2,
        "month": "2026-11",
        "monthAmount": 150,
        "monthCount": 2,
    }


@pytest.mark.parametrize("name", [field.name for field in fields(Limits)])
def test_a_limit_itself_may_be_reached(name: str) -> None:
    limit = 1 if name.endswith("count") else 100

    assert not isinstance(charge({}, Limits(**{name: limit}), 100, NOON), Excess)


@pytest.mark.parametrize("name", ["transaction_amount", "day_amount", "month_amount"])
def test_a_paisa_above_an_amount_is_too_much(name: str) -> None:
    excess = charge({}, Limits(**{name: 100}), 101, NOON)

    assert isinstance(excess, Excess)
    assert (excess.name, excess.limit) == (name, 100)


@pytest.mark.parametrize("name", ["day_count", "month_count"])
def test_one_time_above_a_count_is_too_much(name: str) -> None:
    excess = charge(paid((1, NOON)), Limits(**{name: 1}), 1, NOON)

    assert isinstance(excess, Excess)
    assert (excess.name, excess.limit) == (name, 1)


def test_nothing_is_limited_without_limits() -> None:
    assert paid((10**15, NOON), (10**15, NOON))["dayAmount"] == 2 * 10**15


def test_a_day_begins_at_midnight_in_india() -> None:
    limits = Limits(day_amount=100)
    usage = paid((100, LAST_MINUTE), limits=limits)

    assert isinstance(charge(usage, limits, 1, LAST_MINUTE), Excess)
    assert paid((100, LAST_MINUTE), (100, MIDNIGHT), limits=limits)["day"] == "2026-12-01"


def test_a_month_begins_at_midnight_in_india() -> None:
    limits = Limits(month_count=1)
    usage = paid((1, LAST_MINUTE), limits=limits)

    assert isinstance(charge(usage, limits, 1, LAST_MINUTE), Excess)
    assert paid((1, LAST_MINUTE), (1, MIDNIGHT), limits=limits)["month"] == "2026-12"


def test_a_new_day_of_the_same_month_goes_on_counting_the_month() -> None:
    usage = paid((100, NOON), (50, NOON + timedelta(days=1)))

    assert (usage["dayAmount"], usage["monthAmount"], usage["monthCount"]) == (50, 150, 2)


@pytest.mark.parametrize(
    ("name", "at", "resets_at"),
    [
        ("day_amount", NOON, datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("day_amount", MIDNIGHT, datetime(2026, 12, 1, 18, 30, tzinfo=UTC)),
        ("month_amount", NOON, MIDNIGHT),
        ("month_amount", MIDNIGHT, datetime(2026, 12, 31, 18, 30, tzinfo=UTC)),
        ("month_amount", datetime(2028, 2, 29, tzinfo=UTC), datetime(2028, 2, 29, 18, 30, tzinfo=UTC)),
        ("transaction_amount", NOON, None),
    ],
)
def test_an_excess_tells_when_the_limit_starts_anew(name: str, at: datetime, resets_at: datetime | None) -> None:
    excess = charge({}, Limits(**{name: 1}), 2, at)

    assert isinstance(excess, Excess)
    assert excess.resets_at == resets_at


def test_an_accounts_own_limits_stand_above_and_below_the_usual() -> None:
    usual = Limits(day_amount=100, day_count=1, month_count=7)

    assert usual.overridden({"day_amount": 500, "day_count": 0}) == Limits(day_amount=500, day_count=0, month_count=7)
    assert usual.overridden({}) is usual


def test_an_unknown_limit_is_an_error() -> None:
    with pytest.raises(TypeError):
        Limits().overridden({"year_amount": 1})


def test_a_clock_that_goes_back_opens_no_new_day() -> None:
    limits = Limits(day_amount=100)
    usage = paid((100, MIDNIGHT), limits=limits)

    excess = charge(usage, limits, 1, LAST_MINUTE)

    assert isinstance(excess, Excess)
    assert excess.resets_at == MIDNIGHT + timedelta(days=1)


def test_what_was_used_yesterday_is_not_used_today() -> None:
    standing = used(paid((100, NOON)), NOON + timedelta(days=1))

    assert (standing["day"].amount, standing["day"].count) == (0, 0)
    assert (standing["month"].amount, standing["month"].count) == (100, 1)


@given(SOMETIME)
def test_a_period_ends_after_the_instant_and_within_its_length(at: datetime) -> None:
    day, month = used({}, at).values()

    assert timedelta(0) < day.resets_at - at <= timedelta(days=1)
    assert timedelta(0) < month.resets_at - at <= timedelta(days=31)
    # The next period begins where this one ends.
    assert (
        used({}, day.resets_at)["day"].period
        > day.period
        == used({}, day.resets_at - timedelta.resolution)["day"].period
    )


@given(st.lists(st.tuples(st.integers(1, 100), SOMETIME), max_size=30), st.integers(1, 300), st.integers(1, 5))
def test_no_day_ever_pays_more_than_its_limits(payments: list[tuple[int, datetime]], amount: int, count: int) -> None:
    limits = Limits(day_amount=amount, day_count=count)
    usage: dict[str, Any] = {}
    days: dict[str, list[int]] = {}
    for value, at in payments:
        charged = charge(usage, limits, value, at)
        if not isinstance(charged, Excess):
            usage = charged
            days.setdefault(usage["day"], []).append(value)

    assert all(sum(values) <= amount and len(values) <= count for values in days.values())


@given(st.lists(st.tuples(st.integers(1, 100), SOMETIME), max_size=30))
def test_in_order_of_time_the_counts_are_the_payments(payments: list[tuple[int, datetime]]) -> None:
    payments.sort(key=lambda payment: payment[1])
    usage = paid(*payments)

    for name, standing in (used(usage, payments[-1][1]) if payments else {}).items():
        within = [value for value, at in payments if used({}, at)[name].period == standing.period]
        assert (standing.amount, standing.count) == (sum(within), len(within))
