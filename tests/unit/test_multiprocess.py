"""The folder in which the processes of a server count together."""

import os
from pathlib import Path

import pytest

from paytm.ops import multiprocess


def _in_another(root: Path) -> Path:
    """Prepare the folder of a server that is dead then."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(sender, os.fsencode(multiprocess.prepare(root)))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    return Path(os.fsdecode(os.read(receiver, 4096)))


def test_a_server_begins_with_an_empty_folder_of_its_own(tmp_path: Path) -> None:
    folders = {multiprocess.prepare(tmp_path / "metrics") for _ in range(3)}

    assert len(folders) == 3
    assert {folder.parent for folder in folders} == {tmp_path / "metrics"}
    assert [list(folder.iterdir()) for folder in folders] == [[], [], []]


def test_the_folder_of_a_dead_server_is_removed_and_that_of_another_one_stays(tmp_path: Path) -> None:
    dead, living = _in_another(tmp_path), multiprocess.prepare(tmp_path)
    (living / "counter_1.db").touch()
    dead.mkdir(exist_ok=True)
    (dead / "counter_2.db").touch()

    multiprocess.prepare(tmp_path)

    assert not dead.exists()
    assert (living / "counter_1.db").exists()


def test_a_dead_process_takes_its_state_along_and_leaves_what_it_counted(tmp_path: Path) -> None:
    for name in ("counter_7.db", "gauge_livesum_7.db", "gauge_livesum_77.db"):
        (tmp_path / name).touch()

    multiprocess.forget(tmp_path, 7)

    assert {file.name for file in tmp_path.iterdir()} == {"counter_7.db", "gauge_livesum_77.db"}


def test_a_full_disk_has_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocess, "_ROOM_BYTES", 2**63)

    with pytest.raises(OSError, match="No space left"):
        multiprocess.prepare(tmp_path / "metrics")
