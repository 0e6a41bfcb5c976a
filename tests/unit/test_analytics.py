"""Days of time zones, and reports that are made once."""

import threading
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from paytm.analytics import period
from paytm.analytics.period import Period
from paytm.analytics.shelf import Report, Shelf
from paytm.analytics.sums import Sum
from tests.concurrency.together import at_once

HOUR = timedelta(hours=1)


def hours(zone: str, day: date) -> list[float]:
    """Return how long a day is, with the one before and the one behind it."""
    around = Period(start=day - timedelta(days=1), end=day + timedelta(days=1), zone=ZoneInfo(zone))
    return [(end - begin) / HOUR for begin, end in pairwise(around.instants())]


@pytest.mark.parametrize(
    ("zone", "day", "length"),
    [
        ("Asia/Kolkata", date(2027, 3, 14), 24),
        ("America/New_York", date(2027, 3, 14), 23),
        ("America/New_York", date(2027, 11, 7), 25),
        ("Australia/Lord_Howe", date(2027, 4, 4), 24.5),
        ("Australia/Lord_Howe", date(2027, 10, 3), 23.5),
        # Its midnight does not exist, and in autumn there are two.
        ("America/Havana", date(2027, 3, 14), 23),
        ("America/Havana", date(2027, 11, 7), 25),
        # Nobody there had this day.
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_clocks_say(zone: str, day: date, length: float) -> None:
    assert hours(zone, day) == [24, length, 24]


def test_days_begin_at_midnight_where_they_are() -> None:
    wanted = Period(start=date(2027, 1, 1), end=date(2027, 1, 1), zone=ZoneInfo("Asia/Kathmandu"))

    assert wanted.instants() == [datetime(2026, 12, 31, 18, 15, tzinfo=UTC), datetime(2027, 1, 1, 18, 15, tzinfo=UTC)]


def test_the_period_before_is_as_long_and_ends_where_it_begins() -> None:
    before = Period(start=date(2027, 3, 1), end=date(2027, 3, 31), zone=ZoneInfo("UTC")).before

    assert (before.start, before.end, len(before.days)) == (date(2027, 1, 29), date(2027, 2, 28), 31)


def test_offsets_of_all_time_zones_are_quarters_of_an_hour() -> None:
    middays = [datetime(year, month, 1, 12) for year in (2000, 2027, 2050) for month in (1, 7)]
    offsets = {midday.replace(tzinfo=ZoneInfo(zone)).utcoffset() for zone in period.zones() for midday in middays}

    assert len(offsets) > 30
    assert [offset for offset in offsets if offset % timedelta(minutes=15)] == []


@pytest.mark.parametrize(
    ("transactions", "moved", "average"),
    [(0, 0, 0), (3, 10, 3), (3, 11, 4), (2, 5, 2), (2, 7, 4), (4, 10**18 + 2, 250000000000000000)],
)
def test_an_average_is_rounded_half_to_even(transactions: int, moved: int, average: int) -> None:
    assert Sum(transactions, moved, 0).average == average


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(Flask("shelf"), "")


def test_a_report_that_many_ask_for_is_made_once(shelf: Shelf) -> None:
    made, begun = [], threading.Barrier(8, timeout=20)

    def make() -> Report:
        made.append(1)
        return {"a": 1}

    def ask(_: int) -> tuple[Report, bool]:
        begun.wait()
        return shelf.report("key", "1", make)

    assert {report["a"] for report, _ in at_once(8, ask)} == {1}
    assert len(made) == 1


def test_those_who_wait_for_one_that_fails_are_told_and_the_next_one_tries_again(shelf: Shelf) -> None:
    failing, waiting = threading.Event(), threading.Event()

    def fail() -> Report:
        failing.set()
        assert waiting.wait(20)
        raise LookupError

    def ask(number: int) -> str:
        if number:
            assert failing.wait(20)
            waiting.set()
        with pytest.raises(LookupError):
            shelf.report("key", "1", fail)
        return "told"

    assert at_once(2, ask) == ["told"] * 2
    assert shelf.report("key", "1", lambda: {"a": 1}) == ({"a": 1}, False)


def test_what_is_kept_is_good_for_its_version_alone(shelf: Shelf) -> None:
    asked = [("1", 1), ("1", 2), ("2", 3), ("1", 4)]

    found = [shelf.report("key", version, lambda value=value: {"a": value}) for version, value in asked]

    assert found == [({"a": 1}, False), ({"a": 1}, True), ({"a": 3}, False), ({"a": 4}, False)]


def test_of_many_reports_those_of_long_ago_are_forgotten(shelf: Shelf) -> None:
    for number in range(300):
        shelf.report(f"key {number}", "1", lambda: {"a": 1})

    assert [shelf.report(f"key {number}", "1", lambda: {"a": 2})[1] for number in (0, 299)] == [False, True]
