"""Taking turns among processes, each of which has a lock of its own on one file."""

import stat
import threading
from pathlib import Path

import pytest

from paytm.ledger.turn import Turn


def test_one_at_a_time(tmp_path: Path) -> None:
    mine, theirs = Turn(tmp_path / "turn"), Turn(tmp_path / "turn")
    order: list[str] = []
    started = threading.Event()

    def other() -> None:
        started.set()
        with theirs.taken():
            order.append("theirs")

    with mine.taken():
        thread = threading.Thread(target=other)
        thread.start()
        assert started.wait(10)
        thread.join(0.05)
        order.append("mine")
    thread.join(10)

    assert order == ["mine", "theirs"]


def test_a_turn_is_passed_on_after_an_error(tmp_path: Path) -> None:
    mine, theirs = Turn(tmp_path / "turn"), Turn(tmp_path / "turn")

    with pytest.raises(ValueError, match="boom"), mine.taken():
        raise ValueError("boom")

    with theirs.taken():
        pass


def test_a_turn_can_be_taken_again(tmp_path: Path) -> None:
    turn = Turn(tmp_path / "turn")

    for _ in range(3):
        with turn.taken():
            pass


def test_the_file_is_made_in_a_folder_of_its_own(tmp_path: Path) -> None:
    with Turn(tmp_path / "data" / "turn").taken():
        assert stat.S_IMODE((tmp_path / "data" / "turn").stat().st_mode) == 0o600


def test_nothing_is_opened_before_the_first_turn(tmp_path: Path) -> None:
    Turn(tmp_path / "data" / "turn")

    assert not (tmp_path / "data").exists()


def test_without_a_file_to_lock_one_goes_on_alone(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")

    with Turn(tmp_path / "data" / "turn").taken():
        pass
