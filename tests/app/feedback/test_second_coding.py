"""A second person codes by lot, without seeing what the first one said; how far they agree."""

from fractions import Fraction
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import RoleGrant
from app.clock import FrozenClock
from app.config import Settings
from app.database import Database
from app.feedback.coding import add_theme, said_of, set_themes
from app.feedback.models import CommentCoding, SecondCoding
from app.feedback.second_coding import (
    Said,
    ThemeAgreement,
    agreement_on,
    coded_twice,
    draw,
    themes_above,
)
from app.feedback.theme_counts import coded_pairs
from app.feedback.themes import list_themes, make_city_theme, merge_themes
from app.jobs.tasks.draw_second_codings import draw_second_codings
from surveys.models.comments import Comment
from tests.builders.comments import WAVE
from tests.builders.staff import CITY, NOW, make_staff
from tests.builders.themes import HEATING, WASTE, WATER, by, code, draw_for, make_coded, make_coders, name, themes_of


def drawn(session: Session) -> dict[str, int]:
    return {row.comment: row.coder for row in session.scalars(select(SecondCoding))}


def pairs_of(session: Session, viewer: int | None) -> set[tuple[str, str]]:
    pairs = coded_pairs(viewer)
    return {(row.comment, row.theme) for row in session.execute(select(pairs.c.comment, pairs.c.theme))}


def test_five_of_a_hundred_are_drawn_for_somebody_else_and_no_suggestion_twice(database: Database) -> None:
    with database.writing() as session:
        one, two, three = make_coders(session, 3)
        make_coded(session, one, range(40), HEATING)
        make_coded(session, two, range(40, 80), HEATING)
        assert draw(session, by(None), Random(1)) == 4
        for comment, coder in drawn(session).items():
            first = session.scalars(select(CommentCoding.coder).where(CommentCoding.comment == comment)).all()
            assert coder not in first
        assert draw(session, by(None), Random(1)) == 0
        code(session, one, next(iter(drawn(session))), WATER)
        assert draw(session, by(None), Random(1)) == 0, "coded again is not coded anew"
        assert three


def test_small_numbers_come_to_five_of_a_hundred_in_the_long_run(database: Database) -> None:
    with database.writing() as session:
        one, _two = make_coders(session)
        chance, found = Random(7), 0
        for start in range(0, 300, 3):
            make_coded(session, one, range(start, start + 3), HEATING)
            found += draw(session, by(None), chance)
        assert 6 <= found <= 26  # 15 on average; a fixed seed keeps it the same


def test_who_codes_alone_in_a_city_has_no_second(database: Database) -> None:
    with database.writing() as session:
        (one,) = make_coders(session, 1)
        make_staff(session, "analyst", "almaty")
        make_coded(session, one, range(40), HEATING)
        assert draw(session, by(None), Random(1)) == 0


def test_before_saying_theirs_the_second_sees_the_suggestion_as_not_coded(database: Database) -> None:
    with database.writing() as session:
        one, two, three = make_coders(session, 3)
        (comment,) = make_coded(session, one, [1], HEATING)
        code(session, one, comment, HEATING, kind="complaint")
        draw_for(session, comment, two)
        assert said_of(session, [comment], two)[comment] == Said((), None)
        assert pairs_of(session, two) == set()
        for viewer in (one, three, None):
            assert said_of(session, [comment], viewer)[comment] == Said((HEATING,), "complaint")
            assert pairs_of(session, viewer) == {(comment, HEATING)}
        code(session, two, comment, WATER)
        assert said_of(session, [comment], two)[comment] == Said((HEATING,), "complaint")
        assert pairs_of(session, two) == {(comment, HEATING)}


