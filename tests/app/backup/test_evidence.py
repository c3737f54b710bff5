"""Copies of files of evidence."""

from pathlib import Path

import pytest

from app.backup import evidence
from app.backup.evidence import copy_evidence
from app.backup.folder import BackupError
from app.indicators.evidence_files import check_file, file_of, read_bytes, store_bytes, store_content
from tests.builders.papers import make_pdf

FILES = tuple(check_file(f"{number}.pdf", make_pdf(f"No {number}")) for number in range(3))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for file in FILES:
        store_bytes(tmp_path / "source", file)
    return tmp_path / "source"


def contents(folder: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_lacking_is_copied_and_nothing_twice(source: Path, tmp_path: Path) -> None:
    assert [copy_evidence(source, tmp_path / "copies") for _ in range(2)] == [3, 0]
    assert contents(tmp_path / "copies") == contents(source)


def test_a_copy_that_was_lost_is_made_again_and_none_goes_with_the_original(source: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copy_evidence(source, copies)
    file_of(copies, FILES[0].sha256).unlink()
    file_of(source, FILES[1].sha256).unlink()
    assert copy_evidence(source, copies) == 1
    assert len(contents(copies)) == 3


def test_what_a_crash_left_half_written_is_no_evidence(source: Path, tmp_path: Path) -> None:
    place = file_of(source, FILES[0].sha256)
    place.with_name(f"{place.name}.0123456789abcdef").write_bytes(b"half")
    assert copy_evidence(source, tmp_path / "copies") == 3
    assert len(contents(tmp_path / "copies")) == 3


def test_a_damaged_file_is_told_and_the_others_are_copied(source: Path, tmp_path: Path) -> None:
    file_of(source, FILES[0].sha256).write_bytes(b"damaged")
    with pytest.raises(BackupError, match=FILES[0].sha256[:12]):
        copy_evidence(source, tmp_path / "copies")
    assert len(contents(tmp_path / "copies")) == 2


def test_a_country_without_evidence_has_nothing_to_copy(tmp_path: Path) -> None:
    assert copy_evidence(tmp_path / "nowhere", tmp_path / "copies") == 0


def test_a_file_that_is_removed_meanwhile_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The nightly job removes files that nothing names (app.indicators.orphans)."""
    source, target = tmp_path / "source", tmp_path / "target"
    store_content(source, "a" * 64, b"x")

    def removed(folder: Path, digest: str) -> bytes:
        file_of(folder, digest).unlink()
        return read_bytes(folder, digest)

    monkeypatch.setattr(evidence, "read_bytes", removed)
    assert copy_evidence(source, target) == 0
