"""What is taken as a file of evidence, what is refused and why, and how bytes lie on the disk."""

import os
from pathlib import Path

import pytest

from app.indicators.evidence_errors import EvidenceCode, EvidenceError
from app.indicators.evidence_files import (
    LARGEST_FILE,
    LONGEST_NAME,
    MediaType,
    check_file,
    file_of,
    read_bytes,
    store_bytes,
)
from tests.builders.indicators import with_part
from tests.builders.papers import CSV, HTML, JPEG, SVG, make_archive, make_jpeg, make_pdf, make_png, make_workbook

PDF, PNG, XLSX = make_pdf(), make_png(), make_workbook()


def _hidden(picture: bytes) -> bytes:
    """Put the size of another picture into a comment before the frame, and filling before each mark."""
    small = make_jpeg(1, 1)
    comment = b"\xff\xfe" + (len(small) + 2).to_bytes(2) + small
    return picture[:2] + b"\xff\xff" + comment + b"\0\0" + picture[2:]


def refusal(name: str, content: bytes) -> EvidenceCode:
    with pytest.raises(EvidenceError) as error:
        check_file(name, content)
    return error.value.code


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Қаулы № 5.pdf", PDF, MediaType.PDF),
        ("photo.PNG", PNG, MediaType.PNG),
        ("photo.jpg", JPEG, MediaType.JPEG),
        ("photo.jpeg", JPEG, MediaType.JPEG),
        ("кесте.xlsx", XLSX, MediaType.XLSX),
        ("кесте.csv", CSV, MediaType.CSV),
        ("a4-600.png", make_png(4960, 7016), MediaType.PNG),
        ("a4-600.jpg", make_jpeg(4960, 7016), MediaType.JPEG),
        ("old.csv", "қала;мәні\nАлматы;61,5\n".encode("kz1048"), MediaType.CSV),
    ],
)
def test_five_kinds_are_taken(name: str, content: bytes, kind: MediaType) -> None:
    assert check_file(name, content) == (name, content, kind)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("page.pdf", HTML, EvidenceCode.UNKNOWN_KIND),
        ("page.html", HTML, EvidenceCode.UNKNOWN_KIND),
        ("page.csv", HTML, EvidenceCode.UNKNOWN_KIND),
        ("page.csv", b"a;b\n" + HTML, EvidenceCode.UNKNOWN_KIND),
        ("drawing.svg", SVG, EvidenceCode.UNKNOWN_KIND),
        ("drawing.png", SVG, EvidenceCode.UNKNOWN_KIND),
        ("picture.pdf", PNG, EvidenceCode.OTHER_KIND),
        ("table.pdf", CSV, EvidenceCode.OTHER_KIND),
        ("archive.xlsx", make_archive(x=b"x"), EvidenceCode.UNKNOWN_KIND),
        ("macros.xlsx", with_part(XLSX, "xl/vbaProject.bin", b"x"), EvidenceCode.UNKNOWN_KIND),
        ("bomb.xlsx", with_part(XLSX, "xl/media/x.bin", bytes(17_000_000)), EvidenceCode.SUSPICIOUS_ARCHIVE),
        ("both.pdf", PDF + make_archive(x=b"x"), EvidenceCode.TWO_KINDS),
        ("both.png", PNG + make_archive(x=b"x"), EvidenceCode.TWO_KINDS),
        ("both.xlsx", make_archive(**{"%PDF-1.4": b"x"}), EvidenceCode.TWO_KINDS),
        ("both.jpg", b"\xff\xd8\xff" + PDF + b"\xff\xd9", EvidenceCode.TWO_KINDS),
        ("cut.pdf", PDF[:-10], EvidenceCode.BROKEN_FILE),
        ("cut.png", PNG[:40], EvidenceCode.BROKEN_FILE),
        ("cut.jpg", JPEG[:-2], EvidenceCode.BROKEN_FILE),
        ("bomb.png", make_png(30_000, 30_000), EvidenceCode.TOO_MANY_POINTS),
        ("bomb.jpg", make_jpeg(65_000, 65_000), EvidenceCode.TOO_MANY_POINTS),
        ("bomb.jpg", _hidden(make_jpeg(65_000, 65_000)), EvidenceCode.TOO_MANY_POINTS),
        ("none.png", make_png(0, 7), EvidenceCode.BROKEN_FILE),
        ("none.jpg", make_jpeg(7, 0), EvidenceCode.BROKEN_FILE),
        ("head.png", PNG[:16] + b"IEND", EvidenceCode.BROKEN_FILE),
        ("marks.jpg", b"\xff\xd8\xff\xe0" + b"\xff\x01" * 4_000_000 + b"\xff\xd9", EvidenceCode.BROKEN_FILE),
        ("cut.xlsx", XLSX[:-40], EvidenceCode.BROKEN_FILE),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, EvidenceCode.ENCRYPTED),
        ("program.csv", b"\x7fELF;\0", EvidenceCode.UNKNOWN_KIND),
        ("nothing", PDF, EvidenceCode.UNKNOWN_KIND),
        ("empty.pdf", b"", EvidenceCode.EMPTY_FILE),
        ("big.pdf", PDF + b" " * 11_000_000, EvidenceCode.TOO_BIG),
        ("../x.pdf", PDF, EvidenceCode.NAME),
        ("C:\\Users\\Aigerim\\x.pdf", PDF, EvidenceCode.NAME),
        ("x\u202efdp.pdf", PDF, EvidenceCode.NAME),
        ("x\0.pdf", PDF, EvidenceCode.NAME),
        ("x\r\ny.pdf", PDF, EvidenceCode.NAME),
        ("", PDF, EvidenceCode.NAME),
        ("..", PDF, EvidenceCode.NAME),
    ],
)
def test_all_else_is_refused_and_told_why(name: str, content: bytes, code: EvidenceCode) -> None:
    assert refusal(name, content) is code