def test_what_the_second_says_is_kept_beside_and_the_first_counts(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        (comment,) = make_coded(session, one, [1], HEATING)
        version = session.get_one(Comment, comment).version
        draw_for(session, comment, two)
        set_themes(session, by(two), comment, [WATER, WASTE], "question", version=99)  # an older page tells nothing
        assert themes_of(session, comment) == [HEATING]
        assert session.get_one(Comment, comment).version == version
        (row,) = coded_twice(session, "hcs", CITY, WAVE)
        assert (row.first, row.second) == (Said((HEATING,), None), Said((WASTE, WATER), "question"))
        assert row.text == "Текст 1"
        code(session, two, comment, WATER)
        assert themes_of(session, comment) == [WATER], "now they may change it as everybody may"


def test_what_is_said_of_many_is_a_second_word_where_one_was_asked_for(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        ids = make_coded(session, one, range(2), HEATING)
        draw_for(session, ids[0], two)
        assert add_theme(session, by(two), ids, WATER, None, bulk="b") == {}
        assert [themes_of(session, each) for each in ids] == [[HEATING], [HEATING, WATER]]
        assert session.get_one(SecondCoding, ids[0]).themes == WATER


def test_who_may_code_there_no_longer_is_relieved_and_what_is_hidden_is_dropped(database: Database) -> None:
    with database.writing() as session:
        one, two, three = make_coders(session, 3)
        kept, hidden = make_coded(session, one, range(2), HEATING)
        for each in (kept, hidden):
            draw_for(session, each, two)
        session.get_one(Comment, hidden).state = "hidden"
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.staff == two)):
            grant.revoked = True
        session.flush()
        draw(session, by(None), Random(1))
        assert drawn(session) == {kept: three}


def test_kappa_of_a_theme_equals_a_table_worked_by_hand() -> None:
    # 25 suggestions: both 10, first alone 2, second alone 3, neither 10. p_o = 20/25, p_e = (12*13 + 13*12)/625.
    agreement = ThemeAgreement(10, 2, 3, 10)
    assert agreement.agreed == Fraction(4, 5)
    assert agreement.kappa == (Fraction(20, 25) - Fraction(312, 625)) / (1 - Fraction(312, 625))
    assert not agreement.is_unclear
    assert ThemeAgreement(5, 5, 5, 10).is_unclear
    assert ThemeAgreement(9, 0, 0, 10).kappa is None, "fewer than twenty"
    assert ThemeAgreement(0, 0, 0, 30).kappa is None, "chance explains all"
    assert ThemeAgreement(0, 0, 0, 0).agreed is None


def test_agreement_counts_a_citys_own_theme_and_a_merged_one_for_what_stands_above(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session)
        own = make_city_theme(session, by(one), CITY, HEATING, name("Boiler")).code
        said = {0: ([HEATING], [own]), 1: ([own], [WATER]), 2: ([WASTE], [WATER]), 3: ([WATER], [WATER])}
        for number, (first, second) in said.items():
            (comment,) = make_coded(session, one, [number], *first)
            draw_for(session, comment, two)
            code(session, two, comment, *second)
        merge_themes(session, by(one), WASTE, WATER)
        above = themes_above(list_themes(session, CITY))
        twice = coded_twice(session, "hcs", CITY, WAVE)
        assert agreement_on(HEATING, twice, above) == ThemeAgreement(1, 1, 0, 2)
        assert agreement_on(WATER, twice, above) == ThemeAgreement(2, 0, 1, 1)
        assert agreement_on(own, twice, above) == ThemeAgreement(0, 1, 1, 2)


def test_the_job_draws_and_says_how_many(database: Database, settings: Settings) -> None:
    with database.writing() as session:
        one, _two = make_coders(session)
        make_coded(session, one, range(40), HEATING)
    assert draw_second_codings(database, FrozenClock(NOW), settings.keys) == "2 suggestions for a second coder"


def test_text_of_other_cities_is_not_read(database: Database) -> None:
    with database.writing() as session:
        one, two = make_coders(session, 2, "almaty")
        (comment,) = make_coded(session, one, [1], HEATING, city="almaty")
        draw_for(session, comment, two)
        code(session, two, comment, WATER)
        assert [row.text for row in coded_twice(session, "hcs", CITY, WAVE)] == [None]
