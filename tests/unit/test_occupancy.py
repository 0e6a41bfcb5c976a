"""Who takes the next connection: in this process two places of one memory stand for two workers."""

import os
from collections.abc import Callable

import pytest

from paytm.occupancy import Occupancy


@pytest.fixture
def occupancy() -> Occupancy:
    made = Occupancy()
    made.enter(1)
    return made


def in_another(work: Callable[[], None]) -> None:
    """Do something in another process, and wait until it is done."""
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_who_is_alone_takes_everything(occupancy: Occupancy) -> None:
    occupancy.add(5)

    assert not occupancy.is_crowded()


def test_who_has_more_leaves_the_next_one(occupancy: Occupancy) -> None:
    in_another(lambda: occupancy.enter(2))
    assert not occupancy.is_crowded()

    occupancy.add(1)
    assert occupancy.is_crowded()


def test_another_process_catches_up(occupancy: Occupancy) -> None:
    def another() -> None:
        occupancy.enter(2)
        occupancy.add(1)

    occupancy.add(1)
    in_another(another)

    assert not occupancy.is_crowded()


def test_nobody_waits_for_the_dead(occupancy: Occupancy) -> None:
    occupancy.add(1)
    in_another(lambda: occupancy.enter(2))

    occupancy.leave(2)

    assert not occupancy.is_crowded()


def test_who_departed_counts_no_more(occupancy: Occupancy) -> None:
    occupancy.depart()
    occupancy.add(3)

    assert not occupancy.is_crowded()


def test_numbers_come_round(occupancy: Occupancy) -> None:
    in_another(lambda: occupancy.enter(1 + 64 * 3 + 1))
    occupancy.add(1)

    assert occupancy.is_crowded()
