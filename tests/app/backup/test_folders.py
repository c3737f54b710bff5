"""Attacks on folders of copies: names that are not meant for them."""

from pathlib import Path

import pytest

from app.backup.folder import BackupError, open_folder


def test_a_folder_of_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    other = tmp_path / "srv"
    other.mkdir(mode=0o755)
    (other / "index.html").touch()
    with pytest.raises(BackupError):
        open_folder(other)
    assert other.stat().st_mode & 0o777 == 0o755


def test_a_folder_with_keys_is_refused_before_anything_of_it_is_changed(tmp_path: Path) -> None:
    other = tmp_path / "keys"
    other.mkdir(mode=0o750)
    (other / "w.key").touch()
    with pytest.raises(BackupError):
        open_folder(other)
    assert other.stat().st_mode & 0o777 == 0o750


def test_no_copies_are_made_inside_a_folder_of_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "w.key").touch()
    with pytest.raises(BackupError):
        open_folder(tmp_path / "keys" / "copies")
