import os
from datetime import date
from pathlib import Path

import pytest

from surveys.ballots import keys

TODAY, YESTERDAY = date(2026, 11, 24), date(2026, 11, 23)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_keys_of_days_are_destroyed_and_those_of_waves_and_envelopes_are_not(tmp_path: Path) -> None:
    keys.create(tmp_path, "2026-11-23")
    keys.write_whole(tmp_path / "00000001.envelope-key")
    for day in (YESTERDAY, TODAY):
        keys.write_whole(tmp_path / f"{day}.day-key")
    (tmp_path / f"{YESTERDAY}.day-key.0123456789abcdef").write_bytes(b"left by a process that was killed")
    kept = ["00000001.envelope-key", "2026-11-23.key"]
    assert keys.erase_day_keys(tmp_path, but=TODAY) == 2
    assert names(tmp_path) == [kept[0], kept[1], "2026-11-24.day-key"]
    assert keys.erase_day_keys(tmp_path) == 1
    assert names(tmp_path) == kept


def test_what_is_destroyed_is_overwritten_first(tmp_path: Path) -> None:
    key = keys.day_key(tmp_path, YESTERDAY)
    (tmp_path / "another name").hardlink_to(tmp_path / f"{YESTERDAY}.day-key")
    keys.erase_day_keys(tmp_path)
    assert (tmp_path / "another name").read_bytes() != key


def test_a_new_key_outlives_a_power_cut_by_its_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    for make in (lambda: keys.create(tmp_path, "w"), lambda: keys.write_whole(tmp_path / "00000001.envelope-key")):
        synced.clear()
        make()
        assert synced[-1] == str(tmp_path)