def test_ten_megabytes_are_taken() -> None:
    content = PDF + b" " * (LARGEST_FILE - len(PDF))
    assert check_file("big.pdf", content).content is content


def test_a_long_name_keeps_its_ending() -> None:
    name = check_file(f"{'қ' * 300}.pdf", PDF).name
    assert len(name) == LONGEST_NAME
    assert name.endswith("қ.pdf")


def test_bytes_lie_once_under_their_digest_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    file = check_file("a.pdf", PDF)
    store_bytes(folder, file)
    (only,) = (path for path in folder.rglob("*") if path.is_file())
    assert only == folder / file.sha256[:2] / file.sha256 == file_of(folder, file.sha256)
    assert read_bytes(folder, file.sha256) == PDF
    assert {path.stat().st_mode & 0o077 for path in (folder, only.parent, only)} == {0}


def test_what_lies_there_is_never_written_again(tmp_path: Path) -> None:
    file = check_file("a.pdf", PDF)
    store_bytes(tmp_path, file)
    place = file_of(tmp_path, file.sha256)
    place.write_bytes(b"as it lies there")
    number = place.stat().st_ino
    store_bytes(tmp_path, check_file("b.pdf", PDF))
    assert (place.read_bytes(), place.stat().st_ino) == (b"as it lies there", number)


def test_bytes_that_changed_are_not_given_as_evidence(tmp_path: Path) -> None:
    file = check_file("a.pdf", PDF)
    store_bytes(tmp_path, file)
    file_of(tmp_path, file.sha256).write_bytes(PDF + b"x")
    with pytest.raises(EvidenceError) as error:
        read_bytes(tmp_path, file.sha256)
    assert error.value.code is EvidenceCode.DAMAGED
    with pytest.raises(EvidenceError):
        read_bytes(tmp_path, "0" * 64)


def test_the_bytes_and_their_name_are_on_the_disk_before_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    file = check_file("a.pdf", PDF)
    store_bytes(tmp_path, file)
    place = file_of(tmp_path, file.sha256)
    assert synced[0] == str(tmp_path)
    assert synced[1].startswith(str(place)), "the content"
    assert synced[-1] == str(place.parent), "and then its name"
