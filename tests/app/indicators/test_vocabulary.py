from pathlib import Path

import pytest

from app.indicators.vocabulary import (
    BASES,
    HEADERS,
    NO,
    STATUSES,
    YES,
    Basis,
    SheetColumn,
    Status,
    ValueFlag,
    basis_named,
    column_named,
    sign,
    status_named,
    yes_or_no,
)


@pytest.mark.parametrize("column", SheetColumn)
def test_a_column_is_known_by_its_name_in_three_languages(column: SheetColumn) -> None:
    for name in HEADERS[column]:
        assert column_named(name) is column
        assert column_named(f" {name.upper()} ") is column


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("reported", Status.REPORTED),
        ("not_applicable", Status.NOT_APPLICABLE),
        ("Not applicable", Status.NOT_APPLICABLE),
        ("неприменимо", Status.NOT_APPLICABLE),
        ("Деректер жоқ", Status.MISSING),
        ("maybe", None),
        ("", None),
    ],
)
def test_a_status_is_known_by_its_word(text: str, status: Status | None) -> None:
    assert status_named(text) is status


def test_every_status_is_known_by_its_code_and_by_its_word_in_three_languages() -> None:
    for status, names in STATUSES.items():
        assert {status_named(text) for text in (status.value, *names)} == {status}


def test_every_kind_of_source_is_known_by_its_code_and_by_its_words_in_three_languages() -> None:
    assert basis_named("") is Basis.NONE
    assert basis_named("слухи") is None
    for basis, names in BASES.items():
        assert {basis_named(text) for text in (basis.value, *names, names.ru.upper())} == {basis}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        *((text, True) for text in ("иә", "Иә", "ИӘ", "да", "Да", "yes", "YES", "1", "TRUE", "ИСТИНА", "АҚИҚАТ")),
        *((text, False) for text in ("жоқ", "Жоқ", "нет", "no", "0", "FALSE", "ЛОЖЬ", "ЖАЛҒАН")),
        *((text, None) for text in ("", "-", "0,0", "х", "...", "2", "ja", "жок?", "н", "00", "1.0")),
    ],
)
def test_only_a_clear_word_is_yes_or_no(text: str, answer: bool | None) -> None:
    assert yes_or_no(text) is answer


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("-", ValueFlag.NO_PHENOMENON),
        ("–", ValueFlag.NO_PHENOMENON),
        ("—", ValueFlag.NO_PHENOMENON),
        ("0,0", ValueFlag.NEGLIGIBLE),
        ("х", ValueFlag.CONFIDENTIAL),
        ("X", ValueFlag.CONFIDENTIAL),
        ("...", ValueFlag.NO_DATA),
        ("…", ValueFlag.NO_DATA),
        ("0.0", ValueFlag.NONE),
        ("0", ValueFlag.NONE),
        ("", ValueFlag.NONE),
    ],
)
def test_the_four_signs_of_the_bureau_are_distinguished(text: str, flag: ValueFlag) -> None:
    assert sign(text) is flag


def test_the_manual_names_every_column_and_status_in_three_languages() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text()
    words = {word for names in (*HEADERS.values(), *STATUSES.values(), YES, NO) for word in names} | set(Status)
    assert {word for word in words if f"`{word}`" not in manual} == set()
