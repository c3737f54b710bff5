"""Neighbours lie within a city, wave, area and language, and go with what was purged, hidden in part or taken back."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback import neighbours
from app.feedback.models import CommentNeighbour
from app.feedback.neighbours import MOST_ALIKE, ComparedText, Likeness
from app.jobs.tasks.compare_suggestions import compare_suggestions
from surveys.models.comments import Comment
from tests.builders.comments import make_comment, take_words_back

SAME = "Просим вернуть маршрут 45 и пустить большие автобусы"
ROOT = Path(__file__).parents[3]


def pairs(database: Database) -> dict[tuple[str, str], float]:
    with database.reading() as session:
        rows = session.execute(select(CommentNeighbour.comment, CommentNeighbour.other, CommentNeighbour.score))
        return {(row.comment[-2:], row.other[-2:]): row.score for row in rows}


@pytest.fixture
def compare(database: Database, clock: FrozenClock, settings: Settings) -> str:
    """Fill a city with what is alike and what is not, and compare it."""
    with database.writing() as session:
        make_comment(session, SAME, number=1)
        make_comment(session, f"{SAME}!!!", number=2)
        make_comment(session, SAME, number=3, city="oral")
        make_comment(session, SAME, number=4, wave="autumn-test")
        make_comment(session, SAME, number=5, area="its")
        make_comment(session, SAME, number=6, lang="kk")
        make_comment(session, SAME, number=7, state="pending")
        make_comment(session, "Совсем другое: свет погас", number=8)
    return compare_suggestions(database, clock, settings.keys)


def test_neighbours_are_of_one_city_wave_area_and_language(database: Database, compare: str) -> None:
    assert compare == "compared 7 suggestions, changed 2 neighbours"
    assert pairs(database) == {("01", "02"): 1.0, ("02", "01"): 1.0}


@pytest.mark.usefixtures("compare")
def test_another_night_changes_nothing(database: Database, clock: FrozenClock, settings: Settings) -> None:
    assert compare_suggestions(database, clock, settings.keys).endswith("changed 0 neighbours")


def purge(session: Session, comment: str) -> None:
    session.execute(update(Comment).where(Comment.id == comment).values(text="", folded=""))


@pytest.mark.usefixtures("compare")
@pytest.mark.parametrize("leave", [take_words_back, purge])
def test_what_has_no_text_any_more_has_no_neighbour(
    database: Database, clock: FrozenClock, settings: Settings, leave: object
) -> None:
    with database.writing() as session:
        leave(session, f"{1:032x}")  # type: ignore[operator]
    assert compare_suggestions(database, clock, settings.keys).endswith("changed 2 neighbours")
    assert pairs(database) == {}


@pytest.mark.parametrize("leave", [take_words_back, purge])
def test_what_was_taken_back_while_it_was_compared_gets_none(database: Database, leave: object) -> None:
    one, other = f"{1:032x}", f"{2:032x}"
    with database.writing() as session:
        for number in (1, 2):
            make_comment(session, SAME, number=number)
    with database.reading() as session:
        ((_group, texts),) = neighbours.texts_by_group(session, "ru").items()
    with database.writing() as session:
        leave(session, other)  # type: ignore[operator]
    with database.writing() as session:
        assert neighbours.keep_neighbours(session, texts, [Likeness(one, other, 1.0)]) == 0
    assert pairs(database) == {}


def test_near_copies_are_all_kept_and_of_the_others_the_most_alike(database: Database) -> None:
    with database.writing() as session:
        ids = [make_comment(session, f"{SAME} {number}", number=number) for number in range(1, 62)]
        texts = [ComparedText(row.id, row.folded) for row in session.scalars(select(Comment))]
        found = [Likeness(ids[0], each, 0.9 if number < 30 else 0.4) for number, each in enumerate(ids[1:])]
        neighbours.keep_neighbours(session, texts, found)
    kept = [score for (one, _other), score in pairs(database).items() if one == "01"]
    assert kept == [0.9] * 30
    with database.writing() as session:
        session.execute(delete(CommentNeighbour))
        weak = [Likeness(ids[0], each, 0.4) for each in ids[1:]]
        neighbours.keep_neighbours(session, texts, weak)
    assert sum(one == "01" for one, _other in pairs(database)) == MOST_ALIKE


def test_pages_that_show_neighbours_load_nothing_that_counts() -> None:
    code = "import sys, app.feedback.neighbours; print({'numpy', 'scipy'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
