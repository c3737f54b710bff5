"""The demo's suggestions: enough of them, as people write, in places and weeks where there is something to do."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.clock import FrozenClock
from app.database import Database
from app.demo.suggestions import (
    WEEKS,
    DemoSuggestion,
    demo_suggestions,
    seed_neighbours,
    seed_suggestions,
    themes_by_text,
)
from surveys.authoring.yaml_source import load, shipped
from surveys.models.comments import Comment
from surveys.population.places import load_places
from surveys.questionnaire.redaction import MASK
from tests.builders.country import WAVES

STAFFED = ("aktau", "karaganda", "shymkent")


@pytest.fixture(scope="module")
def lines() -> tuple[DemoSuggestion, ...]:
    return demo_suggestions()


def test_there_are_enough_in_three_languages_and_most_in_the_cities_with_staff(
    lines: tuple[DemoSuggestion, ...],
) -> None:
    langs, cities = Counter(line.lang for line in lines), Counter(line.city for line in lines)
    assert len(lines) >= 750
    assert langs["kk"] >= 0.4 * len(lines)
    assert set(langs) == {"kk", "ru", "en"}
    assert set(cities) == {city.code for city in load_places().cities}
    assert min(cities[city] for city in STAFFED) > 5 * max(n for city, n in cities.items() if city not in STAFFED)
    largest = Counter((line.city, line.theme) for line in lines).most_common(3)
    assert {city for (city, _theme), _n in largest} == set(STAFFED), "each has a theme that one reply answers"
    assert min(n for _key, n in largest) >= 40


def test_areas_are_those_of_the_questionnaires_and_texts_fit(lines: tuple[DemoSuggestion, ...]) -> None:
    areas = {questionnaire.audience: questionnaire.areas for questionnaire in map(load, shipped())}
    assert [line for line in lines if line.area not in areas[line.audience]] == []
    assert [line for line in lines if not 0 < len(line.stored) <= 500] == []
    assert max(len(line.text) for line in lines) > 400
    assert len(themes_by_text()) == len(lines), "a stored text leads to one theme"


def test_they_are_written_as_people_write(lines: tuple[DemoSuggestion, ...]) -> None:
    kazakh = [line.text for line in lines if line.lang == "kk"]
    assert sum(not set("әғқңөұүһі") & set(text.lower()) for text in kazakh) >= 40, "without Kazakh letters"
    assert sum(text.isascii() for text in kazakh) >= 5, "in Latin letters"
    assert sum(MASK in line.stored for line in lines) >= 5, "with what names a person"
    campaigns = Counter(line.campaign for line in lines if line.campaign)
    assert len(campaigns) == 3
    assert min(campaigns.values()) > 10


@pytest.mark.usefixtures("country")
def test_they_are_filed_and_handed_over_week_by_week(database: Database, clock: FrozenClock) -> None:
    today = clock.today()
    with database.writing() as session:
        filed = seed_suggestions(session, Path("no keys are needed"), WAVES, today)
    with database.reading() as session:
        rows = session.scalars(select(Comment)).all()
    assert filed == len(rows) == len(demo_suggestions())
    assert {row.text for row in rows} == set(themes_by_text())
    days = {row.released_on for row in rows if row.released_on}
    assert len(days) == WEEKS
    assert {day.weekday() for day in days} == {0}, "rounds are held on Mondays"
    overdue = [row for row in rows if row.released_on and row.released_on < today - timedelta(days=22)]
    assert {row.city for row in overdue} >= set(STAFFED)
    assert 0 < sum(row.state == "pending" for row in rows) < 60
    assert {row.state for row in rows} == {"pending", "released"}
    with database.writing() as session:
        assert seed_neighbours(session) > 300, "campaigns are seen on the first day"
        assert seed_neighbours(session) == 0
