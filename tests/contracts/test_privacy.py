"""Who took part and what was said never meet: read off the schema itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Date, DateTime, Table

from app.models import metadata
from surveys.db import UtcDateTime

IDENTITY = ("participation", "access_code")
VOICE = ("response", "spent_ballot", "envelope", "comment", "follow_answer", "tally")
SHARED_NOTHING_BUT = {"wave", "city", "day"}
"""Columns both sides may have in common: none of them points at a person."""


def reachable(start: Table) -> set[str]:
    """Every table that foreign keys lead to from a table, in either direction, wave and city left out."""
    hubs = {"wave", "city", "questionnaire_version", "wave_city"}
    reached, waiting = {start.name}, [start]
    while waiting:
        table = waiting.pop()
        for neighbour in neighbours(table):
            if neighbour.name not in reached | hubs:
                reached.add(neighbour.name)
                waiting.append(neighbour)
    return reached


def neighbours(table: Table) -> Iterator[Table]:
    yield from (key.column.table for key in table.foreign_keys)
    yield from (other for other in metadata.tables.values() if any(k.column.table is table for k in other.foreign_keys))


def keyish(table: Table) -> set[str]:
    return {column.name for column in table.columns} - SHARED_NOTHING_BUT


@pytest.mark.parametrize("identity", IDENTITY)
def test_no_foreign_key_leads_from_a_person_to_a_voice(identity: str) -> None:
    assert reachable(metadata.tables[identity]) & set(VOICE) == set()


@pytest.mark.parametrize("identity", IDENTITY)
@pytest.mark.parametrize("voice", VOICE)
def test_the_two_sides_share_no_key(identity: str, voice: str) -> None:
    assert keyish(metadata.tables[identity]) & keyish(metadata.tables[voice]) == set()


SHARED_BY_WORDS = {
    "id": "drawn at random for each of the two, and for a suggestion when it is filed, not when it comes",
    "wave": "a suggestion is read wave by wave",
    "city": "it is about a city; fewer than five answers of a city and language are never filed together",
    "lang": "it is read in its language, which anybody can see from the text itself",
    "folded": "of a suggestion its text as search compares it, of an answer whether it is counted",
    "version": "of a suggestion how often the desk changed it, of an answer its questionnaire: never the same value",
}
"""Columns that a suggestion and an answer both have, and why each may."""


def test_a_comment_shares_with_an_answer_only_what_it_cannot_do_without() -> None:
    shared = set(metadata.tables["comment"].columns.keys()) & set(metadata.tables["response"].columns.keys())
    assert shared == SHARED_BY_WORDS.keys()


def test_a_comment_says_no_more_of_when_it_was_written_than_a_month() -> None:
    columns = metadata.tables["comment"].columns
    days = [column.name for column in columns if isinstance(column.type, Date | DateTime | UtcDateTime)]
    assert days == ["released_on"]  # with others of its city, at one of the desk's rounds
    assert columns["month"].type.length == len("2027-03")


def test_a_comment_carries_no_response_id() -> None:
    assert {key.column.table.name for key in metadata.tables["comment"].foreign_keys} & {"response"} == set()
    assert "response" not in metadata.tables["comment"].columns


def test_an_envelope_says_nothing_but_that_it_is_there() -> None:
    assert set(metadata.tables["envelope"].columns.keys()) == {"id", "sealed"}
    assert reachable(metadata.tables["envelope"]) == {"envelope"}


def test_participation_says_neither_when_nor_where() -> None:
    # In a small town city and day together would be one person, and one answer.
    assert set(metadata.tables["participation"].columns.keys()) == {"wave", "contact_hash"}


def test_a_counted_receipt_leads_to_no_answer() -> None:
    assert reachable(metadata.tables["counted_receipt"]) & {*VOICE, *IDENTITY} == set()
    assert set(metadata.tables["counted_receipt"].columns.keys()) == {"wave", "receipt"}


OPERATORS = ("operator_pass", "operator_day")


@pytest.mark.parametrize("name", OPERATORS)
def test_what_is_kept_of_operators_leads_to_no_answer(name: str) -> None:
    table = metadata.tables[name]
    assert reachable(table) & {*VOICE, *IDENTITY, "counted_receipt"} == set()
    shared = {voice: keyish(table) & keyish(metadata.tables[voice]) - {"channel"} for voice in VOICE}
    assert {voice: columns for voice, columns in shared.items() if columns} == {}


def test_of_an_operators_day_a_number_is_kept_and_nothing_else() -> None:
    assert set(metadata.tables["operator_day"].columns.keys()) == {"wave", "day", "operator_pass", "forms"}


@pytest.mark.parametrize("name", IDENTITY + VOICE + OPERATORS)
def test_no_column_is_finer_than_a_day(name: str) -> None:
    fine: list[Column[object]] = [
        c for c in metadata.tables[name].columns if isinstance(c.type, DateTime | UtcDateTime)
    ]
    assert fine == []


@pytest.mark.parametrize("name", ["response", "comment", "envelope"])
def test_voices_have_random_ids(name: str) -> None:
    (key,) = metadata.tables[name].primary_key.columns
    assert key.autoincrement is not True
    assert key.type.python_type is not int


@pytest.mark.parametrize(
    "name",
    ["response", "spent_ballot", "participation", "access_code", "counted_receipt", "comment", "envelope", *OPERATORS],
)
def test_sqlite_keeps_no_order_of_arrival(name: str) -> None:
    assert metadata.tables[name].dialect_options["sqlite"]["with_rowid"] is False


def test_no_code_of_staff_reads_the_marks_of_codes() -> None:
    """ADR 36: staff come from no suggestion to its code; only the pages of its holder read the mark."""
    root = Path(__file__).parents[2]
    reads = {
        str(path.relative_to(root))
        for folder in ("app", "surveys")
        for path in (root / folder).rglob("*")
        if path.suffix in {".py", ".html", ".js"} and "follow_hash" in path.read_text(encoding="utf-8")
    }
    assert reads == {"app/feedback/following.py", "surveys/models/comments.py", "surveys/responses/filing.py"}
