"""The demo's suggestions get the themes that their file names, by persons of the demo."""

from sqlalchemy import func, select

from app.audit.journal import Actor
from app.database import Database
from app.demo.codings import OWN, seed_codings
from app.demo.persons import seed_persons
from app.demo.suggestions import demo_suggestions
from app.feedback.frame import load_frame, store_frame
from app.feedback.models import CityTheme, CommentCode, CommentCoding, CommentGroup, SecondCoding, Theme
from app.feedback.theme_counts import theme_counts, typical_suggestions
from surveys.population.places import store_places
from tests.builders.comments import WAVE, make_comment
from tests.builders.staff import NOW


def test_every_suggestion_of_the_demo_names_a_theme_of_the_frame() -> None:
    assert {each.theme for each in demo_suggestions()} <= {theme.code for theme in load_frame()}


def test_most_of_a_city_is_coded_put_together_and_picked(sqlite: Database) -> None:
    with sqlite.writing() as session:
        store_places(session)
        store_frame(session)
        persons = seed_persons(session, Actor(None, NOW))
        own = [each for each in demo_suggestions() if each.city == "aktau" and each.audience == "resident"]
        for number, each in enumerate(own):
            state = "released" if number % 7 == 0 else "shown"
            make_comment(session, each.stored, number=number, area=each.area, lang=each.lang, state=state)
        made = seed_codings(session, persons, NOW)
        assert 0.8 < made.coded / len(own) < 1
        assert made.groups == session.execute(select(func.count()).select_from(CommentGroup)).scalar_one() > 0
        assert session.scalars(select(Theme.code).where(Theme.city == "aktau", Theme.parent == OWN["aktau"][0])).all()
        counts = theme_counts(session, "aktau", WAVE)
        assert counts[0].told is not None
        picked = typical_suggestions(session, "aktau", WAVE)
        assert set(picked) == set(session.scalars(select(CityTheme.theme)))
        assert len(picked) > 3
        coders = set(session.scalars(select(CommentCode.coder)))
        assert coders == {persons["analyst-aktau"]}
        for row in session.scalars(select(SecondCoding)):
            firsts = session.scalars(select(CommentCoding.coder).where(CommentCoding.comment == row.comment)).all()
            assert row.coder not in firsts
        assert made.second >= 1
