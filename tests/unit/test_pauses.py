"""How long to wait before the next attempt, and between two deliveries."""

import pytest

from paytm.notify.deliveries import MOST_ATTEMPTS, pause
from paytm.notify.relay import Pace


def _longest(low: float, high: float) -> float:
    assert low == 0
    return high


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 10), (2, 20), (3, 40), (8, 1280), (12, 20480), (13, 21600)])
def test_the_longest_pause_doubles_up_to_six_hours(attempts: int, seconds: int) -> None:
    assert pause(attempts, uniform=_longest) == seconds


def test_a_pause_is_any_part_of_that() -> None:
    assert pause(3, uniform=lambda low, high: low) == 0
    pauses = {pause(3) for _ in range(200)}
    assert len(pauses) > 150
    assert all(0 <= seconds <= 40 for seconds in pauses)
    assert max(pauses) - min(pauses) > 20


def test_attempts_go_on_for_more_than_a_day_at_most() -> None:
    total = sum(pause(attempt, uniform=_longest) for attempt in range(1, MOST_ATTEMPTS))

    assert 20 * 3600 < total < 48 * 3600


def test_deliveries_are_spaced_out() -> None:
    pace = Pace(per_second=20)

    assert [round(pace.delay(100.0), 6) for _ in range(3)] == [0, 0.05, 0.1]
    assert pace.delay(200.0) == 0
